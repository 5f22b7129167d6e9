"""Saving and loading runs, and taking curves and weights home."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain import class_weights
from softmax_core.figures import PRINT, figure_bytes, weights_figure
from softmax_core.figures.runs import run_figure
from softmax_core.persist import SavedRun, read_run, write_run
from softmax_core.service import Session, shared_engine
from softmax_core.training.start import build_network
from softmax_core.training.table import history_csv
from softmax_core.training.train import without_stop
from ui.datasets import dataset_names
from ui.settings import show_settings
from ui.words import _

_UPLOAD: Final = "upload"
_SAID: Final = "upload_said"


class _Said(NamedTuple):
    """What became of the last file."""

    loaded: bool
    text: str


def files_ui(session: Session) -> None:
    """Show what can be saved and where a saved run is loaded."""
    with st.popover(_("Save and load"), icon=":material/save:", width="stretch"):
        _save_ui(session)
        st.file_uploader(
            _("Load run"),
            type="npz",
            key=_UPLOAD,
            max_upload_size=2,
            on_change=_load,
            args=(session,),
        )
        # Below what it speaks of; at the top of the page it would move everything.
        said = st.session_state.get(_SAID)
        if said is not None and st.session_state.get(_UPLOAD) is not None:
            (st.success if said.loaded else st.warning)(said.text)


def _save_ui(session: Session) -> None:
    downloads = (
        (_("Save run"), "run.npz", lambda: _run(session)),
        (_("Curves (PNG)"), "curves.png", lambda: _curves(session, "png")),
        (_("Curves (SVG)"), "curves.svg", lambda: _curves(session, "svg")),
        (_("Weights (PNG)"), "weights.png", lambda: _weights(session, "png")),
        (_("Weights (SVG)"), "weights.svg", lambda: _weights(session, "svg")),
        (_("History (CSV)"), "history.csv", lambda: _history(session)),
    )
    with st.container(horizontal=True, gap="small"):
        for label, name, content in downloads:
            # Made when asked for: nothing is drawn for the many who only look.
            st.download_button(label, content, name, on_click="ignore", key=f"save_{name}")


def _run(session: Session) -> bytes:
    view = shared_engine().view(session)
    return write_run(view.config, without_stop(view.state))


def _curves(session: Session, kind: Literal["png", "svg"]) -> bytes:
    view = shared_engine().view(session)
    return figure_bytes(run_figure(view.curve, view.evaluations, view.marks, PRINT), kind)


def _weights(session: Session, kind: Literal["png", "svg"]) -> bytes:
    view = shared_engine().view(session)
    dataset = open_dataset(view.config.dataset)
    info = dataset.info
    n_features = dataset.train_images.shape[1]
    network = build_network(view.config, n_features, len(info.class_names))
    W = class_weights(network, view.state.params)
    return figure_bytes(weights_figure(W, info.image_shape, info.class_names, theme=PRINT), kind)


def _history(session: Session) -> str:
    view = shared_engine().view(session)
    return history_csv(view.curve, view.evaluations)


def _load(session: Session) -> None:
    """Swap the uploaded run in once all of it is checked; anything wrong changes nothing."""
    uploaded = st.session_state.get(_UPLOAD)
    if uploaded is None:
        return
    try:
        saved = read_run(uploaded.getvalue())
        _check_fits(saved)
        shared_engine().load(session, saved.config, saved.state)
    except UserError as error:
        st.session_state[_SAID] = _Said(False, error.text)
        return
    show_settings(saved.config)
    text = _("Loaded a run of {steps:,} steps. Press Train to go on.")
    st.session_state[_SAID] = _Said(True, text.format(steps=saved.state.step))


def _check_fits(saved: SavedRun) -> None:
    """Refuse a run whose data set is not here: a file must never name a folder to open."""
    name = saved.config.dataset
    if name not in dataset_names():
        raise UserError(
            "load-dataset",
            _("This run was trained on a folder that is not open here. Nothing was changed."),
        )
    dataset = open_dataset(name)
    shape = (dataset.train_images.shape[1], len(dataset.info.class_names))
    if (saved.n_features, saved.n_classes) != shape:
        raise UserError(
            "load-shape",
            _(
                "This run reads {have[0]:,} pixels in {have[1]} classes; its data set has "
                "{want[0]:,} pixels in {want[1]} classes. Nothing was changed."
            ).format(have=(saved.n_features, saved.n_classes), want=shape),
        )
