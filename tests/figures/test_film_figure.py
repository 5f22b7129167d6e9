"""A film's pictures show what they say, and the file plays them all."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageSequence

from softmax_core.errors import UserError
from softmax_core.figures import CurveData, PointRegions
from softmax_core.figures.film import LAST_MS, STILL_MS, Film, FilmMoment, FilmScene, film_file
from softmax_core.figures.palette import PRINT
from softmax_core.figures.weights import scaled_weights

STEPS = np.arange(1, 101)
TEN = tuple("0123456789")


def curves() -> CurveData:
    loss, measured = 2.3 / np.sqrt(STEPS), STEPS[::10]
    test = 2.5 / np.sqrt(measured)
    shares = 1 - 0.5 / measured
    return CurveData(STEPS, loss, loss, loss, measured, test, test, shares, shares)


def scene(names: tuple[str, ...] = TEN) -> FilmScene:
    return FilmScene("digits, rate 0.1", curves(), names, (8, 8))


def weights(seed: int, n_classes: int = 10) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(64, n_classes))


def texts(film: Film) -> list[str]:
    in_axes = [text.get_text() for ax in film.figure.axes for text in ax.texts]
    return [text.get_text() for text in film.figure.texts] + in_axes


def test_a_moment_has_its_step_marked_its_figures_said_and_its_weights_drawn() -> None:
    film = Film(scene())
    for step, seed in ((17, 1), (60, 2)):
        W = weights(seed)
        film.show(FilmMoment(step, 0.567, 0.8765, W))
        loss, pictures = film.figure.axes
        (mark,) = [line for line in loss.lines if line.get_zorder() == 5]
        np.testing.assert_array_equal(mark.get_xdata(), [step, step])
        assert f"After step {step}: test accuracy 87.6 %, test loss 0.567" in texts(film)
        assert set(TEN) <= set(texts(film))
        (sheet,) = pictures.images
        shown: np.ndarray = np.ma.filled(np.ma.asarray(sheet.get_array()), np.nan)
        scaled, limit = scaled_weights(W)
        found = shown[np.isfinite(shown)]
        assert len(found) == 640  # every weight once
        np.testing.assert_array_equal(np.sort(found), np.sort(scaled.ravel()))
        assert any(f"{limit:.2f}" in text or f"{limit:.3g}" in text for text in texts(film))


def test_each_class_stands_under_its_own_name() -> None:
    film = Film(scene())
    for k, name in enumerate(TEN):
        W = np.zeros((64, 10))
        W[:, k] = 1.0
        film.show(FilmMoment(1, 1.0, 0.5, W))
        pictures = film.figure.axes[1]
        shown: np.ndarray = np.ma.filled(np.ma.asarray(pictures.images[0].get_array()), np.nan)
        rows, columns = np.nonzero(shown > 0)
        (title,) = [text for text in pictures.texts if text.get_text() == name]
        x, y = title.get_position()
        assert columns.min() < x < columns.max() + 1
        assert y == rows.min() - 1


def test_pictures_drawn_one_after_the_other_are_those_drawn_alone() -> None:
    film = Film(scene())
    moments = [FilmMoment(step, 1.0, 0.5, weights(step)) for step in (5, 50)]
    one_after_the_other = [film.still(moment) for moment in moments]
    assert one_after_the_other[1] == Film(scene()).still(moments[1])
    assert film.still(moments[0]) == one_after_the_other[0]
    assert one_after_the_other[0] != one_after_the_other[1]


def test_the_file_plays_every_picture_and_begins_anew() -> None:
    film = Film(scene())
    stills = [film.still(FilmMoment(step, 1.0, 0.5, weights(step))) for step in (1, 2, 4)]
    with Image.open(BytesIO(film_file(stills)), formats=("GIF",)) as played:
        assert len(list(ImageSequence.Iterator(played))) == 3
        assert played.info["loop"] == 0
        for i, still in enumerate(stills):
            played.seek(i)
            assert played.info["duration"] == (LAST_MS if i == 2 else STILL_MS)
            with Image.open(BytesIO(still), formats=("PNG",)) as drawn:
                difference = np.abs(
                    np.asarray(played.convert("RGB"), int) - np.asarray(drawn.convert("RGB"), int)
                )
            assert difference.mean() < 1


def test_points_have_the_ground_of_their_moment_behind_them() -> None:
    X = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]], np.float32)
    labels = np.array([0, 1, 1])
    points = FilmScene("blobs", curves(), ("a", "b"), (1, 2), (X, labels))
    film = Film(points, PRINT)
    for split in (1, 3):
        classes = np.zeros((4, 4), np.uint8)
        classes[:, split:] = 1
        regions = PointRegions(classes, (-0.5, 1.5, -0.5, 1.5))
        assert film.still(FilmMoment(3, 0.5, 1.0, regions)).startswith(b"\x89PNG")
        plane = film.figure.axes[1]
        np.testing.assert_array_equal(plane.images[0].get_array(), classes)
        assert [len(np.asarray(part.get_offsets())) for part in plane.collections[-2:]] == [1, 2]


def test_a_run_without_test_figures_says_none_and_weights_without_numbers_are_refused() -> None:
    film = Film(scene())
    film.show(FilmMoment(5, float("nan"), float("nan"), weights(1)))
    assert "After step 5" in texts(film)
    with pytest.raises(UserError, match="not numbers"):
        film.show(FilmMoment(5, 1.0, 1.0, np.full((64, 10), np.nan)))
