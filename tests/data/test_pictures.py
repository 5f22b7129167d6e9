"""Picture files: the same digit however it was saved, and a sentence for every fault."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from softmax_core.data.ink import ink_to_digit
from softmax_core.data.pictures import read_picture
from softmax_core.errors import UserError

Array = np.ndarray


def seven(side: int = 120) -> Array:
    """A "7" as ink from 0 to 1 with soft edges."""
    y, x = np.mgrid[:side, :side] / side
    bar = (abs(y - 0.25) < 0.05) & (x > 0.3) & (x < 0.7)
    stem = (abs(x - (0.68 - 0.45 * (y - 0.25))) < 0.05) & (y > 0.22) & (y < 0.8)
    hard = (bar | stem).astype(float)
    soft: Array = (hard + np.roll(hard, 1, 0) + np.roll(hard, 1, 1) + np.roll(hard, -1, 0)) / 4
    return soft


def grey(values: Array) -> Image.Image:
    return Image.fromarray(np.round(values * 255).astype(np.uint8))


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def digit_of(data: bytes) -> Array:
    digit = ink_to_digit(read_picture(data))
    assert digit is not None
    return digit.astype(int)


def refusal(data: bytes) -> UserError:
    with pytest.raises(UserError) as caught:
        read_picture(data)
    assert "Your drawing is still here" in caught.value.text
    return caught.value


WANTED = ink_to_digit(seven())


def assert_reads_as_seven(data: bytes, tolerance: int = 40, mean: float = 3.0) -> None:
    assert WANTED is not None
    error = np.abs(digit_of(data) - WANTED)
    assert error.max() <= tolerance
    assert error.mean() <= mean


def test_dark_on_light_and_light_on_dark_are_the_same_digit() -> None:
    dark, light = saved(grey(1 - seven())), saved(grey(seven()))
    assert_reads_as_seven(dark)
    assert_reads_as_seven(light)
    assert np.abs(digit_of(dark) - digit_of(light)).max() <= 2


def test_pale_ink_on_coloured_paper_is_stretched() -> None:
    ink = seven()[..., None]
    paper, pen = np.array([250, 235, 200]), np.array([120, 130, 200])
    assert_reads_as_seven(saved(Image.fromarray((paper + ink * (pen - paper)).astype(np.uint8))))


@pytest.mark.parametrize("brightness", [0, 255])
def test_ink_on_transparent_paper_is_seen_whether_dark_or_light(brightness: int) -> None:
    alpha = np.round(seven() * 255).astype(np.uint8)
    two = np.stack([np.full_like(alpha, brightness), alpha], axis=-1)
    assert_reads_as_seven(saved(la(two)))
    rgba = np.stack([np.full_like(alpha, brightness)] * 3 + [alpha], axis=-1)
    assert_reads_as_seven(saved(Image.fromarray(rgba)))


def la(two: Array) -> Image.Image:
    return Image.merge("LA", [Image.fromarray(two[..., i]) for i in range(2)])


def test_a_palette_with_a_transparent_colour_is_laid_on_paper() -> None:
    image = Image.fromarray((seven() > 0.5).astype(np.uint8))
    image.putpalette([0, 0, 0, 0, 0, 0])
    assert_reads_as_seven(saved(image, transparency=0), tolerance=140, mean=8)
    large = image.resize((1200, 1200), Image.Resampling.NEAREST)
    assert_reads_as_seven(saved(large, transparency=0), tolerance=140, mean=8)


def test_round_transparent_corners_are_not_ink() -> None:
    y, x = np.mgrid[-1:1:120j, -1:1:120j]
    alpha = np.where(abs(x) ** 8 + abs(y) ** 8 < 1, 255, 0).astype(np.uint8)
    photo = grey(0.9 - 0.7 * seven()).convert("RGB")
    photo.putalpha(Image.fromarray(alpha))
    assert_reads_as_seven(saved(photo))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_all_five_formats_are_read(kind: str) -> None:
    assert_reads_as_seven(saved(grey(1 - seven()), kind))


def test_a_one_bit_picture_is_read() -> None:
    assert_reads_as_seven(saved(grey(1 - seven()).convert("1", dither=Image.Dither.NONE)), 140, 8)


def test_a_cmyk_jpeg_is_read() -> None:
    assert_reads_as_seven(saved(grey(1 - seven()).convert("CMYK"), "JPEG", quality=95))


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    deep = Image.fromarray((65535 * (0.8 - 0.5 * seven())).astype(np.uint16))
    assert deep.mode == "I;16"
    assert_reads_as_seven(saved(deep))
    assert read_picture(
        saved(Image.fromarray(np.kron(deep, [[1] * 9] * 9).astype(np.uint16)))
    ).shape == (512, 512)


def test_uneven_light_and_grain_are_taken_for_paper() -> None:
    y, x = np.mgrid[0:1:120j, 0:1:120j]
    grain = np.random.default_rng(0).normal(0, 0.01, (120, 120))
    photo = np.clip((0.95 - 0.3 * x - 0.2 * y) - 0.4 * seven() + grain, 0, 1)
    assert_reads_as_seven(saved(grey(photo)), tolerance=60)


def test_ink_that_touches_the_border_is_still_ink() -> None:
    ink = np.zeros((100, 100))
    ink[:, 45:55] = 1
    found = read_picture(saved(grey(1 - 0.8 * ink)))
    np.testing.assert_allclose(found, ink, atol=0.05)


@pytest.mark.parametrize("side", [120, 1200])
def test_a_photograph_is_turned_upright(side: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # hold the camera a quarter turn to the left
    sideways = grey(1 - seven()).resize((side, side)).transpose(Image.Transpose.ROTATE_90)
    assert_reads_as_seven(saved(sideways, "JPEG", exif=exif, quality=95), 80, 5)


def test_damaged_notes_of_the_camera_are_ignored() -> None:
    data = saved(grey(1 - seven()), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x09")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_reads_as_seven(data)


def test_of_an_animation_the_first_picture_counts() -> None:
    blank = [grey(np.ones((120, 120)))] * 3
    data = saved(grey(1 - seven()), "GIF", save_all=True, append_images=blank)
    assert_reads_as_seven(data)


def test_a_large_picture_is_shrunk_to_a_working_size() -> None:
    large = grey(1 - seven(600)).resize((3000, 3000))
    assert read_picture(saved(large)).shape == (512, 512)
    assert_reads_as_seven(saved(large), tolerance=80, mean=5)


def test_a_picture_like_mnists_own_is_hardly_changed() -> None:
    assert WANTED is not None
    again = read_picture(saved(Image.fromarray(WANTED)))
    assert np.abs(again - WANTED / 255).max() < 0.12


def test_a_file_is_read_as_its_content_is(tmp_path: Path) -> None:
    path = tmp_path / "digit.jpg"  # renamed: the content decides
    path.write_bytes(saved(grey(1 - seven())))
    np.testing.assert_array_equal(read_picture(path), read_picture(path.read_bytes()))


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 2), (3, 1), (1, 50)])
def test_a_tiny_picture_is_read_or_called_blank(size: tuple[int, int]) -> None:
    for seed in range(10):
        noise = np.random.default_rng(seed).random(size)
        blank: str | None = None
        try:
            ink = read_picture(saved(grey(noise)))
        except UserError as fault:
            blank = fault.text
        if blank is None:
            assert ink.shape == size
        else:
            assert "blank" in blank


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_a_blank_picture_is_called_blank(level: float) -> None:
    assert refusal(saved(grey(np.full((50, 60), level)))).code == "picture-blank"


def test_a_wholly_transparent_picture_is_blank() -> None:
    assert refusal(saved(Image.new("RGBA", (40, 40)))).code == "picture-blank"


def test_faint_grain_alone_is_blank() -> None:
    grain = np.random.default_rng(0).normal(0.8, 0.02, (60, 60)).clip(0, 1)
    assert refusal(saved(grey(grain))).code == "picture-blank"


def test_too_many_pixels_are_refused_before_decoding() -> None:
    fault = refusal(empty_png(5_000, 5_000))
    assert fault.code == "picture-pixels"
    assert "5,000 x 5,000" in fault.text
    assert refusal(empty_png(9_000, 10)).code == "picture-pixels"
    assert refusal(empty_png(50_000, 50_000)).code == "picture-pixels"
    assert refusal(empty_png(11_000, 11_000)).code == "picture-pixels"


def empty_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    assert "5,242,880 bytes, the limit" in refusal(bytes(5 * 2**20 + 1)).text
    path = tmp_path / "big"
    path.write_bytes(bytes(6 * 2**20))
    with pytest.raises(UserError, match="the limit"):
        read_picture(path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_a_truncated_picture_is_refused(kind: str) -> None:
    noise = np.random.default_rng(0).random((80, 80))
    data = saved(grey(noise), kind)
    for share in (0.3, 0.6, 0.9):
        assert refusal(data[: int(share * len(data))]).code in ("picture-damaged", "picture-format")


@pytest.mark.parametrize("kind", ["TIFF", "EPS", "PPM", "ICO"])
def test_other_formats_are_refused_by_name(kind: str) -> None:
    fault = refusal(saved(grey(1 - seven(64)).convert("RGB"), kind))
    assert fault.code == "picture-format"
    assert "PNG, JPEG, GIF, BMP, WEBP" in fault.text


@pytest.mark.parametrize("data", [b"", b"words", b"<html>", b"%PDF-1.7", bytes(100)])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refusal(data).code == "picture-format"


def test_svg_is_told_what_to_do() -> None:
    assert "save the picture as PNG" in refusal(b"<?xml version='1.0'?><svg></svg>").text


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_picture(tmp_path / "nowhere.png")


@settings(max_examples=120)
@given(position=st.integers(0, 10**6), value=st.integers(0, 255), kind=st.sampled_from("PJGBW"))
def test_a_spoilt_byte_anywhere_gives_ink_or_a_refusal(
    position: int, value: int, kind: str
) -> None:
    name = {"P": "PNG", "J": "JPEG", "G": "GIF", "B": "BMP", "W": "WEBP"}[kind]
    data = bytearray(saved(grey(1 - seven(40)), name))
    data[position % len(data)] = value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ink = read_picture(bytes(data))
        except UserError:
            return
    assert ink.ndim == 2
    assert np.isfinite(ink).all()
    assert 0 <= ink.min() <= ink.max() <= 1
