"""The Data page: what each data set is, its pictures, and how to get it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.data.dataset import DatasetInfo
from softmax_core.data.fetch_job import FetchJob, start_fetch
from softmax_core.data.store import is_available, store_notice
from softmax_core.errors import UserError
from ui.dataset_figures import Picture, dataset_figures
from ui.datasets import dataset_names, info_of, public_name
from ui.state import canvas_is_gone, current_session
from ui.words import _, long_text

_CHOSEN: Final = "data_page_dataset"
_MEGABYTES: Final = {"mnist": 12, "fashion-mnist": 31}  # of the published archives


def data_page() -> None:
    """Show one data set at a time; the run and the drawing stay as they are."""
    session = current_session()
    canvas_is_gone()
    names = dataset_names()
    st.markdown(long_text("data"))
    present = session.config.dataset if session.config.dataset in names else names[0]
    name = st.segmented_control(
        _("Data set"),
        names,
        default=present,
        required=True,
        format_func=lambda choice: info_of(choice).title,
        key=_CHOSEN,
    )
    info = info_of(name or present)
    _facts_ui(info)
    if is_available(info.name):
        _figures_ui(info)
    else:
        _fetch_ui(info)
    notice = store_notice()
    if notice:
        st.info(notice)


def _facts_ui(info: DatasetInfo) -> None:
    rows, columns = info.image_shape
    st.markdown(info.description)
    st.markdown(
        _(
            "**{train:,}** training pictures · **{test:,}** test pictures · "
            "**{rows} × {columns}** pixels · **{classes}** classes"
        ).format(
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


def _figures_ui(info: DatasetInfo) -> None:
    dark = st.context.theme.type == "dark"
    try:
        with st.spinner(_("Drawing the pictures …")):
            figures = dataset_figures(info.name, dark)
    except UserError as error:
        st.warning(error.text)
        return
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        _picture_ui(figures.gallery)
    with right:
        _picture_ui(figures.means)
        _picture_ui(figures.counts)


def _picture_ui(picture: Picture) -> None:
    st.image(picture.png, width="stretch")
    st.caption(picture.summary)


@st.fragment(run_every=0.5)
def _fetch_ui(info: DatasetInfo) -> None:
    """Offer the download, and show how far it is; the page goes on working meanwhile."""
    job: FetchJob | None = st.session_state.get(_job_key(info))
    if job is None:
        _offer_ui(info)
    elif job.state == "running":
        done, total = job.progress
        share = min(done / total, 1.0) if total else 0.0
        st.progress(share, _("Downloading: {share:.0%}").format(share=share))
        st.button(_("Cancel"), on_click=job.cancel)
    elif job.state == "done":
        del st.session_state[_job_key(info)]
        st.rerun()
    else:
        st.warning(job.message)
        st.button(_("Try again"), on_click=_start, args=(info,))


def _offer_ui(info: DatasetInfo) -> None:
    st.info(
        _(
            "{title} is not on this computer yet. It can be downloaded once (about {size} MB); "
            "until then the embedded digits serve."
        ).format(title=info.title, size=_MEGABYTES.get(info.name, "?"))
    )
    st.button(_("Download"), type="primary", on_click=_start, args=(info,))


def _start(info: DatasetInfo) -> None:
    st.session_state[_job_key(info)] = start_fetch(info.name)


def _job_key(info: DatasetInfo) -> str:
    return f"fetch_{info.name}"
