"""W.npy and b.npy on the page: two downloads of one step, and two uploads to go on from."""

from __future__ import annotations

import threading
from dataclasses import replace

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import Session, shared_engine
from softmax_core.training import TrainingConfig, TrainingState
from softmax_core.weights_npy import (
    B_FILE,
    W_FILE,
    WEIGHTS_NETWORK,
    check_network,
    read_weights,
    write_weights,
)
from ui.words import _


class WeightsPair:
    """Both files as downloads that belong together, while the run goes on.

    Whoever takes W.npy and then b.npy gets weights of the same step; to take the same file
    again is to ask for those that are on screen by then.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._files: dict[str, bytes] = {}  # those not taken yet
        self._lock = threading.Lock()

    def take(self, name: str) -> bytes:
        """Return a file's content."""
        with self._lock:
            if name not in self._files:
                view = shared_engine().view(self._session)
                check_network(view.config)
                self._files = write_weights(view.shown.params)
            return self._files.pop(name)


def chosen_pair(names: list[str]) -> tuple[int, int] | None:
    """Find W.npy and b.npy among files by their names; None while one of them is missing.

    A browser may have named them "W (1).npy" or "w.npy": the first letter decides.

    Raises
    ------
    UserError
        If a name begins with neither letter.
    """
    places = {name[:1].upper(): i for i, name in enumerate(names)}
    if not places.keys() <= {"W", "B"}:
        raise UserError(
            "weights-names",
            _("Name the two files {W} and {b}; the first letter tells them apart. {end}").format(
                W=W_FILE, b=B_FILE, end=_("Nothing was changed.")
            ),
        )
    return (places["W"], places["B"]) if len(places) == 2 else None


def load_weights(session: Session, W: bytes, b: bytes) -> TrainingConfig:
    """Go on from these weights, at step 0 and with the present settings; return those.

    Raises
    ------
    UserError
        When the files cannot be read or do not fit the data set; nothing is changed.
    """
    params = read_weights(W, b)
    config = replace(session.config, network=WEIGHTS_NETWORK, bias="all")
    info = open_dataset(config.dataset).info
    if params["W"].shape != (info.n_features, info.n_classes):
        raise UserError(
            "weights-dataset",
            _(
                "These weights read {have[0]:,} numbers in {have[1]} classes; {title} has "
                "{want[0]:,} in {want[1]}. Choose the data set they belong to and add the files "
                "again. Nothing was changed."
            ).format(
                have=params["W"].shape, title=info.title, want=(info.n_features, info.n_classes)
            ),
        )
    shared_engine().load(session, config, TrainingState(params))
    return config


def what_was_loaded(config: TrainingConfig) -> str:
    """Say in a sentence what became of the two files."""
    info = open_dataset(config.dataset).info
    return _(
        "Loaded {W} ({rows:,} × {columns}) and {b}: softmax regression on {title}, from step 0 "
        "with the settings you see. Press Train to go on."
    ).format(W=W_FILE, b=B_FILE, rows=info.n_features, columns=info.n_classes, title=info.title)
