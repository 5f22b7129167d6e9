"""One process that trains until 92 % of MNIST's test set are read rightly, in one way.

``python -m benchmarks.peers.to_accuracy WAY``; exit status 1 where it does not come so far, 3
where a library is missing. Nothing is imported that the way does not need.
"""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path
from typing import Any, Final

ENOUGH: Final = 0.92
MOST_EPOCHS: Final = 30
RATE: Final = 0.1
BATCH: Final = 128
_NOT_INSTALLED: Final = 3


def main() -> int:
    """Train in the way the command line names."""
    ways = {
        "ours": _ours,
        "loop": _loop,
        "torch": _torch,
        "jax": _jax,
        "mlp": _mlp,
        "logistic": _logistic,
    }
    try:
        return 0 if ways[sys.argv[1]]() else 1
    except ImportError:
        return _NOT_INSTALLED


def _ours() -> bool:
    from softmax_core.data.store import open_dataset
    from softmax_core.training import (
        Budget,
        Samples,
        TrainingConfig,
        advance,
        evaluate,
        first_state,
    )
    from softmax_core.training.layered import network_of

    dataset = open_dataset("mnist")
    config = TrainingConfig(dataset="mnist", learning_rate=RATE, batch_size=BATCH)
    train_set = Samples(dataset.train_images, dataset.train_labels)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    state = first_state(config, train_set.n_features, 10)
    for epoch in range(1, MOST_EPOCHS + 1):
        state, _ = advance(state, config, train_set, Budget(until_epoch=epoch))
        if evaluate(network_of(config, state.params), state.params, test_set)[1] >= ENOUGH:
            return True
    return False


def _read() -> tuple[Any, Any, Any, Any]:
    """Read the files as the notebooks do: X in [0, 1] and labels, to learn and to test."""
    import numpy as np

    folder = Path(os.environ["SOFTMAX_DATA"]) / "mnist"

    def content(start: str, skip: int) -> Any:
        (path,) = folder.glob(f"{start}*")
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return np.frombuffer(raw, np.uint8, offset=skip)

    parts = []
    for name in ("train", "t10k"):
        images = content(f"{name}-images", 16).reshape(-1, 784).astype(np.float32) / 255
        parts += [images, content(f"{name}-labels", 8).astype(np.int64)]
    return parts[0], parts[1], parts[2], parts[3]


def _loop() -> bool:
    import numpy as np

    X, labels, X_test, labels_test = _read()
    rng = np.random.default_rng(0)
    W = (rng.normal(size=(784, 10)) * 0.01).astype(np.float32)
    b = np.zeros(10, np.float32)
    for _epoch in range(MOST_EPOCHS):
        order = rng.permutation(len(labels))
        shuffled, true = X[order], labels[order]
        for start in range(0, len(true), BATCH):
            part, own = shuffled[start : start + BATCH], true[start : start + BATCH]
            Z = part @ W + b
            Z = np.exp(Z - Z.max(axis=1, keepdims=True))
            Z /= Z.sum(axis=1, keepdims=True)
            Z[np.arange(len(own)), own] -= 1
            Z /= len(own)
            W -= RATE * (part.T @ Z)
            b -= RATE * Z.sum(axis=0)
        if np.mean((X_test @ W + b).argmax(axis=1) == labels_test) >= ENOUGH:
            return True
    return False


def _torch() -> bool:
    from importlib import import_module

    torch: Any = import_module("torch")
    X, labels, X_test, labels_test = (torch.from_numpy(part) for part in _read())
    torch.manual_seed(0)
    model, loss_of = torch.nn.Linear(784, 10), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    for _epoch in range(MOST_EPOCHS):
        for rows in torch.randperm(len(labels)).split(BATCH):
            optimizer.zero_grad()
            loss_of(model(X[rows]), labels[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            if (model(X_test).argmax(1) == labels_test).double().mean() >= ENOUGH:
                return True
    return False


def _jax() -> bool:
    from importlib import import_module

    import numpy as np

    jax: Any = import_module("jax")
    jnp = jax.numpy
    X, labels, X_test, labels_test = _read()
    X, labels = jax.device_put(X), jax.device_put(labels)

    def loss_of(params: Any, part: Any, true: Any) -> Any:
        log_probabilities = jax.nn.log_softmax(part @ params[0] + params[1])
        return -jnp.mean(jnp.take_along_axis(log_probabilities, true[:, None], axis=1))

    def step(params: Any, rows: Any) -> Any:
        gradient = jax.grad(loss_of)(params, X[rows], labels[rows])
        return jax.tree.map(lambda own, change: own - RATE * change, params, gradient), None

    epoch = jax.jit(lambda params, rows: jax.lax.scan(step, params, rows)[0])
    params = (jnp.zeros((784, 10)), jnp.zeros(10))
    rng, whole = np.random.default_rng(0), len(labels) // BATCH * BATCH
    for _epoch in range(MOST_EPOCHS):
        params = epoch(params, rng.permutation(len(labels))[:whole].reshape(-1, BATCH))
        W, b = (np.asarray(array) for array in params)
        if np.mean((X_test @ W + b).argmax(axis=1) == labels_test) >= ENOUGH:
            return True
    return False


def _mlp() -> bool:
    from sklearn.neural_network import MLPClassifier

    X, labels, X_test, labels_test = _read()
    model = MLPClassifier(
        (), solver="sgd", alpha=0.0, batch_size=BATCH, learning_rate_init=RATE, momentum=0.0
    )
    for _epoch in range(MOST_EPOCHS):
        model.partial_fit(X, labels, classes=range(10))
        if model.score(X_test, labels_test) >= ENOUGH:
            return True
    return False


def _logistic() -> bool:
    from sklearn.linear_model import LogisticRegression

    X, labels, X_test, labels_test = _read()
    model = LogisticRegression(solver="saga", tol=0.05, max_iter=20)
    model.fit(X, labels)
    return bool(model.score(X_test, labels_test) >= ENOUGH)


if __name__ == "__main__":
    raise SystemExit(main())
