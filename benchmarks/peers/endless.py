"""One process that trains until its time is over: says it is ready, waits for a word, counts.

``python -m benchmarks.peers.endless loop|torch SECONDS`` prints the examples a second.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import numpy as np

from softmax_core.data.store import open_dataset
from softmax_core.training.samples import to_inputs

RATE: Final = 0.1
BATCH: Final = 128
_WARM_UP: Final = 20  # steps


def main() -> None:
    """Train in the way the command line names."""
    way, seconds = sys.argv[1], float(sys.argv[2])
    dataset = open_dataset("mnist")
    inputs, labels = to_inputs(dataset.train_images), dataset.train_labels.astype(np.int64)
    steps = {"loop": _loop, "torch": _torch}[way](inputs, labels)
    for _ in range(_WARM_UP):
        next(steps)
    print("ready", flush=True)
    sys.stdin.readline()
    began, seen = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        seen += next(steps)
    print(seen / max(time.perf_counter() - began, 1e-9), flush=True)


def _loop(inputs: Any, labels: Any) -> Iterator[int]:
    """Step as the mini-batch notebook does; yield the examples of each step."""
    rng = np.random.default_rng(0)
    W, b = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)
    while True:
        order = rng.permutation(len(labels))
        shuffled, true = inputs[order], labels[order]
        for start in range(0, len(true), BATCH):
            part, own = shuffled[start : start + BATCH], true[start : start + BATCH]
            Z = part @ W + b
            Z = np.exp(Z - Z.max(axis=1, keepdims=True))
            probabilities = Z / Z.sum(axis=1, keepdims=True)
            Y = np.zeros((len(own), 10), np.float32)
            Y[np.arange(len(own)), own] = 1
            dlogits = (probabilities - Y) / np.float32(len(own))
            W -= np.float32(RATE) * (part.T @ dlogits)
            b -= np.float32(RATE) * dlogits.sum(axis=0)
            yield len(own)


def _torch(inputs: Any, labels: Any) -> Iterator[int]:
    torch: Any = import_module("torch")
    X, true = torch.from_numpy(inputs), torch.from_numpy(labels)
    model, loss_of = torch.nn.Linear(784, 10), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    while True:
        for rows in torch.randperm(len(true)).split(BATCH):
            optimizer.zero_grad()
            loss_of(model(X[rows]), true[rows]).backward()
            optimizer.step()
            yield len(rows)


if __name__ == "__main__":
    main()
