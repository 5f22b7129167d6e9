"""What a recipe's settings are, in one line."""

from __future__ import annotations

from softmax_core.data.catalogue import DATASETS
from softmax_core.training import TrainingConfig
from ui.datasets import dataset_title
from ui.unusual import unusual_settings
from ui.words import (
    _,
    activation_title,
    initial_weights_title,
    network_title,
    plain_number,
)


def settings_line(config: TrainingConfig) -> str:
    """Return the settings a recipe stands for, the unusual ones at the end."""
    return " · ".join(
        [
            dataset_title(config.dataset),
            _network(config),
            _("weights: {init}").format(init=initial_weights_title(config.init)),
            _batch(config),
            _("rate {rate}").format(rate=plain_number(config.learning_rate)),
            _("{n:,} epochs").format(n=config.epochs),
            *unusual_settings(config),
        ]
    )


def _network(config: TrainingConfig) -> str:
    title = network_title(config.network)
    if config.network != "mlp":
        return title
    return _("{title} of {n} {activation} units").format(
        title=title, n=config.hidden_units, activation=activation_title(config.activation)
    )


def _batch(config: TrainingConfig) -> str:
    info = DATASETS.get(config.dataset)
    if info is not None and config.batch_size >= info.n_train:
        return _("all samples in one batch")
    return _("batches of {n:,}").format(n=config.batch_size)
