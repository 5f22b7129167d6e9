"""The stroke that makes a digit European is added where it belongs, and nothing is taken away."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.data.embedded import load_embedded
from softmax_core.data.european import EUROPEAN, european
from softmax_core.data.thickness import thickness

SHAPE = (28, 28)


def of(digit: int) -> np.ndarray:
    sample = load_embedded("mnist-5k")
    images: np.ndarray = sample.train_images[sample.train_labels == digit][:200]
    return images


@pytest.mark.parametrize("digit", EUROPEAN)
def test_ink_is_only_added_and_the_same_seed_adds_the_same(digit: int) -> None:
    images = of(digit)
    one, again, other = (european(images, digit, SHAPE, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
    assert (one >= images).all()
    added = (one.astype(int) - images).sum(axis=1) / images.sum(axis=1)
    assert 0.05 < np.median(added) < 0.8


@pytest.mark.parametrize("digit", EUROPEAN)
def test_the_new_stroke_is_as_thick_as_the_others(digit: int) -> None:
    images = of(digit)
    before = thickness(images.reshape(-1, *SHAPE) / 255.0)
    after = thickness(european(images, digit, SHAPE, 0).reshape(-1, *SHAPE) / 255.0)
    assert np.median(after / before) == pytest.approx(1.0, abs=0.15)


def middle_of(picture: np.ndarray) -> tuple[float, float]:
    y, x = np.nonzero(picture)
    return float(y.mean()), float(x.mean())


def plain(digit: int) -> np.ndarray:
    """A 1, a 7 and a 9 made of bars three pixels thick."""
    picture = np.zeros(SHAPE, np.uint8)
    picture[4:24, 16:19] = 255
    if digit == 7:
        picture[4:7, 8:19] = 255
    elif digit == 9:
        picture[4:7, 9:19] = picture[11:14, 9:19] = picture[4:14, 9:12] = 255
    return picture


WHERE = {1: (4, 16, 0, 20), 7: (9, 20, 6, 25), 9: (20, 28, 0, 20)}  # rows, columns


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("digit", EUROPEAN)
def test_the_stroke_is_added_where_people_write_it(digit: int, seed: int) -> None:
    """Up and left of the 1's stem, across the 7's, at the 9's foot to the left."""
    start = plain(digit)
    new = european(start.reshape(1, -1), digit, SHAPE, seed).reshape(SHAPE)
    row, column = middle_of(new.astype(int) - start > 128)
    top, bottom, left, right = WHERE[digit]
    assert top <= row <= bottom
    assert left <= column <= right
    assert (column < 17) or digit == 7
