"""The Data page: what each data set is, its pictures, and how to get it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.data.catalogue import DATASETS
from softmax_core.data.dataset import DatasetInfo
from softmax_core.data.fetch_job import start_fetch
from softmax_core.data.store import open_dataset, store_notice
from softmax_core.errors import UserError
from ui import state
from ui.dataset_figures import Picture, dataset_figures
from ui.datasets import dataset_names, dataset_title, is_missing, public_name
from ui.words import _, long_text

_PICKER_WIDTH: Final = 420  # pixels; less where the page is narrower
_MEGABYTES: Final = {"mnist": 12, "fashion-mnist": 31}  # of the published archives


def data_page() -> None:
    """Show one data set at a time; the run and the drawing stay as they are."""
    session = state.current_session()
    state.canvas_is_gone()
    names = dataset_names()
    st.markdown(long_text("data"))
    present = session.config.dataset if session.config.dataset in names else names[0]
    name = st.selectbox(
        _("Data set"),
        names,
        format_func=dataset_title,
        key=state.begin(state.SHOWN_DATASET, present),
        width=_PICKER_WIDTH,
    )
    _dataset_ui(name)
    notice = store_notice()
    if notice:
        st.info(notice)


def _dataset_ui(name: str) -> None:
    """Describe and show a data set; what cannot be opened is offered or explained."""
    try:
        info = open_dataset(name).info
    except UserError as error:
        if name in DATASETS:
            _facts_ui(DATASETS[name])
        if is_missing(error):
            _fetch_ui(name)
        else:
            st.warning(error.text)
    else:
        _facts_ui(info)
        _figures_ui(name)


def _facts_ui(info: DatasetInfo) -> None:
    rows, columns = info.image_shape
    st.markdown(info.description)
    text = _(
        "**{train:,}** training pictures · **{test:,}** test pictures · "
        "**{rows} × {columns}** pixels · **{classes}** classes"
    )
    if info.kind == "points":
        text = _(
            "**{train:,}** training points · **{test:,}** test points · "
            "**{columns}** numbers each · **{classes}** classes"
        )
    st.markdown(
        text.format(
            train=info.n_train,
            test=info.n_test,
            rows=rows,
            columns=columns,
            classes=info.n_classes,
        )
    )
    st.caption(
        _("Source: {source}. Licence: {licence}. Name in the terminal: {name}.").format(
            source=info.source, licence=info.licence, name=public_name(info.name)
        )
    )


def _figures_ui(name: str) -> None:
    dark = st.context.theme.type == "dark"
    with st.spinner(_("Drawing …")):
        figures = dataset_figures(name, dark)
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        _picture_ui(figures.main)
    with right:
        for picture in figures.beside:
            _picture_ui(picture)


def _picture_ui(picture: Picture) -> None:
    st.image(picture.png, width="stretch")
    st.caption(picture.summary)


def _fetch_ui(name: str) -> None:
    """Offer the download, and show how far it is; the page goes on working meanwhile."""
    job = state.fetch_job(name)
    if job is None:
        _offer_ui(name)
    elif job.state == "running":
        _progress_ui(name)
    elif job.state == "done":  # just now: look at the data set again
        state.remember_fetch_job(name, None)
        st.rerun()
    else:
        st.warning(job.message)
        st.button(_("Try again"), on_click=_start, args=(name,))


@st.fragment(run_every=0.5)
def _progress_ui(name: str) -> None:
    """Show a running download; on the page, and so asked for, only while there is one."""
    job = state.fetch_job(name)
    if job is None or job.state != "running":
        st.rerun()
    done, total = job.progress
    share = min(done / total, 1.0) if total else 0.0
    st.progress(share, _("Downloading: {share:.0%}").format(share=share))
    st.button(_("Cancel"), on_click=job.cancel)


def _offer_ui(name: str) -> None:
    st.info(
        _(
            "{title} is not on this computer yet. It can be downloaded once (about {size} MB); "
            "until then the embedded digits serve."
        ).format(title=dataset_title(name), size=_MEGABYTES.get(name, "?"))
    )
    st.button(_("Download"), type="primary", on_click=_start, args=(name,))


def _start(name: str) -> None:
    state.remember_fetch_job(name, start_fetch(name))
