"""Many lanes side by side, beside PyTorch's way to do many models at once.

``python -m benchmarks.race_peers [--json FILE] [--rounds N]``

16 and 64 lanes of softmax regression on MNIST at batch 128, one thread, processor time: ours, and
PyTorch's ``vmap`` over the gradient of one lane, and the same with the weights stacked by hand
into one product for all lanes. All lanes start alike, see the same batches and differ in their
learning rates; their weights agree in the end, or the row is void.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.mnist import mnist
from benchmarks.race import CONFIG, STEPS, lane_configs, processor_ms, race_of
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import in_turn, ratios, spread
from softmax_core.training import Samples, TrainingState, first_state
from softmax_core.training.start import epoch_order

LANES: Final = (16, 64)
ROUNDS: Final = 5
OURS: Final = "Softmax Lab"
AGREE: Final = 1e-4  # largest difference of two weights / largest weight
Floats = NDArray[np.float32]


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    with mnist() as dataset, threadpool_limits(1, user_api="blas"):
        report = Report("Lanes side by side beside PyTorch's vmap, batch 128, one thread")
        samples = Samples(dataset.train_images, dataset.train_labels)
        start = first_state(CONFIG, samples.n_features, 10)
        try:
            torch: Any = import_module("torch")
        except ImportError:
            report.note("PyTorch", "not measured: pip install -r requirements-bench.txt")
            return report.finish(arguments.json)
        torch.set_num_threads(1)
        report.note("PyTorch", torch.__version__)
        for n in LANES:
            _compare(
                report, _Batched(torch, start, samples, n), n, start, samples, arguments.rounds
            )
    return report.finish(arguments.json)


def _compare(
    report: Report,
    batched: _Batched,
    n: int,
    start: TrainingState,
    samples: Samples,
    rounds: int,
) -> None:
    ends: dict[str, Floats] = {}

    def kept(name: str, train: Callable[[], Floats]) -> Callable[[], None]:
        def do() -> None:
            ends[name] = train()

        return do

    race = race_of(n, start, samples)
    ways: dict[str, Callable[[], Floats]] = {
        OURS: lambda: np.stack([state.params["W"] for state in race()[0]]),
        "PyTorch vmap": batched.by_vmap,
        "PyTorch, stacked by hand": batched.by_hand,
    }
    found = in_turn({name: processor_ms(kept(name, way)) for name, way in ways.items()}, rounds)
    report.heading(f"{n} lanes, {STEPS} steps ({rounds} rounds)")
    report.row(f"{n} lanes, {OURS}", found[OURS], "ms")
    fastest = float("inf")
    for name in list(ways)[1:]:
        off = float(np.abs(ends[name] - ends[OURS]).max() / np.abs(ends[OURS]).max())
        void = "" if off <= AGREE else f": VOID, weights {off:.1g} off"
        report.row(f"{n} lanes, {name}{void}", found[name], "ms")
        if not void:
            ratio = ratios(found[name], found[OURS])
            report.row(f"{n} lanes, {name} / ours", ratio)
            fastest = min(fastest, spread(ratio).median)
    report.goal_at_least(f"{n} lanes, the faster of PyTorch's ways / ours", fastest, 1.0)


class _Batched:
    """The same lanes in PyTorch, all in each product."""

    def __init__(self, torch: Any, start: TrainingState, samples: Samples, n: int) -> None:
        self._torch, self._start, self._n = torch, start, n
        self._images = torch.from_numpy(np.array(samples.images))
        self._labels = torch.from_numpy(samples.labels.astype(np.int64))
        self._order = torch.from_numpy(epoch_order(CONFIG.seed, 0, samples.n_samples))
        self._rates = torch.tensor([config.learning_rate for config in lane_configs(n)])

    def by_vmap(self) -> Floats:
        """Take the gradient of one lane, mapped over all of them."""
        torch = self._torch
        loss_of = torch.nn.functional.cross_entropy

        def loss(W: Any, b: Any, X: Any, true: Any) -> Any:
            return loss_of(X @ W + b, true)

        gradients = torch.func.vmap(torch.func.grad(loss, (0, 1)), (0, 0, None, None))
        W, b = self._stacked()
        for X, true in self._batches():
            dW, db = gradients(W, b, X, true)
            W -= self._rates[:, None, None] * dW
            b -= self._rates[:, None] * db
        return np.asarray(W.numpy())

    def by_hand(self) -> Floats:
        """Write the gradient down, with the weights of all lanes side by side in one matrix."""
        torch, n, classes = self._torch, self._n, 10
        W, b = self._stacked()
        flat = W.permute(1, 0, 2).reshape(-1, n * classes).contiguous()
        rates = self._rates.repeat_interleave(classes)
        bias = b.reshape(-1).clone()
        for X, true in self._batches():
            Z = (X @ flat + bias).reshape(-1, n, classes)
            dZ = torch.softmax(Z, 2)
            dZ[torch.arange(len(true)), :, true] -= 1
            dZ = dZ.reshape(-1, n * classes) / len(true)
            flat -= rates * (X.T @ dZ)
            bias -= rates * dZ.sum(0)
        return np.asarray(flat.reshape(-1, n, classes).permute(1, 0, 2).numpy())

    def _stacked(self) -> tuple[Any, Any]:
        torch, params = self._torch, self._start.params
        return (
            torch.from_numpy(np.stack([params["W"]] * self._n)),
            torch.from_numpy(np.stack([params["b"]] * self._n)),
        )

    def _batches(self) -> Any:
        for step in range(STEPS):
            rows = self._order[step * CONFIG.batch_size : (step + 1) * CONFIG.batch_size]
            yield self._images[rows].float() / 255, self._labels[rows]


if __name__ == "__main__":
    raise SystemExit(main())
