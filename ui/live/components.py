"""The browser components of the live view, registered once, mounted by the pages.

Each is a stub that imports its module from our own route: the browser keeps it, and a
rerun of the page sends a few bytes instead of the whole script.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import streamlit as st

from softmax_core.limits import CANVAS_SIDE, INK_SIDE
from softmax_core.service import Session
from ui.live.routes import STATIC_VERSION


class TestPictures(NamedTuple):
    """Pictures of the test set to choose from."""

    chosen: int  # the one the model reads, among indices
    indices: list[int]  # in the test set
    names: list[str]  # their true classes
    image_shape: tuple[int, int]
    pixels: bytes  # one picture after the other


_STUB: Final = """
export default function (component) {
  const address = new URL("lab/static/%s/%s.js", document.baseURI).href;
  let cleanup = null, ended = false;
  import(address).then((module) => {
    if (!ended) cleanup = module.default(component);
  });
  return () => { ended = true; if (cleanup) cleanup(); };
}
"""

# Shows nothing: asking for frames is what tells the engine that somebody is there.
_HEARTBEAT: Final = """
export default function (component) {
  const address = new URL("lab/static/%s/frames.js", document.baseURI).href;
  let forget = null, ended = false;
  import(address).then(({ subscribe }) => {
    if (!ended) forget = subscribe(component.data.token, () => {});
  });
  return () => { ended = true; if (forget) forget(); };
}
"""


def _component(name: str) -> Callable[..., Any]:
    stub = _STUB % (STATIC_VERSION, name)
    # Their elements stay in the page itself, where tests and screen readers look.
    return st.components.v2.component(f"softmax_lab_{name}", js=stub, isolate_styles=False)


_live = _component("live")
_pictures = _component("pictures")
_reader = _component("reader")
_picker = _component("picker")
_regions = _component("regions")
_animator = _component("animator")
_heartbeat = st.components.v2.component("softmax_lab_heartbeat", js=_HEARTBEAT % STATIC_VERSION)


def live_view(session: Session, *, running: bool, on_settled: Callable[[], None]) -> None:
    """Mount the counters and curves.

    Parameters
    ----------
    session : Session
    running : bool
        What the buttons on the page say; the live view tells when it is true no longer.
    on_settled : callable
        Called when a run has ended by itself.
    """
    _live(
        key="live",
        # The version calls the component again after every action, and it looks at once.
        data={
            "token": session.token,
            "running": running,
            "version": session.version,
        },
        on_settled_change=on_settled,
        on_gone_change=on_settled,
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


def reader(session: Session) -> None:
    """Mount what the model sees and its probabilities."""
    data = {"token": session.token, "canvas_side": CANVAS_SIDE, "ink_side": INK_SIDE}
    _reader(key="reader", data=data)


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
