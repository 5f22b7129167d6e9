"""The terminal and the page's canvas give the same probabilities for what real people drew."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from softmax_core.data.ink import canvas_to_ink
from softmax_core.data.store import open_dataset
from softmax_core.limits import CANVAS_SIDE
from softmax_core.persist import write_run
from softmax_core.service import Engine
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from tests.real_data import real_folder
from tests.service.by_hand import ManualExecutor
from tests.terminal.calls import Call
from ui.live.reading import score

STROKES = "strokes/pendigits-tra.json.gz"
PEN_WIDTH = 20
FINER = 3

# Of each kind of preparation: as MNIST, without slant, and 8 x 8.
RUNS = {
    "as they were drawn": TrainingConfig(init="trained"),
    "upright": TrainingConfig("mnist-5k-upright", "mlp", init="trained"),
    "raw pixels": TrainingConfig(init="scaled", pixels="raw", learning_rate=1e-5),
    "8 x 8": TrainingConfig("digits"),
}


def canvas(strokes: list[list[list[int]]]) -> Image.Image:
    """Draw a digit with a round pen somewhere on the canvas, black on white."""
    points = np.array([point for stroke in strokes for point in stroke], dtype=np.float64)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    side, radius = CANVAS_SIDE * FINER, PEN_WIDTH * FINER / 2
    picture = Image.new("L", (side, side), 255)
    draw: Any = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = side * (0.2 + 0.55 * (np.array(stroke) - low) / size)
        line = [(float(x), float(y)) for x, y in path]
        if len(line) > 1:
            draw.line(line, fill=0, width=PEN_WIDTH * FINER)
        for x, y in line:
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    return picture.resize((CANVAS_SIDE, CANVAS_SIDE), Image.Resampling.BOX).convert("RGBA")


def transparent(picture: Image.Image) -> Image.Image:
    """Return the same drawing as ink on nothing, as the browser's canvas holds it."""
    dark = 255 - np.asarray(picture)[..., 0]
    return Image.fromarray(np.dstack([np.zeros_like(dark)] * 3 + [dark]))


@pytest.fixture(scope="module")
def written() -> tuple[list[Image.Image], NDArray[np.int64]]:
    """Forty digits of many people, four of each class."""
    digits = json.loads(gzip.decompress((real_folder(STROKES) / STROKES).read_bytes()))["digits"]
    chosen = [
        digit
        for label in range(10)
        for digit in [d for d in digits if d["label"] == label][::180][:4]
    ]
    assert len({digit["writer"] for digit in chosen}) > 5
    return [canvas(digit["strokes"]) for digit in chosen], np.array([d["label"] for d in chosen])


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A run on the page, and the same one saved."""
    config = RUNS[request.param]
    dataset = open_dataset(config.dataset)
    state = first_state(config, dataset.info.n_features, dataset.info.n_classes)
    if config.init != "trained":
        samples = Samples(dataset.train_images, dataset.train_labels)
        state, _ = advance(state, config, samples, Budget(until_epoch=5))
    path = tmp_path / "run.npz"
    path.write_bytes(write_run(config, state))
    engine = Engine(ManualExecutor, 1)
    session = engine.open(config)
    engine.load(session, config, state)
    yield engine, session, path
    engine.close()


def test_the_same_drawing_has_the_same_probabilities_bit_for_bit(
    run: Any, written: tuple[list[Image.Image], NDArray[np.int64]], call: Call, tmp_path: Path
) -> None:
    engine, session, path = run
    drawings, labels = written
    right, files = [], []
    for i, drawing in enumerate(drawings):
        files.append(tmp_path / f"{i}.png")
        (drawing if i % 2 else transparent(drawing)).save(files[-1])
    answer = call("predict", path, *files, "--json")
    assert (answer.code, answer.err) == (0, "")
    for line, drawing, label in zip(answer.out.splitlines(), drawings, labels, strict=True):
        engine.set_drawing(session, canvas_to_ink(np.asarray(drawing)))
        scored = score(engine.view(session))
        assert scored is not None
        assert json.loads(line)["probabilities"] == scored.reading.probabilities.tolist()
        right.append(scored.reading.prediction == label)
    assert np.mean(right) > 0.3  # three times chance, or blank pictures would do
