"""A file that is no picture of a digit is refused with a sentence; predict reads the others."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from softmax_core.data.pictures import decode_canvas_png, read_picture
from softmax_core.errors import UserError
from tests.zoo.case import assert_clear
from tests.zoo.pictures import PICTURES, digit, saved


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_the_pictures_the_zoo_is_made_from_are_read(kind: str) -> None:
    ink = read_picture(saved(kind))
    assert ink[10:30, 19:21].min() > 0.9
    assert ink[:, :10].max() < 0.1
    assert np.asarray(digit()).shape == ink.shape


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_no_picture(name: str) -> None:
    case = PICTURES[name]
    with warnings.catch_warnings():
        # As in the running app, where Pillow's warning of a bomb is no error: ours must do.
        warnings.simplefilter("ignore")
        with pytest.raises(UserError) as refusal:
            read_picture(case.data)
    assert refusal.value.code == case.code
    assert_clear(refusal.value.text, case.words)


@pytest.mark.parametrize("name", PICTURES)
def test_none_of_them_is_a_canvas(name: str) -> None:
    with pytest.raises(UserError) as refusal:
        decode_canvas_png(PICTURES[name].data)
    assert_clear(refusal.value.text, "")


def test_a_bad_picture_in_a_file_is_refused_by_name_alone(tmp_path: Path) -> None:
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(UserError, match=rf"^The file {path.name} cannot be read") as refusal:
            read_picture(path)
        assert_clear(refusal.value.text, "")
