"""The browser components of the live view, registered once, mounted by the pages."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import streamlit as st

from softmax_core.limits import CANVAS_SIDE, INK_SIDE, MAX_KEPT_RUNS
from softmax_core.service import Session, shared_engine
from ui.live.routes import STATIC_VERSION
from ui.live.stub import component
from ui.why.words import why_words


class TestPictures(NamedTuple):
    """Pictures of the test set to choose from."""

    chosen: int  # the one the model reads, among indices
    indices: list[int]  # in the test set
    names: list[str]  # their true classes
    image_shape: tuple[int, int]
    pixels: bytes  # one picture after the other


# Shows nothing: asking for frames is what tells the engine that somebody is there.
_HEARTBEAT: Final = """
export default function (component) {
  const of = (name) => import(new URL(`lab/static/%s/${name}.js`, document.baseURI).href);
  let forget = null, ended = false;
  of("menu").then(({ closeMenuOnChoice }) => closeMenuOnChoice());
  of("frames").then(({ subscribe }) => {
    if (!ended) forget = subscribe(component.data.token, () => {});
  });
  return () => { ended = true; if (forget) forget(); };
}
"""


_live = component("live")
_pictures = component("pictures")
_reader = component("reader")
_picker = component("picker")
_regions = component("regions")
_animator = component("animator")
_shelf = component("shelf")
_why = component("why")
_mistakes = component("mistakes")
_heartbeat = st.components.v2.component("softmax_lab_heartbeat", js=_HEARTBEAT % STATIC_VERSION)


def live_view(
    session: Session,
    *,
    running: bool,
    on_settled: Callable[[], None],
    kept: Mapping[int, str] | None = None,
    on_keep: Callable[[], None] | None = None,
) -> None:
    """Mount the counters and curves.

    Parameters
    ----------
    session : Session
    running : bool
        What the buttons on the page say; the live view tells when it is true no longer.
    on_settled : callable
        Called when a run has ended by itself, went back, or another step has come to be shown.
    kept : mapping of int to str, optional
        What the runs that stay on the chart are called, by their serial numbers.
    on_keep : callable, optional
        Called when the run is to stay on the chart, which is not offered without.
    """
    told = {} if on_keep is None else {"on_keep_change": on_keep}
    _live(
        key="live",
        # The version calls the component again after every action, and it looks at once.
        data={
            "token": session.token,
            "running": running,
            "version": session.version,
            "pinned": shared_engine().pinned_step(session),
            "can_keep": on_keep is not None,
            "kept": [{"serial": serial, "name": name} for serial, name in (kept or {}).items()],
            "most_kept": MAX_KEPT_RUNS,
        },
        on_settled_change=on_settled,
        on_gone_change=on_settled,
        **told,
    )


def heartbeat(session: Session) -> None:
    """Keep a run going from a page that shows nothing of it."""
    _heartbeat(key="heartbeat", data={"token": session.token})


def weight_pictures(session: Session) -> None:
    """Mount the picture of learned weights per class."""
    _pictures(key="pictures", data={"token": session.token})


def regions_view(session: Session) -> None:
    """Mount the picture of points in the plane and which class the model chooses where."""
    _regions(key="regions", data={"token": session.token})


def epoch_animator(session: Session) -> None:
    """Mount the three lines that grow by a point with every epoch."""
    _animator(key="animator", data={"token": session.token})


def reader(session: Session, taught_before: Mapping[str, float] | None = None) -> None:
    """Mount what the model sees and its probabilities.

    Parameters
    ----------
    session : Session
    taught_before : mapping of str to float, optional
        How likely the class of each drawing that was added had been before, by its name.
    """
    data = {
        "token": session.token,
        "canvas_side": CANVAS_SIDE,
        "ink_side": INK_SIDE,
        "taught_before": dict(taught_before or {}),
    }
    _reader(key="reader", data=data)


def taught_shelf(
    session: Session, before: Mapping[str, float], *, key: str, on_removed: Callable[[], None]
) -> None:
    """Mount the drawings that were added to the training pictures.

    Parameters
    ----------
    session : Session
    before : mapping of str to float
        As ``taught_before`` of ``reader``.
    key : str
        Under which what it tells is found.
    on_removed : callable
        Called when one is to be taken out; its name is what the component told as ``removed``.
    """
    data = {"token": session.token, "taught_before": dict(before)}
    _shelf(key=key, data=data, on_removed_change=on_removed)


def why_view(session: Session, section: str) -> None:
    """Mount what explains the reading: one section of the page Why?."""
    data = {
        "token": session.token,
        "version": session.version,
        "section": section,
        "words": why_words(),
    }
    _why(key="why_view", data=data)


def mistakes_view(session: Session, section: str, *, running: bool) -> bool:
    """Mount what the model gets wrong: one section of the page Mistakes.

    Returns
    -------
    bool
        Whether it was just asked why a picture, which the model reads now, is read as it is.
    """
    shown = _mistakes(
        key="mistakes",
        data={
            "token": session.token,
            "running": running,
            # As in the live view: the component is called again after every action.
            "version": session.version,
            "section": section,
        },
        on_why_change=_nothing,
        on_settled_change=_nothing,
        on_gone_change=_nothing,
    )
    return shown.why is not None


def test_picture_picker(session: Session, pictures: TestPictures) -> None:
    """Mount a grid of test pictures; a click shows one to the model."""
    data = {
        "token": session.token,
        # The version calls the component again after every action, to mark what is read now.
        "version": session.version,
        "chosen": pictures.chosen,
        "indices": pictures.indices,
        "names": pictures.names,
        "image_shape": list(pictures.image_shape),
        "pixels": base64.b64encode(pictures.pixels).decode("ascii"),
    }
    _picker(key="picker", data=data)


def _nothing() -> None:
    """Do nothing: the rerun that follows is what was asked for."""
