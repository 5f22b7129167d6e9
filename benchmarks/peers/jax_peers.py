"""JAX, compiled: a call for each step, or one call for the whole epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers.task import Floats, Peer, Task, layers_of, params_of

STEP = "JAX, a step compiled"
EPOCH = "JAX, an epoch compiled"


def jax_peers(task: Task) -> list[Peer]:
    """Return both ways; raise ImportError where JAX is not installed.

    Compiling is not counted: the first, uncounted round does it.
    """
    jax: Any = import_module("jax")
    jax.config.update("jax_platforms", "cpu")
    X, labels = jax.device_put(task.inputs), jax.device_put(task.labels)
    step = _step_of(jax, task.config.learning_rate)
    return [_by_step(jax, task, X, labels, step), _by_epoch(jax, task, X, labels, step)]


def _step_of(jax: Any, rate: float) -> Callable[[Any, Any, Any], Any]:
    def loss_of(layers: Any, part: Any, true: Any) -> Any:
        for W, b in layers[:-1]:
            part = jax.nn.relu(part @ W + b)
        W, b = layers[-1]
        log_probabilities = jax.nn.log_softmax(part @ W + b)
        return -jax.numpy.mean(jax.numpy.take_along_axis(log_probabilities, true[:, None], axis=1))

    def step(layers: Any, part: Any, true: Any) -> Any:
        gradient = jax.grad(loss_of)(layers, part, true)
        return jax.tree.map(lambda own, change: own - rate * change, layers, gradient)

    return step


def _by_step(jax: Any, task: Task, X: Any, labels: Any, step: Callable[..., Any]) -> Peer:
    compiled = jax.jit(lambda layers, rows: step(layers, X[rows], labels[rows]))

    def epoch() -> Mapping[str, Floats]:
        layers = [(jax.device_put(W), jax.device_put(b)) for W, b in layers_of(task.start)]
        for first in range(0, task.n_samples, task.batch_size):
            layers = compiled(layers, task.order[first : first + task.batch_size])
        return _taken(layers)

    return Peer(STEP, epoch)


def _by_epoch(jax: Any, task: Task, X: Any, labels: Any, step: Callable[..., Any]) -> Peer:
    whole = task.n_samples // task.batch_size * task.batch_size
    rows = task.order[:whole].reshape(-1, task.batch_size)
    rest = task.order[whole:]

    def run(layers: Any, rows: Any) -> Any:
        def one(layers: Any, batch: Any) -> Any:
            return step(layers, X[batch], labels[batch]), None

        layers, _ = jax.lax.scan(one, layers, rows)
        return step(layers, X[rest], labels[rest]) if len(rest) else layers

    compiled = jax.jit(run)

    def epoch() -> Mapping[str, Floats]:
        start = [(jax.device_put(W), jax.device_put(b)) for W, b in layers_of(task.start)]
        return _taken(compiled(start, rows))

    return Peer(EPOCH, epoch)


def _taken(layers: Any) -> dict[str, Floats]:
    """Wait for the result and copy it."""
    return params_of([(np.asarray(W), np.asarray(b)) for W, b in layers])
