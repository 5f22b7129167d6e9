"""How many real people's digits are read rightly: per network, preparation, pen and writer.

``python -m benchmarks.drawing [--json FILE] [--rounds N]``

7,494 digits of 30 people (UCI, E. Alpaydin and F. Alimoglu) are replayed on the canvas. No
network ever learnt from one of them. The settings of the shipped models were chosen on every
third writer (1, 4, 7, ...); the row "writers not chosen on" leaves these out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.mnist import mnist
from benchmarks.pen import Strokes, pen_digits, replay
from benchmarks.report import Report, parse_arguments
from softmax_core.data.ink import (
    Ink,
    centre_by_box,
    crop_to_ink,
    ink_strength,
    ink_to_digit,
    naive_digit,
    to_bytes,
)
from softmax_core.data.store import open_dataset
from softmax_core.explain import predict_samples
from softmax_core.persist import read_run
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.start import build_network

PEN_WIDTH: Final = 20  # the app's, in canvas pixels
OTHER_WIDTHS: Final = (12, 28)
GOALS: Final = {"softmax": 0.85, "mlp": 0.93}
AIMS: Final = {"softmax": 0.87, "mlp": 0.95}
N_WORST: Final = 3
ASSETS: Final = Path(__file__).parents[1] / "assets"

Digits = NDArray[np.uint8]  # (n, 784)
Model = Callable[[Digits], NDArray[np.intp]]  # pictures -> classes


def main() -> int:
    """Replay, train, read, print, and return the exit status."""
    arguments = parse_arguments(__doc__, 1)
    written = pen_digits()
    report = Report("Digits of 30 people on the canvas, read by networks trained on MNIST")
    inks = _inks(written, PEN_WIDTH)
    with mnist():
        _compare_preparations(report, written, inks)
    shipped = {name: _shipped(name) for name in GOALS}
    digits = prepared(inks, "slant removed")
    right = {name: model(digits) == written.labels for name, model in shipped.items()}
    report.heading("shipped models, slant removed: writers")
    for name, hits in right.items():
        _writers(report, name, hits, written.writers)
    report.heading("shipped models: pen width, canvas pixels")
    for width in OTHER_WIDTHS:
        other = prepared(_inks(written, width), "slant removed")
        for name, model in shipped.items():
            report.row(f"{name}, pen {width}", [float((model(other) == written.labels).mean())])
    for name, hits in right.items():
        report.row(f"{name}, pen {PEN_WIDTH}", [float(hits.mean())])
        report.goal_at_least(f"{name}, all strokes,", float(hits.mean()), GOALS[name])
        report.note("aim", f"{name} {AIMS[name]:g}, measured {hits.mean():.4f}")
    return report.finish(arguments.json)


def prepared(inks: list[Ink], preparation: str) -> Digits:
    """Make drawings into pictures of 28 x 28 by one of four preparations."""
    return np.array([_digit(ink, preparation).ravel() for ink in inks])


def _digit(ink: Ink, preparation: str) -> NDArray[np.uint8]:
    if preparation == "naive":
        return naive_digit(ink)
    if preparation == "centred box":
        box = crop_to_ink(ink_strength(ink))
        digit = None if box is None else to_bytes(centre_by_box(box, (28, 28)))
    else:
        digit = ink_to_digit(ink, upright=preparation == "slant removed")
    return np.zeros((28, 28), np.uint8) if digit is None else digit


def _inks(written: Strokes, pen_width: int) -> list[Ink]:
    return [replay(strokes, pen_width) for strokes in written.strokes]


def _compare_preparations(report: Report, written: Strokes, inks: list[Ink]) -> None:
    """Read the same drawings, prepared in four ways, with networks trained here."""
    sets = {"naive": "mnist", "centred box": "mnist", "centre of mass": "mnist"}
    sets["slant removed"] = "mnist-upright"
    for network in GOALS:
        models = {name: _trained(name, network) for name in dict.fromkeys(sets.values())}
        report.heading(f"{network}: preparation (plain training, 10 epochs)")
        for preparation, name in sets.items():
            hits = models[name](prepared(inks, preparation)) == written.labels
            report.row(preparation, [float(hits.mean())])


def _trained(dataset_name: str, network: str) -> Model:
    init, rate = ("zero", 0.1) if network == "softmax" else ("scaled", 0.2)
    config = TrainingConfig(dataset_name, network, rate, epochs=10, init=init)
    dataset = open_dataset(dataset_name)
    train_set = Samples(dataset.train_images, dataset.train_labels)
    state = first_state(config, 784, 10)
    state, _ = advance(state, config, train_set, Budget(until_epoch=config.epochs))
    shape = build_network(config, 784, 10)
    return lambda digits: predict_samples(shape, state.params, digits)


def _shipped(name: str) -> Model:
    saved = read_run((ASSETS / f"mnist-{name}.npz").read_bytes())
    shape = build_network(saved.config, saved.n_features, saved.n_classes)
    return lambda digits: predict_samples(shape, saved.state.params, digits)


def _writers(report: Report, name: str, hits: NDArray[np.bool_], writers: NDArray[np.intp]) -> None:
    """Print the spread over writers, the worst of them, and those the settings never saw."""
    accuracies = {int(w): float(hits[writers == w].mean()) for w in np.unique(writers)}
    report.row(f"{name}, per writer", list(accuracies.values()))
    for writer in sorted(accuracies, key=lambda w: accuracies[w])[:N_WORST]:
        report.row(f"{name}, writer {writer}", [accuracies[writer]])
    report.row(f"{name}, writers not chosen on", [float(hits[writers % 3 != 1].mean())])


if __name__ == "__main__":
    raise SystemExit(main())
