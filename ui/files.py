"""Saving and loading runs, and taking curves and weights home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain import class_weights
from softmax_core.figures import PRINT, figure_bytes, weights_figure
from softmax_core.figures.runs import run_figure
from softmax_core.figures.sentence import sentence_figure
from softmax_core.limits import MAX_UPLOADS
from softmax_core.persist import check_numbers, check_savable, read_run, write_run
from softmax_core.service import Session, View, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.start import build_network
from softmax_core.training.table import history_csv
from softmax_core.training.train import without_stop
from softmax_core.weights_npy import B_FILE, W_FILE, WEIGHTS_NETWORK
from ui import state
from ui.datasets import dataset_of_run, name_to_save
from ui.live.seen import without_seen_test
from ui.live.story import tell
from ui.setting_widgets import show_settings
from ui.state import Said, Upload
from ui.weights_files import WeightsPair, chosen_pair, load_weights, what_was_loaded
from ui.whole import whole
from ui.words import _


def files_ui(session: Session) -> None:
    """Show what can be saved and where a saved run is loaded."""
    with st.popover(_("Save and load"), icon=":material/save:", width="stretch"):
        _save_ui(session)
        # Beside what it speaks of: at the top of the page it would move everything, and below
        # the files it may be out of sight.
        said = state.said_of_upload()
        if said is not None:
            (st.success if said.loaded else st.warning)(said.text)
        st.file_uploader(
            _("Load a run, or W.npy and b.npy"),
            type=["npz", "npy"],
            accept_multiple_files=True,
            key=state.UPLOAD,
            max_upload_size=2,
            help=_(
                "A run that was saved here, or weights alone: W.npy has a row for each pixel and a "
                "column for each class, b.npy a number for each class, both saved with np.save."
            ),
            on_change=whole(_load),
            args=(session,),
        )


def _save_ui(session: Session) -> None:
    downloads: list[tuple[str, str, Callable[[], str | bytes]]] = [
        (_("Curves (PNG)"), "curves.png", lambda: _curves(session, "png")),
        (_("Curves (SVG)"), "curves.svg", lambda: _curves(session, "svg")),
        (_("Weights (PNG)"), "weights.png", lambda: _weights(session, "png")),
        (_("Weights (SVG)"), "weights.svg", lambda: _weights(session, "svg")),
        (_("History (CSV)"), "history.csv", lambda: _history(session)),
    ]
    view = shared_engine().view(session)
    if view.pinned:
        text = _("Run and weights are those of step {step:,}, which is on screen.")
        st.caption(text.format(step=view.shown.step))
    refusal = _why_not_savable(view)
    if refusal is None:
        downloads.insert(0, (_("Save run"), "run.npz", lambda: _run(session)))
        if session.config.network == WEIGHTS_NETWORK:
            pair = state.kept(f"{state.WEIGHTS}{session.token}", lambda: WeightsPair(session))
            downloads += [(name, name, partial(pair.take, name)) for name in (W_FILE, B_FILE)]
    else:
        st.caption(refusal)
    with st.container(horizontal=True, gap="small"):
        for label, name, content in downloads:
            # Made when asked for: nothing is drawn for the many who only look.
            st.download_button(label, content, name, on_click="ignore", key=f"save_{name}")


def _why_not_savable(view: View) -> str | None:
    """Say why a run would be refused, before it is asked for: a download cannot say it."""
    config = _config_to_save(view.shown_config)
    try:
        info = open_dataset(view.config.dataset).info
        check_savable(config, info.n_features, info.n_classes)
        check_numbers(view.shown)  # its weights may have run away
    except UserError as error:
        return error.text
    return None


def _config_to_save(config: TrainingConfig) -> TrainingConfig:
    """Name a folder of one's own without its path, which is nobody else's business."""
    return replace(config, dataset=name_to_save(config.dataset))


def _run(session: Session) -> bytes:
    view = shared_engine().view(session)
    return write_run(_config_to_save(view.shown_config), without_stop(view.shown))


def _curves(session: Session, kind: Literal["png", "svg"]) -> bytes:
    view = without_seen_test(shared_engine().view(session))
    figure = run_figure(view.curve, view.evaluations, view.marks, PRINT)
    return figure_bytes(sentence_figure(figure, tell(view).text, theme=PRINT), kind)


def _weights(session: Session, kind: Literal["png", "svg"]) -> bytes:
    view = shared_engine().view(session)
    dataset = open_dataset(view.config.dataset)
    info = dataset.info
    n_features = dataset.train_images.shape[1]
    network = build_network(view.config, n_features, len(info.class_names))
    W = class_weights(network, view.shown.params)
    figure = weights_figure(
        W, info.image_shape, info.class_names, theme=PRINT, step=view.shown.step
    )
    return figure_bytes(figure, kind)


def _history(session: Session) -> str:
    view = without_seen_test(shared_engine().view(session))
    return history_csv(view.curve, view.evaluations)


def _load(session: Session) -> None:
    """Make what can be made of the files that are new in the uploader."""
    uploads = state.unread_uploads()
    if not uploads:  # one was taken out of it
        return
    try:
        loaded = _loaded(session, uploads)
    except UserError as error:
        state.say_of_upload(Said(False, error.text))
    else:
        if loaded is None:
            text = _("Now add the other of the two files: {W} and {b} belong together.")
            state.say_of_upload(Said(False, text.format(W=W_FILE, b=B_FILE)))
            return
        config, text = loaded
        show_settings(config)
        state.remember_recipe(None)
        state.say_of_upload(Said(True, text))
    state.uploads_are_read()


def _loaded(session: Session, uploads: list[Upload]) -> tuple[TrainingConfig, str] | None:
    """Swap a run or weights in once all is checked; None while one of the two files is missing.

    Raises
    ------
    UserError
        When anything is wrong; nothing is changed then.
    """
    if len(uploads) > MAX_UPLOADS:
        text = _("At most {n} new files can be read at once. Take some out. Nothing was changed.")
        raise UserError("load-many", text.format(n=MAX_UPLOADS))
    names = [upload.name for upload in uploads]
    if not any(name.lower().endswith(".npy") for name in names):
        return _load_run(session, uploads[-1].content)
    if not all(name.lower().endswith(".npy") for name in names):
        raise UserError(
            "load-both",
            _("Add a saved run, or W.npy and b.npy, and not both at once. Nothing was changed."),
        )
    pair = chosen_pair(names)
    if pair is None:
        return None
    config = load_weights(session, *(uploads[i].content for i in pair))
    return config, what_was_loaded(config)


def _load_run(session: Session, data: bytes) -> tuple[TrainingConfig, str]:
    saved = read_run(data)
    config = replace(saved.config, dataset=dataset_of_run(saved))
    shared_engine().load(session, config, saved.state)
    text = _("Loaded a run of {steps:,} steps. Press Train to go on.")
    return config, text.format(steps=saved.state.step)
