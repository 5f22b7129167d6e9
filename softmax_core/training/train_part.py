"""Which of a data set's training samples a run learns from: all, or the first so many."""

from __future__ import annotations

from softmax_core.data.dataset import Dataset
from softmax_core.training.config import TrainingConfig
from softmax_core.training.samples import Samples


def base_samples(config: TrainingConfig, dataset: Dataset) -> Samples:
    """Return the training samples of a data set that the settings ask for, not copied.

    The first so many are a fair mix of the classes in every data set that comes with the app.
    """
    n = n_base_samples(config, len(dataset.train_labels))
    return Samples(dataset.train_images[:n], dataset.train_labels[:n])


def n_base_samples(config: TrainingConfig, n_available: int) -> int:
    """Return how many samples that is, of so many there are."""
    return min(config.n_train or n_available, n_available)
