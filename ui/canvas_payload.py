"""What the canvas in the browser sends: a picture and its strokes, checked before they are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol

from softmax_core.data.dataset import Bytes
from softmax_core.data.ink import canvas_to_ink
from softmax_core.data.pictures import decode_canvas_png
from softmax_core.errors import UserError
from softmax_core.limits import CANVAS_SIDE, MAX_STROKES, MAX_STROKES_BYTES
from ui.words import _

Strokes = dict[str, Any]

_OBJECTS: Final = "objects"


class Sent(Protocol):
    """What the canvas component returns."""

    @property
    def json_data(self) -> Any: ...  # noqa: D102 -- the strokes as JSON has them

    @property
    def image_bytes(self) -> bytes | None: ...  # noqa: D102 -- the picture as a PNG file


class Drawn(NamedTuple):
    """A picture and the strokes it was drawn with."""

    ink: Bytes | None  # (INK_SIDE, INK_SIDE); None of an empty canvas
    strokes: Strokes | None


def sent_by(canvas: Callable[[], Sent]) -> tuple[Sent, bytes | None]:
    """Show the canvas; return what it has sent, and the PNG file in it if there is one.

    Raises
    ------
    UserError
        ``canvas-payload`` for what is no picture at all, such as a text without base64 in it.
    """
    try:
        sent = canvas()
        return sent, sent.image_bytes
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        # The component is on the page by then; it takes what a browser answers on trust.
        raise _no_drawing() from fault


def read_drawing(image: bytes, strokes: object) -> Drawn:
    """Check both parts of a drawing before either is kept.

    Raises
    ------
    UserError
        With one sentence; the last good drawing is still there.
    """
    ink = canvas_to_ink(decode_canvas_png(image, CANVAS_SIDE))
    return Drawn(ink if ink.any() else None, read_strokes(strokes))


def read_strokes(data: object) -> Strokes | None:
    """Return strokes as the canvas takes them back; None where there are none.

    Raises
    ------
    UserError
        ``canvas-strokes`` for what is no list of strokes within the limits.
    """
    if data is None:
        return None
    objects = data.get(_OBJECTS) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(objects, list):
        raise _no_drawing()
    if not all(isinstance(stroke, dict) for stroke in objects):
        raise _no_drawing()
    if len(objects) > MAX_STROKES:
        raise UserError(
            "canvas-strokes",
            _(
                "The drawing has {n:,} strokes; {most:,} are the most. The last good drawing is "
                "kept."
            ).format(n=len(objects), most=MAX_STROKES),
        )
    _check_size(data)
    return data


def _check_size(data: Strokes) -> None:
    try:
        # The browser's own reader knows no infinity; a drawing with one could not be shown again.
        size = len(json.dumps(data, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as fault:
        raise _no_drawing() from fault
    if size > MAX_STROKES_BYTES:
        raise UserError(
            "canvas-strokes",
            _(
                "The drawing's strokes have {n:,} bytes; {most:,} are the most. The last good "
                "drawing is kept."
            ).format(n=size, most=MAX_STROKES_BYTES),
        )


def _no_drawing() -> UserError:
    return UserError(
        "canvas-payload",
        _("What the canvas sent is no drawing. The last good drawing is kept: draw again."),
    )
