"""PyTorch, eagerly, as its tutorials do: tensors in memory, or through a DataLoader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers.task import Floats, Peer, Task, layers_of, params_of

EAGER = "PyTorch eager"
LOADER = "PyTorch DataLoader"


def torch_peers(task: Task, n_threads: int) -> list[Peer]:
    """Return both ways; raise ImportError where PyTorch is not installed."""
    torch: Any = import_module("torch")
    torch.set_num_threads(n_threads)
    X, labels = torch.from_numpy(task.inputs), torch.from_numpy(task.labels)
    order = torch.from_numpy(task.order)

    def in_memory() -> Iterable[tuple[Any, Any]]:
        for rows in order.split(task.batch_size):
            yield X[rows], labels[rows]

    def loaded() -> Iterable[tuple[Any, Any]]:
        dataset = torch.utils.data.TensorDataset(X, labels)
        loader: Iterable[tuple[Any, Any]] = torch.utils.data.DataLoader(
            dataset, batch_size=task.batch_size, sampler=task.order.tolist()
        )
        return loader

    return [
        Peer(EAGER, lambda: _epoch(torch, task, in_memory)),
        Peer(LOADER, lambda: _epoch(torch, task, loaded)),
    ]


def _epoch(
    torch: Any, task: Task, batches: Callable[[], Iterable[tuple[Any, Any]]]
) -> Mapping[str, Floats]:
    model = _model(torch, task)
    optimizer = torch.optim.SGD(model.parameters(), lr=task.config.learning_rate)
    loss_of = torch.nn.CrossEntropyLoss()
    for part, true in batches():
        optimizer.zero_grad()
        loss_of(model(part), true).backward()
        optimizer.step()
    linear = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    return params_of(
        [
            (np.asarray(layer.weight.detach().numpy().T), layer.bias.detach().numpy())
            for layer in linear
        ]
    )


def _model(torch: Any, task: Task) -> Any:
    parts = []
    for W, b in layers_of(task.start):
        layer = torch.nn.Linear(*W.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(W.T.copy()))
            layer.bias.copy_(torch.from_numpy(b.copy()))
        parts += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*parts[:-1])
