"""Is the predicted edge of stability right? Against full-batch training on three data sets.

``python -m benchmarks.edge [--json FILE]``

Softmax regression from all-zero weights, on every so many-th picture of the training set (the
sample that the page measures its edge on), all of them in every batch. Everything is
decided by the data: a second run prints the same numbers.

Three questions. Does a small disturbance along the steepest direction die out below the
predicted rate and grow above it? At which rate does the loss rise for the first time, within 60
steps? And are the steps at which it rises those whose rate is above the edge of the very
weights they start from?
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from softmax_core.data.store import open_dataset
from softmax_core.nn import Params
from softmax_core.nn.hessian import flat, unflat
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.edge import Edge, edge_at_zero, edge_on, edge_sample
from softmax_core.training.evaluate import evaluate
from softmax_core.training.layered import network_of
from softmax_core.training.samples import to_inputs
from softmax_core.training.state import TrainingState

DATASETS: Final = ("mnist", "fashion-mnist", "digits")
STEPS: Final = 60
LONG: Final = 200
FINER: Final = 1.02  # from one tried rate to the next
LOWEST: Final = 0.3  # of the predicted rate
HIGHEST: Final = 4.0
BEYOND: Final = (1.0, 2.0, 4.0, 10.0, 20.0)  # times the edge
CLOSE: Final = 15.0  # per cent
DISTURBANCE: Final = 1e-2  # length, small beside any weights that have learned something


@dataclass(frozen=True)
class Case:
    """A training set, its settings but for the rate, and the predicted edge at its start."""

    config: TrainingConfig
    samples: Samples
    test_set: Samples
    state: TrainingState
    edge: Edge

    def train(self, rate: float, steps: int) -> tuple[TrainingState, NDArray[np.float32]]:
        """Train from the start; return the state and the loss before each step."""
        config = replace(self.config, learning_rate=rate)
        state, records = advance(self.state, config, self.samples, Budget(until_step=steps))
        return state, records.loss


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, 1)
    report = Report("The edge of stability, predicted and found, softmax regression, full batch")
    off = []
    with mnist():
        for name in DATASETS:
            case = _case(name, "softmax")
            report.heading(f"{name}, {len(case.samples.labels):,} pictures")
            off.append(_at_the_start(report, case))
            _first_rise(report, case)
            _rises(report, case)
            _beyond(report, case, BEYOND)
        case = _case("mnist", "mlp")
        report.heading("mnist, one hidden layer of 100")
        report.row("edge at the start", [case.edge.rate])
        _beyond(report, case, BEYOND)
    worst = max(off)
    report.goal_at_most("Disturbance at the start, worst deviation in per cent", worst, CLOSE)
    return report.finish(arguments.json)


def _case(name: str, network: str) -> Case:
    dataset = open_dataset(name)
    samples = edge_sample(Samples(dataset.train_images, dataset.train_labels))
    init = "zero" if network == "softmax" else "scaled"
    config = TrainingConfig(name, network, init=init, batch_size=len(samples.labels))
    state = first_state(config, dataset.info.n_features, dataset.info.n_classes)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    return Case(config, samples, test_set, state, edge_on(samples, config, state.params))


def _at_the_start(report: Report, case: Case) -> float:
    """Find the rate above which a disturbance grows; return how far off the prediction is."""
    report.row("predicted: 2 / largest eigenvalue", [case.edge.rate])
    report.row(
        "by the formula for zero weights", [edge_at_zero(to_inputs(case.samples.images), 10)]
    )
    direction = unflat(case.edge.vector * np.float32(DISTURBANCE), case.state.params)
    moved = {name: array + direction[name] for name, array in case.state.params.items()}
    disturbed = replace(case, state=replace(case.state, params=moved))

    def growth(rate: float) -> float:
        ends = [flat(each.train(rate, 1)[0].params) for each in (case, disturbed)]
        return float(np.linalg.norm(ends[1] - ends[0])) / DISTURBANCE

    # Up to half the edge the disturbance shrinks the faster the higher the rate: look above.
    found = _crossing(growth, LOWEST * case.edge.rate, HIGHEST * case.edge.rate)
    report.row("a disturbance grows from", [found])
    return _deviation(report, case, found)


def _first_rise(report: Report, case: Case) -> None:
    """Find the lowest rate at which the loss rises within ``STEPS`` steps."""
    rate = LOWEST * case.edge.rate
    rises = _rising_steps(case.train(rate, STEPS)[1])
    while not len(rises) and rate < HIGHEST * case.edge.rate:
        rate *= FINER
        rises = _rising_steps(case.train(rate, STEPS)[1])
    report.row(f"the loss rises within {STEPS} steps from", [rate])
    if len(rises):
        _deviation(report, case, rate)
        report.row("   its first rise at step", [float(rises[0])])
        edges = [_edge_after(case, rate, step) for step in range(int(rises[0]))]
        report.row("   the edge until then", edges)


def _rises(report: Report, case: Case) -> None:
    """Count the rises whose rate is above the edge of the weights they start from."""
    above = total = 0
    for factor in (0.8, 1.0, 1.6, 2.0, 4.0):
        rate = factor * case.edge.rate
        # The loss noted at a step was made by the update of the step before.
        for step in _rising_steps(case.train(rate, STEPS)[1]):
            total += 1
            above += rate > _edge_after(case, rate, int(step) - 2)
    report.row("rises counted at 0.8 to 4 times the edge", [float(total)])
    report.row("   with the rate above the edge of then", [float(above)])


def _beyond(report: Report, case: Case, factors: tuple[float, ...]) -> None:
    for factor in factors:
        rate = factor * case.edge.rate
        state, losses = case.train(rate, LONG)
        network = network_of(case.config, state.params)
        _, accuracy = evaluate(network, state.params, case.test_set, case.config)
        report.row(f"{factor:g} x the edge: highest loss", [float(losses.max())], "nats")
        rises = len(_rising_steps(losses))
        report.row(f"   loss after {LONG} steps, {rises} of them up", [float(losses[-1])], "nats")
        report.row("   right on the test set", [100 * accuracy], "%")
        now = edge_on(case.samples, case.config, state.params, case.edge.vector)
        report.row(f"   edge then, the rate being {rate:.3g}", [now.rate])


def _edge_after(case: Case, rate: float, step: int) -> float:
    params: Params = case.train(rate, step)[0].params
    return edge_on(case.samples, case.config, params, case.edge.vector).rate


def _rising_steps(losses: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the numbers (from 1) of the steps whose loss is above that of the step before."""
    return np.flatnonzero(np.diff(losses) > 0) + 2


def _crossing(f: Callable[[float], float], low: float, high: float) -> float:
    """Return where f reaches 1 on its way up, by bisection: ``f(low) < 1 < f(high)``."""
    while high / low > 1.001:
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 1 else (low, middle)
    return (low + high) / 2


def _deviation(report: Report, case: Case, found: float) -> float:
    deviation = 100 * (found / case.edge.rate - 1)
    report.row("   away from the prediction by", [deviation], "%")
    return abs(deviation)


if __name__ == "__main__":
    raise SystemExit(main())
