"""What a canvas could send that is no drawing: data URLs and strokes."""

from __future__ import annotations

import base64
import io
import math
from typing import Any, NamedTuple

from PIL import Image

from softmax_core.limits import CANVAS_SIDE, MAX_CANVAS_PNG_BYTES, MAX_STROKES, MAX_STROKES_BYTES
from tests.zoo.case import Case
from tests.zoo.pictures import png, saved, text_bomb

PREFIX = "data:image/png;base64,"


class Payload(NamedTuple):
    """The two parts of it, as the component's state has them."""

    url: Any
    strokes: Any = None


def url_of(image: bytes) -> str:
    return PREFIX + base64.b64encode(image).decode()


def canvas_png(side: int = CANVAS_SIDE, colour: Any = (0, 0, 0, 255), kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (side, side), colour).convert("RGB").save(file, kind)
    return file.getvalue()


GOOD = url_of(canvas_png())
OTHER = url_of(canvas_png(colour=(9, 9, 9, 255)))
STROKES = {"version": "6.4.0", "objects": [{"type": "Path", "path": [["M", 1, 2]]}]}


def nested(depth: int) -> dict[str, Any]:
    inner: Any = 0
    for _ in range(depth):
        inner = [inner]
    return {"objects": [{"path": inner}]}


PAYLOAD, SIZE, FORMAT, DAMAGED, PATHS = (
    *("canvas-payload", "canvas-size", "picture-format"),
    *("picture-damaged", "canvas-strokes"),
)
NONE = "is no drawing"

PAYLOADS: dict[str, Case] = {
    # The picture
    "no base64": Case(Payload("data:image/png,x"), PAYLOAD, NONE),
    "an empty text": Case(Payload("", STROKES), PAYLOAD, NONE),
    "a number": Case(Payload(7), PAYLOAD, NONE),
    "a list": Case(Payload([GOOD]), PAYLOAD, NONE),
    "a truth": Case(Payload(True), PAYLOAD, NONE),
    "an object": Case(Payload({"data": GOOD}), PAYLOAD, NONE),
    "base64 cut short": Case(Payload(PREFIX + "iVBORw0KGgo"), PAYLOAD, NONE),
    "other letters": Case(Payload(PREFIX + "\u00e9\u00e9\u00e9\u00e9"), PAYLOAD, NONE),
    "a link": Case(Payload("https://example.org/x.png"), PAYLOAD, NONE),
    "a script": Case(Payload("javascript:alert(1)"), PAYLOAD, NONE),
    "words": Case(Payload(url_of(b"a seven")), FORMAT, r"\(PNG\)"),
    "a drawing in SVG": Case(Payload(url_of(b"<svg onload=x/>")), FORMAT, "SVG is not supported"),
    "a JPEG file": Case(Payload(url_of(canvas_png(kind="JPEG"))), FORMAT, r"\(PNG\)"),
    "a WebP file": Case(Payload(url_of(canvas_png(kind="WEBP"))), FORMAT, r"\(PNG\)"),
    "a GIF file": Case(Payload(url_of(saved("GIF"))), FORMAT, r"\(PNG\)"),
    "a pixel less": Case(Payload(url_of(canvas_png(279))), SIZE, "279 x 279 pixels instead of 280"),
    "a pixel more": Case(Payload(url_of(canvas_png(281))), SIZE, "281 x 281"),
    "a pixel alone": Case(Payload(url_of(canvas_png(1))), SIZE, "1 x 1 pixels"),
    "twice the size": Case(Payload(url_of(canvas_png(560))), SIZE, "560 x 560"),
    "81 million pixels": Case(Payload(url_of(png(9_000, 9_000))), SIZE, "9,000 x 9,000"),
    "half a bomb": Case(Payload(url_of(png(280, 8_192))), SIZE, "280 x 8,192"),
    "cut in the middle": Case(Payload(url_of(canvas_png()[:200])), DAMAGED, "damaged"),
    "pixels of another picture": Case(Payload(url_of(png(280, 280, b"x"))), DAMAGED, "damaged"),
    "a packed remark of 100 MB": Case(Payload(url_of(text_bomb(b"zTXt"))), FORMAT, r"\(PNG\)"),
    "too many bytes": Case(
        Payload(url_of(canvas_png() + bytes(MAX_CANVAS_PNG_BYTES))),
        "canvas-too-large",
        r"30\d,\d{3} bytes; the limit is 307,200",
    ),
    # The strokes, beside a sound picture
    "strokes as a list": Case(Payload(OTHER, []), PAYLOAD, NONE),
    "strokes as a word": Case(Payload(OTHER, "objects"), PAYLOAD, NONE),
    "strokes as a number": Case(Payload(OTHER, 0), PAYLOAD, NONE),
    "no list of strokes": Case(Payload(OTHER, {"version": "6.4.0"}), PAYLOAD, NONE),
    "nothing for a list": Case(Payload(OTHER, {"objects": None}), PAYLOAD, NONE),
    "an object for a list": Case(Payload(OTHER, {"objects": {"0": {}}}), PAYLOAD, NONE),
    "a word for a stroke": Case(Payload(OTHER, {"objects": ["Path"]}), PAYLOAD, NONE),
    "a list for a stroke": Case(Payload(OTHER, {"objects": [[]]}), PAYLOAD, NONE),
    "not a number": Case(Payload(OTHER, {"objects": [{"left": math.nan}]}), PAYLOAD, NONE),
    "infinity": Case(Payload(OTHER, {"objects": [{"left": math.inf}]}), PAYLOAD, NONE),
    "100,000 brackets": Case(Payload(OTHER, nested(100_000)), PAYLOAD, NONE),
    "2,001 strokes": Case(
        Payload(OTHER, {"objects": [{}] * (MAX_STROKES + 1)}), PATHS, "2,001 strokes; 2,000 are"
    ),
    "a stroke of 2 MB": Case(
        Payload(OTHER, {"objects": [{"x": "y" * MAX_STROKES_BYTES}]}), PATHS, "2,097,1.. bytes"
    ),
    "2 MB beside the strokes": Case(
        Payload(OTHER, {"objects": [], "x": "y" * MAX_STROKES_BYTES}), PATHS, "bytes; 2,097,152"
    ),
}

# What the component's state could hold in place of a drawing.
STATES: dict[str, Any] = {
    "a word for a drawing": {"drawing": "seven"},
    "a list for a drawing": {"drawing": [1]},
    "a number for a drawing": {"drawing": 3},
    "a fit without its numbers": {"drawing": {"raw": None, "data": None}, "backgroundFit": {}},
    "a word for a fit": {"drawing": {"raw": None, "data": None}, "backgroundFit": "wide"},
}
