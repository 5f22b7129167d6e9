"""The blobs' figures, which nobody printed, from programs that we did not write."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax, softmax
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from softmax_core.data.store import open_dataset
from softmax_core.training.recipes import find_recipe

CLAIMS = {claim.name: claim for claim in find_recipe("blobs").claims}
DATA = open_dataset("blobs")
X, LABELS = DATA.train_images.astype(np.float64), DATA.train_labels


def descend(Y: np.ndarray, n_steps: int, learning_rate: float) -> list[float]:
    """Return the loss before each of the published loop's steps, in float64."""
    weights, losses = np.zeros((2, 3)), []
    for _ in range(n_steps):
        Z = X @ weights
        losses.append(-log_softmax(Z, axis=1)[np.arange(len(Z)), LABELS].mean())
        weights -= learning_rate * X.T @ (softmax(Z, axis=1) - Y)
    return losses


def test_the_bounce_is_an_independent_loops() -> None:
    losses = descend(np.eye(3)[LABELS], 1_000, 0.1)
    assert CLAIMS["loss-1"].low == pytest.approx(losses[0], abs=1e-4)
    assert CLAIMS["loss-999"].low == pytest.approx(losses[998], abs=1e-3)
    assert CLAIMS["loss-1000"].low == pytest.approx(losses[999], abs=1e-3)
    assert losses[99:998:2] == pytest.approx([losses[99]] * 450, abs=1e-4)  # and so for ever


def test_the_best_fit_is_scikit_learns() -> None:
    model = LogisticRegression(C=1e8, fit_intercept=False, tol=1e-10, max_iter=10_000)
    model.fit(X, LABELS)
    assert CLAIMS["loss"].low == pytest.approx(log_loss(LABELS, model.predict_proba(X)), abs=1e-4)
    test_accuracy = model.score(DATA.test_images.astype(np.float64), DATA.test_labels)
    assert CLAIMS["averaged-accuracy"].low == pytest.approx(test_accuracy)


def test_the_published_call_and_the_published_comparison_are_refused() -> None:
    arguments = {"n_samples": 1000, "n_features": 2, "n_informative": 2, "n_redundant": 0}
    with pytest.raises(ValueError, match="n_clusters_per_class"):
        make_classification(**arguments, n_classes=3, random_state=42)
    with pytest.raises(ValueError, match="broadcast"):
        np.equal(LABELS, np.arange(3))


def test_without_labels_in_the_gradient_nothing_is_ever_learned() -> None:
    # What older versions of NumPy made of that comparison: False, which is 0.
    losses = descend(np.zeros((1, 1)), 200, 0.1)
    assert losses == pytest.approx([np.log(3)] * 200)
