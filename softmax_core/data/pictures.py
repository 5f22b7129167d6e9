"""Read a picture file someone gives us, trusting nothing in it."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from softmax_core.data.dataset import Bytes
from softmax_core.data.paper import picture_to_ink
from softmax_core.data.resample import Picture
from softmax_core.errors import UserError
from softmax_core.limits import (
    CANVAS_SIDE,
    MAX_CANVAS_PNG_BYTES,
    MAX_PICTURE_BYTES,
    MAX_PICTURE_PIXELS,
    MAX_PICTURE_SIDE,
    MAX_PICTURES_DECODED_AT_ONCE,
)

_FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
_BRIGHTNESS: Final = (0.299, 0.587, 0.114)  # of red, green and blue (ITU-R BT.601)
_WORKING_SIDE: Final = 512  # pixels; a digit needs no more
_KEPT: Final = "Your drawing is still here."

# Decoding a large picture takes 100 MB or so for a moment: not for thirty at once.
_TURN: Final = threading.BoundedSemaphore(MAX_PICTURES_DECODED_AT_ONCE)


def read_picture(source: Path | bytes) -> Picture:
    """Read a picture file and give its ink.

    Transparent pictures are laid on white paper, or on black if their ink is
    light; of an animated one the first picture counts; a photograph is turned the
    way it was taken; a large one is shrunk to 512 pixels.

    Parameters
    ----------
    source : Path or bytes
        The file, or its content: PNG, JPEG, GIF, BMP or WebP.

    Returns
    -------
    ndarray of shape (rows, columns)
        From 0 (paper) to 1 (ink), whichever of them was the darker.

    Raises
    ------
    UserError
        If the file is too large, damaged, of another format, or blank.
    """
    data = _content(source)
    with _TURN, _opened(data, _FORMATS) as image:
        _check_size(image)
        grey = _on_paper(_upright(_shrunk(_loaded(image))))
    return picture_to_ink(grey)


def decode_canvas_png(data: bytes, side: int = CANVAS_SIDE) -> Bytes:
    """Decode the PNG file a drawing canvas sends.

    Returns
    -------
    ndarray of shape (side, side, 4), uint8

    Raises
    ------
    UserError
        If it is not a sound PNG file of `side` x `side` pixels within the limits.
    """
    if len(data) > MAX_CANVAS_PNG_BYTES:
        raise UserError(
            "canvas-too-large",
            f"The drawing has {len(data):,} bytes; the limit is {MAX_CANVAS_PNG_BYTES:,}. The "
            "last good drawing is kept.",
        )
    with _opened(data, ("PNG",)) as image:
        if image.size != (side, side):
            raise UserError(
                "canvas-size",
                f"The drawing has {image.size[0]:,} x {image.size[1]:,} pixels instead of "
                f"{side} x {side}. The last good drawing is kept.",
            )
        return np.asarray(_loaded(image).convert("RGBA"), dtype=np.uint8)


def _content(source: Path | bytes) -> bytes:
    """Give the content of a file, checked before and after for its length."""
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(MAX_PICTURE_BYTES + 1)
        except OSError as fault:
            raise UserError(
                "picture-file",
                f"The file {source.name} cannot be read ({fault.strerror or fault}). {_KEPT}",
            ) from fault
    if len(data) > MAX_PICTURE_BYTES:
        raise UserError(
            "picture-too-large",
            f"This file has more than {MAX_PICTURE_BYTES:,} bytes, the limit. Save the picture "
            f"smaller and try again. {_KEPT}",
        )
    return data


@contextmanager
def _opened(data: bytes, formats: tuple[str, ...]) -> Iterator[Image.Image]:
    """Open a picture without decoding it; only the formats named are ever tried."""
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_many_pixels("far too many") from fault
    except Exception as fault:  # Pillow's readers raise nearly anything on hostile bytes
        raise UserError("picture-format", _format_sentence(data, formats)) from fault
    with image:
        yield image


def _check_size(image: Image.Image) -> None:
    columns, rows = image.size
    if max(columns, rows) > MAX_PICTURE_SIDE or columns * rows > MAX_PICTURE_PIXELS:
        raise _too_many_pixels(f"{columns:,} x {rows:,}")


def _too_many_pixels(size: str) -> UserError:
    return UserError(
        "picture-pixels",
        f"This picture has {size} pixels; the limit is {MAX_PICTURE_PIXELS:,} and "
        f"{MAX_PICTURE_SIDE:,} a side. Make it smaller and try again. {_KEPT}",
    )


def _loaded(image: Image.Image) -> Image.Image:
    """Decode the first picture of a file whose size has been checked."""
    try:
        # A JPEG may be decoded at a half, a quarter or an eighth of its size.
        image.draft(None, (_WORKING_SIDE, _WORKING_SIDE))
        image.load()
    except Exception as fault:  # as in _opened; never with LOAD_TRUNCATED_IMAGES
        raise UserError(
            "picture-damaged",
            f"This picture is damaged or cut short. Save it again and try again. {_KEPT}",
        ) from fault
    return image


def _shrunk(image: Image.Image) -> Image.Image:
    """Shrink to the working size by area averages, as the first step: later ones copy it."""
    if image.mode.startswith("I"):  # 16 bits a pixel: convert("L") would clip, not scale
        image = Image.fromarray(np.asarray(image, dtype=np.float32))
    elif image.mode in ("1", "P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")  # numbers of colours have no average
    factor = max(image.size) / _WORKING_SIDE
    if factor <= 1:
        return image
    size = (max(1, round(image.width / factor)), max(1, round(image.height / factor)))
    return image.resize(size, Image.Resampling.BOX)


def _upright(image: Image.Image) -> Image.Image:
    """Turn a photograph as its camera says it was held; a damaged note is ignored."""
    with suppress(Exception):
        return ImageOps.exif_transpose(image)
    return image


def _on_paper(image: Image.Image) -> Picture:
    """Give the picture's grey, 0 black to 1 white, with paper where it is transparent."""
    if image.mode == "F":
        return np.asarray(image, dtype=np.float64) / 65535.0
    values = np.asarray(image.convert("RGBA"), dtype=np.float64) / 255.0
    grey, alpha = values[..., :3] @ _BRIGHTNESS, values[..., 3]
    return grey * alpha + _backing(grey, alpha) * (1.0 - alpha)


def _backing(grey: Picture, alpha: Picture) -> float:
    """Choose the paper to lay under a picture with transparent parts."""
    opaque = grey[alpha > 0.5]
    if 2 * len(opaque) > grey.size:
        return float(np.median(opaque))  # a picture with holes or round corners
    ink_is_light = (grey * alpha).sum() > 0.5 * alpha.sum()
    return 0.0 if ink_is_light else 1.0


def _format_sentence(data: bytes, formats: tuple[str, ...]) -> str:
    start = data[:256].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml")):
        return f"SVG is not supported: save the picture as PNG and try again. {_KEPT}"
    names = ", ".join(formats)
    return f"This is not a picture in a format read here ({names}). {_KEPT}"
