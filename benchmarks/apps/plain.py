"""The same view as most Streamlit apps would build it: a training loop in the page's script.

Softmax regression on MNIST in plain NumPy, redrawn four times a second with ``st.line_chart`` and
``st.pyplot``. Each press of the button trains for ``SECONDS``.
"""

import time
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.training.samples import to_inputs

SECONDS = 4.0
WARM_UP = 1.0
REDRAW_EVERY = 0.25
BATCH_SIZE = 128


@st.cache_data
def load() -> tuple[Any, ...]:
    dataset = open_dataset("mnist")
    test = to_inputs(dataset.test_images), dataset.test_labels
    return to_inputs(dataset.train_images), dataset.train_labels, *test


X, labels, X_test, labels_test = load()
st.title("Softmax regression")
learning_rate = st.slider("Learning rate", 0.01, 1.0, 0.1)
if st.button("Train"):
    chart, weights, numbers = st.empty(), st.empty(), st.empty()
    rng = np.random.default_rng(0)
    W, b = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)
    losses, accuracies = [], []
    began = drawn = time.perf_counter()
    counted_from, seen, updates = None, 0, 0
    while (now := time.perf_counter()) - began < WARM_UP + SECONDS:
        if counted_from is None and now - began >= WARM_UP:
            counted_from, seen, updates = now, 0, 0
        rows = rng.integers(0, len(labels), BATCH_SIZE)
        part, true = X[rows], labels[rows]
        Z = np.exp(part @ W + b)
        probabilities = Z / Z.sum(axis=1, keepdims=True)
        losses.append(float(-np.log(probabilities[np.arange(BATCH_SIZE), true]).mean()))
        probabilities[np.arange(BATCH_SIZE), true] -= 1
        W -= learning_rate * (part.T @ probabilities) / BATCH_SIZE
        b -= learning_rate * probabilities.mean(axis=0)
        seen += BATCH_SIZE
        if now - drawn >= REDRAW_EVERY:
            accuracies.append(float(np.mean((X_test @ W + b).argmax(axis=1) == labels_test)))
            chart.line_chart(losses[-2000:])
            figure, axes = plt.subplots(2, 5)
            for axis, column in zip(axes.flat, W.T, strict=True):
                axis.imshow(column.reshape(28, 28), cmap="RdBu")
                axis.axis("off")
            weights.pyplot(figure)
            plt.close(figure)
            updates += 1
            drawn = time.perf_counter()
    took = time.perf_counter() - (counted_from or began)
    numbers.text(f"trained {seen / took:.1f} examples/s, {updates / took:.3f} updates/s")
