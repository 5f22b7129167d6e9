"""scikit-learn's and mlxtend's classifiers, given the same start and the same batches."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from benchmarks.peers.task import N_CLASSES, Floats, Peer, Task, layers_of, params_of

MLP = "scikit-learn MLPClassifier"
MLXTEND = "mlxtend SoftmaxRegression"


def scikit_peer(task: Task) -> Peer:
    """Return ``MLPClassifier`` with plain SGD; without hidden layers it is softmax regression."""
    from sklearn.neural_network import MLPClassifier

    layers = layers_of(task.start)
    hidden = tuple(W.shape[1] for W, _b in layers[:-1])
    X, labels = task.inputs[task.order], task.labels[task.order]  # it would shuffle in its own way

    def epoch() -> Mapping[str, Floats]:
        model = MLPClassifier(
            hidden,
            solver="sgd",
            alpha=0.0,
            batch_size=task.batch_size,
            learning_rate_init=task.config.learning_rate,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
        )
        # A first call with a handful of pictures gives it its shapes; then the start is ours.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # fewer pictures than a batch
            model.partial_fit(X[:N_CLASSES], labels[:N_CLASSES], classes=np.arange(N_CLASSES))
        for place, (W, b) in enumerate(layers):
            model.coefs_[place][...] = W
            model.intercepts_[place][...] = b
        model.partial_fit(X, labels)
        return params_of(list(zip(model.coefs_, model.intercepts_, strict=True)))

    return Peer(MLP, epoch)


def mlxtend_peer(task: Task) -> Peer:
    """Return ``SoftmaxRegression``: it shuffles in an order of its own and has its own start.

    Its step is that of a batch's summed loss, so the rate is divided by the batch size.
    """
    from mlxtend.classifier import SoftmaxRegression

    n_batches = -(-task.n_samples // task.batch_size)

    def epoch() -> Mapping[str, Floats]:
        model = SoftmaxRegression(
            eta=task.config.learning_rate / task.batch_size,
            epochs=1,
            minibatches=n_batches,
            random_seed=0,
        )
        model.fit(task.inputs, task.labels)
        return {"W": model.w_, "b": model.b_}

    return Peer(MLXTEND, epoch)
