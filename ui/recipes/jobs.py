"""Asking a worker for something, and waiting for it without holding up the page."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any, Final

import streamlit as st

from softmax_core.errors import UserError
from softmax_core.service import WorkerDiedError, shared_engine
from ui import state
from ui.words import _

_LOG: Final = logging.getLogger(__name__)
_LOOK_EVERY: Final = 0.25  # seconds


def ask(name: str, about: object, function: Callable[..., Any], *args: object) -> None:
    """Have a worker call a function; what was asked under this name before is forgotten."""
    future = shared_engine().compute(function, *args)
    state.remember_job(name, state.Job(future, about, time.monotonic()))


def answer_ui(name: str, doing: str) -> Any:
    """Return what was worked out; show that it is being done, or why it could not be.

    Parameters
    ----------
    name : str
    doing : str
        What to say meanwhile.

    Returns
    -------
    object
        None while there is nothing.
    """
    job = state.job(name)
    if job is None:
        return None
    if not job.future.done():
        _waiting_ui(name, doing)
        return None
    try:
        return job.future.result()
    except UserError as error:
        st.warning(error.text)
    except (CancelledError, WorkerDiedError):
        st.warning(_("This was interrupted. Nothing else was lost: ask for it again."))
    except Exception:
        _LOG.exception("A worker could not work out %r.", name)
        st.warning(_("This could not be worked out. Nothing else was lost: ask for it again."))
    return None


@st.fragment(run_every=_LOOK_EVERY)
def _waiting_ui(name: str, doing: str) -> None:
    """Tell how long it has taken; the whole page is drawn again when it is done."""
    job = state.job(name)
    if job is None or job.future.done():
        st.rerun()
    seconds = time.monotonic() - job.started
    st.info(
        _("{doing} {seconds:.1f} s").format(doing=doing, seconds=seconds),
        icon=":material/hourglass_top:",
    )
