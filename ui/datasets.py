"""The data sets a page may offer, what it calls them, and why one cannot be had."""

from __future__ import annotations

from pathlib import Path

from softmax_core.data.catalogue import DATASETS, FOLDER_PREFIX
from softmax_core.data.places import own_folders
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.persist import SavedRun
from ui.words import _


def dataset_names() -> list[str]:
    """Return the catalogue's names and those of the folders beside them, if any."""
    return [*DATASETS, *own_folders()]


def dataset_title(name: str) -> str:
    """Return what the page calls a data set; none is opened for it, for one may be damaged."""
    return DATASETS[name].title if name in DATASETS else public_name(name)


def public_name(name: str) -> str:
    """Return the name as an address may carry it: a folder's own name, not its path."""
    return Path(name.removeprefix(FOLDER_PREFIX)).name if name not in DATASETS else name


def name_to_save(name: str) -> str:
    """Return the name as a saved run may carry it: ``folder:NAME`` for a folder of one's own."""
    return name if name in DATASETS else FOLDER_PREFIX + public_name(name)


def find_dataset(public: str) -> str | None:
    """Return the data set of this public name, as an address or a saved run has it, or None."""
    for name in dataset_names():
        if public in (public_name(name), name_to_save(name)):
            return name
    return None


def dataset_of_run(saved: SavedRun) -> str:
    """Return the run's data set as it is called here.

    Raises
    ------
    UserError
        When it is not here (a file must never name a folder to open) or has another shape.
    """
    name = saved.config.dataset
    found = name if name in dataset_names() else find_dataset(name)
    if found is None:
        raise UserError(
            "load-dataset",
            _("This run was trained on a folder that is not open here. Nothing was changed."),
        )
    info = open_dataset(found).info
    shape = (info.n_features, info.n_classes)
    if (saved.n_features, saved.n_classes) != shape:
        raise UserError(
            "load-shape",
            _(
                "This run reads {have[0]:,} pixels in {have[1]} classes; its data set has "
                "{want[0]:,} pixels in {want[1]} classes. Nothing was changed."
            ).format(have=(saved.n_features, saved.n_classes), want=shape),
        )
    return found


def is_missing(error: UserError) -> bool:
    """Tell whether a data set cannot be had only because it was never downloaded."""
    return error.code == "data-missing"


def why_not_opened(error: UserError, name: str, instead: str) -> str:
    """Say why a data set cannot be had, what to do on this page, and which one serves."""
    reason = error.text
    if is_missing(error):  # the core's words are for the terminal
        reason = _(
            "{title} is not on this computer yet: open the page Data and press Download."
        ).format(title=dataset_title(name))
    serves = _("Training goes on with {title}.").format(title=dataset_title(instead))
    return f"{reason} {serves}"
