"""What the preparation is for: MNIST stays MNIST, and people's drawings become readable."""

from __future__ import annotations

import gzip
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from softmax_core.data.embedded import load_embedded
from softmax_core.data.ink import canvas_to_ink, ink_to_digit, naive_digit
from softmax_core.limits import CANVAS_SIDE
from tests.real_data import real_folder

Array = np.ndarray


@pytest.fixture(scope="module")
def model() -> tuple[Array, Array]:
    """Softmax regression on the embedded digits by plain gradient descent."""
    sample = load_embedded("mnist-5k")
    X = sample.train_images.astype(np.float32) / 255
    Y = np.eye(10, dtype=np.float32)[sample.train_labels]
    W, b = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)
    for _ in range(150):
        scores = X @ W + b
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = (p / p.sum(axis=1, keepdims=True) - Y) / len(X)
        W -= 1.0 * X.T @ error
        b -= 1.0 * error.sum(axis=0)
    return W, b


def accuracy(model: tuple[Array, Array], digits: list[Array], labels: Array) -> float:
    X = np.array([digit.ravel() for digit in digits]) / 255
    return float(np.mean((X @ model[0] + model[1]).argmax(axis=1) == labels))


def prepared(ink: Array) -> Array:
    digit = ink_to_digit(ink)
    assert digit is not None
    return digit


def test_mnist_prepared_again_is_read_as_well_as_before(model: tuple[Array, Array]) -> None:
    sample = load_embedded("mnist-5k")
    images = list(sample.test_images.reshape(-1, 28, 28))
    before = accuracy(model, images, sample.test_labels)
    after = accuracy(model, [prepared(image) for image in images], sample.test_labels)
    assert before > 0.87
    assert after > before - 0.005


def test_drawings_on_a_pen_tablet_are_read_far_better_than_merely_shrunk(
    model: tuple[Array, Array],
) -> None:
    inks, labels = drawings(every=15)
    careful = accuracy(model, [prepared(ink) for ink in inks], labels)
    naive = accuracy(model, [naive_digit(ink) for ink in inks], labels)
    assert careful > 0.74
    assert naive < 0.5


def drawings(every: int) -> tuple[list[Array], Array]:
    """Replay pen strokes on a canvas with a round pen of 20 pixels."""
    file = "strokes/pendigits-tra.json.gz"
    path = real_folder(file) / file
    chosen = json.loads(gzip.decompress(path.read_bytes()))["digits"][::every]
    return [replay(digit["strokes"]) for digit in chosen], np.array([d["label"] for d in chosen])


def replay(strokes: list[list[list[int]]]) -> Array:
    fine, size = 3, 180  # drawn three times as fine, the digit's longer side 180 pixels
    side, width = CANVAS_SIDE * fine, 20 * fine
    picture = Image.new("L", (side, side), 255)
    draw: Any = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = [tuple(fine * (40 + size * v / 1000) for v in point) for point in stroke]
        if len(points) > 1:
            draw.line(points, fill=0, width=width)
        for x, y in points:
            draw.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=0)
    small = picture.resize((CANVAS_SIDE, CANVAS_SIDE), Image.Resampling.BOX)
    return canvas_to_ink(np.asarray(small.convert("RGBA")))
