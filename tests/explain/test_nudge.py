"""Nudges against SciPy and by hand, and what two pixels down do to a trained model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain.nudge import Nudge, nudged, nudged_samples
from softmax_core.training import Samples, TrainingConfig, evaluate, train
from softmax_core.training.start import build_network


def digits(n: int = 7) -> np.ndarray:
    """Blots of ink in the middle of 28 x 28, so that nothing leaves the picture."""
    rng = np.random.default_rng(3)
    pictures = np.zeros((n, 28, 28), np.uint8)
    pictures[:, 9:19, 10:18] = rng.integers(0, 256, (n, 10, 8)) * (rng.random((n, 10, 8)) < 0.6)
    return pictures


def done(pictures: np.ndarray, nudge: Nudge) -> np.ndarray:
    flat = pictures.reshape(len(pictures), -1)
    return nudged(flat, pictures.shape[1:], nudge).reshape(pictures.shape)


def test_without_a_nudge_nothing_changes_and_nothing_is_shared() -> None:
    flat = digits().reshape(7, -1)
    same = nudged(flat, (28, 28), Nudge())
    np.testing.assert_array_equal(same, flat)
    assert same.dtype == np.uint8
    assert not np.shares_memory(same, flat)


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_whole_pixels_slide_exactly(down: int, right: int) -> None:
    moved = done(digits(), Nudge(down=down, right=right))
    np.testing.assert_array_equal(moved, np.roll(digits(), (down, right), (1, 2)))


def test_half_a_pixel_is_the_mean_of_two() -> None:
    picture = np.zeros((1, 3, 3), np.float32)
    picture[0, 1, 1] = 1
    assert done(picture, Nudge(right=0.5))[0].tolist() == [[0, 0, 0], [0, 0.5, 0.5], [0, 0, 0]]
    assert done(picture, Nudge(down=-0.25))[0, :, 1].tolist() == [0.25, 0.75, 0]


def test_what_leaves_the_picture_is_lost() -> None:
    assert not done(digits(), Nudge(down=28)).any()


@pytest.mark.parametrize("nudge", [Nudge(down=0.3, right=-1.7), Nudge(scale=0.8), Nudge(scale=1.3)])
def test_ink_moves_and_grows_as_areas_do(nudge: Nudge) -> None:
    before = digits().astype(np.float32) / 255
    after = done(before, nudge)
    np.testing.assert_allclose(after.sum((1, 2)), before.sum((1, 2)) * nudge.scale**2, rtol=1e-5)
    for one, other in zip(before, after, strict=True):
        from_middle = np.subtract(ndimage.center_of_mass(one), 13.5)
        expected = from_middle * nudge.scale + 13.5 + [nudge.down, nudge.right]
        np.testing.assert_allclose(
            ndimage.center_of_mass(other), expected, atol=0.02
        )  # within pixels, ink is spread evenly


def test_doubling_repeats_pixels_and_halving_takes_means() -> None:
    picture = np.zeros((1, 4, 4), np.float32)
    picture[0, 1:3, 1:3] = [[0.1, 0.2], [0.3, 0.4]]
    doubled = done(picture, Nudge(scale=2))
    np.testing.assert_allclose(doubled[0], picture[0, 1:3, 1:3].repeat(2, 0).repeat(2, 1))
    np.testing.assert_allclose(done(doubled, Nudge(scale=0.5)), picture, atol=1e-7)


@pytest.mark.parametrize("pixels", [1, 2, 3])
def test_thickness_is_the_grey_dilation_and_erosion_of_scipy(pixels: int) -> None:
    cross = ndimage.generate_binary_structure(2, 1)
    thick, thin = digits(), digits()
    for _ in range(pixels):
        thick = np.array([ndimage.grey_dilation(p, footprint=cross) for p in thick])
        thin = np.array([ndimage.grey_erosion(p, footprint=cross) for p in thin])
    np.testing.assert_array_equal(done(digits(), Nudge(thickness=pixels)), thick)
    np.testing.assert_array_equal(done(digits(), Nudge(thickness=-pixels)), thin)
    half = done(digits(), Nudge(thickness=0.5)).astype(float)
    once = done(digits(), Nudge(thickness=1)).astype(float)
    np.testing.assert_allclose(half, (digits() + once) / 2, atol=0.51)


@pytest.mark.parametrize("tilt", [-170.0, -90.0, -12.5, 8.0, 45.0])
def test_tilt_is_the_rotation_of_scipy(tilt: float) -> None:
    before = digits().astype(np.float32) / 255
    after = done(before, Nudge(tilt=tilt))
    # SciPy turns counter-clockwise on the screen for a positive angle of axes (1, 0).
    expected = [
        ndimage.rotate(p.astype(float), -tilt, reshape=False, order=1, mode="grid-constant")
        for p in before
    ]
    np.testing.assert_allclose(after, expected, atol=1e-5)


def test_a_quarter_turn_clockwise_brings_the_top_to_the_right() -> None:
    picture = np.zeros((1, 5, 5), np.float32)
    picture[0, 0, 2] = 1
    turned = done(picture, Nudge(tilt=90))
    assert turned[0, 2, 4] == pytest.approx(1)
    assert turned.sum() == pytest.approx(1, abs=1e-6)


def test_inverted_twice_is_as_before_and_comes_last() -> None:
    once = done(digits(), Nudge(invert=True))
    np.testing.assert_array_equal(once, 255 - digits())
    np.testing.assert_array_equal(done(once, Nudge(invert=True)), digits())
    np.testing.assert_array_equal(
        done(digits(), Nudge(down=3, invert=True)), 255 - done(digits(), Nudge(down=3))
    )


@given(
    st.builds(
        Nudge,
        st.floats(-30, 30),
        st.floats(-30, 30),
        st.floats(0.25, 4),
        st.floats(-4, 4),
        st.floats(-180, 180),
        st.booleans(),
    )
)
def test_whatever_is_done_ink_stays_between_none_and_full(nudge: Nudge) -> None:
    after = done(digits(2).astype(np.float32) / 255, nudge)
    assert after.min() >= -1e-5
    assert after.max() <= 1 + 1e-5


def test_many_pictures_are_nudged_as_each_alone() -> None:
    pictures = np.tile(digits(), (200, 1, 1))
    nudge = Nudge(1.5, -2, 0.9, 0.5, 10)
    together = done(pictures, nudge)
    np.testing.assert_array_equal(together[-7:], together[:7])
    one = done(pictures[3:4], nudge)[0].astype(int)
    assert np.abs(one - together[3]).max() <= 1  # a product of another shape rounds otherwise


def test_two_pixels_down_cost_about_a_third_of_the_accuracy() -> None:
    dataset = open_dataset("mnist-5k")
    train_set = Samples(dataset.train_images, dataset.train_labels)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    config = TrainingConfig(epochs=8)
    *_, report = train(config, train_set, test_set, 10)
    network, params = build_network(config, 784, 10), report.state.params
    accuracies = [
        evaluate(network, params, nudged_samples(test_set, (28, 28), Nudge(down=down)))[1]
        for down in (0, 1, 2)
    ]
    assert accuracies[0] == report.evaluation.test_accuracy
    assert accuracies[0] > accuracies[1] > accuracies[2]
    assert 0.25 < accuracies[0] - accuracies[2] < 0.45


def test_what_is_out_of_range_is_refused() -> None:
    with pytest.raises(UserError, match=r"scale goes from 0.25 to 4; 0 was"):
        done(digits(), Nudge(scale=0))
    with pytest.raises(UserError, match="tilt goes"):
        done(digits(), Nudge(tilt=float("nan")))
    with pytest.raises(UserError, match="64 values; this has 784"):
        nudged(digits().reshape(7, -1), (8, 8), Nudge())
