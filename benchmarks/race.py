"""Many lanes side by side against one, against a sweep's bound, and against PyTorch.

``python -m benchmarks.race [--json FILE] [--rounds N]``

Everything takes turns in one run, on one thread, in processor time: waiting for a core that
others use does not count. A lane is softmax regression on MNIST at batch 128; the lanes
differ in their learning rates. PyTorch trains the same lanes one after another, with the
same first weights and the same batches; where it is not installed, that is said.

The goals of 16 and 64 lanes were met when one lane by itself took a quarter longer; since then its
step has been made faster (``fused``), and that of many lanes, which is two thirds products of
matrices and picking pixels, has not. ``race_peers`` says what they take beside PyTorch's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import in_turn, ratios
from softmax_core.training import (
    Budget,
    Samples,
    TrainingConfig,
    TrainingState,
    advance,
    first_state,
)
from softmax_core.training.evaluate_lanes import evaluate_lanes
from softmax_core.training.race import advance_race
from softmax_core.training.start import epoch_order
from softmax_core.training.sweep import sweep_configs, sweep_starts

CONFIG: Final = TrainingConfig(dataset="mnist", batch_size=128, epochs=1)
STEPS: Final = 234  # half an epoch
LANES: Final = (6, 16, 64)
GOALS: Final = {16: 5.0, 64: 15.0}
SWEEP_GOAL: Final = 12.0
ROUNDS: Final = 9
TORCH_ROUNDS: Final = 3
TORCH_LANES: Final = 16

Race = tuple[tuple[TrainingState, ...], Any]


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    with mnist() as dataset, threadpool_limits(1, user_api="blas"):
        report = Report("Lanes of softmax regression on MNIST, batch 128, one thread")
        samples = Samples(dataset.train_images, dataset.train_labels)
        test_set = Samples(dataset.test_images, dataset.test_labels)
        start = first_state(CONFIG, samples.n_features, 10)
        _lanes(report, start, samples, arguments.rounds)
        _sweep(report, start, samples, test_set, arguments.rounds)
        _agreement(report, start, samples)
        _torch(report, start, samples)
    return report.finish(arguments.json)


def race_of(n_lanes: int, start: TrainingState, samples: Samples) -> Callable[[], Race]:
    """Return what trains so many lanes side by side."""
    configs = lane_configs(n_lanes)
    return lambda: advance_race((start,) * n_lanes, configs, samples, Budget(steps=STEPS))


def lane_configs(n_lanes: int) -> tuple[TrainingConfig, ...]:
    """Return the lanes: they differ in their learning rates."""
    rates = np.geomspace(0.01, 1.0, n_lanes)
    return tuple(replace(CONFIG, learning_rate=float(rate)) for rate in rates)


def _lanes(report: Report, start: TrainingState, samples: Samples, rounds: int) -> None:
    one = "one lane, by advance"
    actions: dict[str, Callable[[], object]] = {
        one: lambda: advance(start, CONFIG, samples, Budget(steps=STEPS))
    }
    actions |= {f"{n} lanes side by side": race_of(n, start, samples) for n in LANES}
    measured = in_turn({name: processor_ms(do) for name, do in actions.items()}, rounds)
    report.heading(f"{STEPS} steps ({rounds} rounds)")
    for name, values in measured.items():
        report.row(name, values, "ms")
    for n in LANES:
        ratio = report.row(
            f"{n} lanes / one", ratios(measured[f"{n} lanes side by side"], measured[one])
        )
        if n in GOALS:
            report.goal_at_most(f"{n} lanes / one lane", ratio.median, GOALS[n])


def _sweep(
    report: Report, start: TrainingState, samples: Samples, test_set: Samples, rounds: int
) -> None:
    """Compare an epoch with 32 rates, and testing them all, with an epoch of one run."""
    configs = sweep_configs(CONFIG)
    starts = sweep_starts(CONFIG, samples.n_features, 10)
    epoch, swept = "one epoch of one run", "one epoch of 32 rates"
    tested = "testing 32 rates on 10,000 digits"
    measured = in_turn(
        {
            epoch: processor_ms(lambda: advance(start, CONFIG, samples, Budget(until_epoch=1))),
            swept: processor_ms(
                lambda: advance_race(starts, configs, samples, Budget(until_epoch=1))
            ),
            tested: processor_ms(lambda: evaluate_lanes(starts, configs, test_set)),
        },
        rounds,
    )
    report.heading(f"sweep ({rounds} rounds)")
    for name, values in measured.items():
        report.row(name, values, "ms")
    ratio = report.row("32 rates / one run", ratios(measured[swept], measured[epoch]))
    report.goal_at_most("sweep of 32 rates / one run", ratio.median, SWEEP_GOAL)


def _agreement(report: Report, start: TrainingState, samples: Samples) -> None:
    """Print how far weights are from those of running alone, rate by rate, after an epoch."""
    configs = sweep_configs(CONFIG)
    together, _ = advance_race((start,) * len(configs), configs, samples, Budget(until_epoch=1))
    differences = {}
    for state, config in zip(together, configs, strict=True):
        alone, _ = advance(start, config, samples, Budget(until_epoch=1))
        differences[config.learning_rate] = _difference(state.params["W"], alone.params["W"])
    close = [rate for rate, difference in differences.items() if difference <= 1e-5]
    listed = ", ".join(f"{d:.1g} at {rate:g}" for rate, d in differences.items() if d > 1e-5)
    report.heading("largest difference / largest weight, together and alone, one epoch")
    report.note("rates", f"{len(close)} of {len(differences)} within 1e-5; beyond: {listed or '-'}")
    worst = max(differences[rate] for rate in close)
    report.note("others", f"at most {worst:.2g} for {min(close):g} to {max(close):g}")


def _torch(report: Report, start: TrainingState, samples: Samples) -> None:
    try:
        import torch
    except ImportError:
        report.note("PyTorch", "not measured: pip install -r requirements-bench.txt")
        return
    torch.set_num_threads(1)
    report.note("PyTorch", torch.__version__)
    configs, lanes = lane_configs(TORCH_LANES), _TorchLanes(torch, start, samples)
    ours, theirs = f"{TORCH_LANES} lanes side by side", f"{TORCH_LANES} lanes by PyTorch in turn"
    one = "one lane by PyTorch"
    measured = in_turn(
        {
            ours: processor_ms(race_of(TORCH_LANES, start, samples)),
            one: processor_ms(lambda: lanes.train(CONFIG)),
            theirs: processor_ms(lambda: [lanes.train(config) for config in configs]),
        },
        TORCH_ROUNDS,
    )
    report.heading(f"{STEPS} steps ({TORCH_ROUNDS} rounds)")
    for name, values in measured.items():
        report.row(name, values, "ms")
    report.row("PyTorch / ours", ratios(measured[theirs], measured[ours]))
    states, _ = race_of(TORCH_LANES, start, samples)()
    worst = max(
        _difference(state.params["W"], lanes.train(config))
        for state, config in zip(states, configs, strict=True)
    )
    report.note("agreement", f"largest difference of any weight / largest weight: {worst:.2g}")


class _TorchLanes:
    """Trains a lane as PyTorch's tutorials do, from the same weights, on the same batches."""

    def __init__(self, torch: Any, start: TrainingState, samples: Samples) -> None:
        self._torch, self._start, self._n_samples = torch, start, samples.n_samples
        self._images = torch.from_numpy(np.array(samples.images))
        self._labels = torch.from_numpy(samples.labels.astype(np.int64))

    def train(self, config: TrainingConfig) -> NDArray[np.float32]:
        """Return the weights in the end, shape (n_features, n_classes)."""
        torch, params = self._torch, self._start.params
        model = torch.nn.Linear(*params["W"].shape)
        with torch.no_grad():
            model.weight.copy_(torch.tensor(params["W"].T))
            model.bias.copy_(torch.tensor(params["b"]))
        optimizer = torch.optim.SGD(model.parameters(), lr=config.learning_rate)
        loss_of = torch.nn.CrossEntropyLoss()
        order = torch.from_numpy(epoch_order(config.seed, 0, self._n_samples))
        for step in range(STEPS):
            rows = order[step * config.batch_size : (step + 1) * config.batch_size]
            loss = loss_of(model(self._images[rows].float() / 255), self._labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return np.asarray(model.weight.detach().numpy().T)


def _difference(W: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.abs(W - other).max() / np.abs(other).max())


def processor_ms(action: Callable[[], object]) -> Callable[[], float]:
    """Return what runs the action and gives the milliseconds of processor time it took."""

    def measure() -> float:
        began = time.process_time()
        action()
        return (time.process_time() - began) * 1e3

    return measure


if __name__ == "__main__":
    raise SystemExit(main())
