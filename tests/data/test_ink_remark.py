"""What is odd about a drawing is said in a sentence; of a digit as people draw them, nothing."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest

from softmax_core.data.ink import ink_to_digit
from softmax_core.data.ink_remark import InkRemark, ink_remark
from softmax_core.errors import UserError
from tests.data.test_ink_on_mnist import replay
from tests.real_data import real_folder

Ink = np.ndarray


def ink_of(kind: str) -> Ink:
    """Draw what a hand does now and then."""
    ink = np.zeros((56, 56), np.uint8)
    y, x = np.mgrid[:56, :56]
    if kind == "dust":
        ink[20:23, 20:23] = 12
    elif kind == "a dot":
        ink[26:30, 30:34] = 255
    elif kind == "all inked":
        ink[:] = 255
    elif kind == "scribbled over":
        ink[4:52, 4:52] = 255
        ink[10:46:12, 10:46] = 0
    elif kind == "painted paper":
        ink[np.abs(np.hypot(y - 28, x - 28) - 12) > 2] = 255
    elif kind == "over the edge":
        ink[0:30, 26:30] = 255
    elif kind == "two digits":
        ink[10:46, 10:14] = ink[10:46, 40:44] = 255
    elif kind == "thin line":
        ink[8:48, 28] = 51  # one pixel of five
    elif kind == "strokes of one digit":  # as of a 5: its top bar apart from the rest
        ink[10:14, 20:36] = ink[18:46, 20:24] = ink[42:46, 20:36] = 255
    return ink


REMARKS = {
    "nothing": InkRemark.EMPTY,
    "dust": InkRemark.FAINT,
    "a dot": InkRemark.DOT,
    "all inked": InkRemark.SCRIBBLE,
    "scribbled over": InkRemark.SCRIBBLE,
    "painted paper": InkRemark.LIGHT_ON_DARK,
    "over the edge": InkRemark.BORDER,
    "two digits": InkRemark.SIDE_BY_SIDE,
    "thin line": None,  # it is made thicker
    "strokes of one digit": None,
}


@pytest.mark.parametrize("kind", REMARKS)
def test_each_oddity_has_its_sentence(kind: str) -> None:
    remark = ink_remark(ink_of(kind))
    assert remark is REMARKS[kind]
    assert remark is None or remark.endswith(".")
    digit = ink_to_digit(ink_of(kind), upright=True)
    assert (digit is None) == (remark in (InkRemark.EMPTY, InkRemark.FAINT))


@pytest.mark.parametrize("kind", REMARKS)
def test_bytes_and_numbers_have_the_same_remark(kind: str) -> None:
    assert ink_remark(ink_of(kind) / 255.0) is REMARKS[kind]


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(UserError, match="rows and columns"):
        ink_remark(np.zeros(56))


def test_hardly_any_digit_of_real_people_is_remarked_on() -> None:
    file = "strokes/pendigits-tra.json.gz"
    text = gzip.decompress((real_folder(file) / file).read_bytes())
    inks = [replay(digit["strokes"]) for digit in json.loads(text)["digits"][::50]]
    assert len(inks) == 150
    assert sum(ink_remark(ink) is not None for ink in inks) <= 1
