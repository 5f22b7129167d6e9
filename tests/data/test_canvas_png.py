"""What a drawing canvas sends: a PNG file of the right size, or a refusal."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from softmax_core.data.pictures import decode_canvas_png
from softmax_core.errors import UserError


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def canvas(side: int = 280) -> Image.Image:
    rgba = np.random.default_rng(0).integers(0, 256, (side, side, 4), dtype=np.uint8)
    rgba[:, 100:] = 0
    return Image.fromarray(rgba)


def test_a_canvas_comes_back_pixel_by_pixel() -> None:
    np.testing.assert_array_equal(decode_canvas_png(saved(canvas())), np.asarray(canvas()))


def test_a_canvas_without_transparency_is_opaque() -> None:
    rgba = decode_canvas_png(saved(Image.new("RGB", (280, 280), "white")))
    assert rgba.shape == (280, 280, 4)
    assert (rgba == 255).all()


@pytest.mark.parametrize("side", [279, 560])
def test_a_canvas_of_another_size_is_refused(side: int) -> None:
    blank = Image.new("RGBA", (side, side))
    with pytest.raises(UserError, match=f"{side} x {side} pixels instead of 280 x 280"):
        decode_canvas_png(saved(blank))


def test_a_canvas_must_be_a_sound_png() -> None:
    for data in (b"", b"words", saved(canvas(), "WEBP"), saved(canvas())[:-2000]):
        with pytest.raises(UserError):
            decode_canvas_png(data)


def test_a_canvas_of_too_many_bytes_is_not_even_looked_at() -> None:
    with pytest.raises(UserError, match=r"307,201 bytes; the limit is 307,200"):
        decode_canvas_png(bytes(307_201))
