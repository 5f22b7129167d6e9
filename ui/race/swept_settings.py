"""The settings that all runs of a sweep share: how they are made, and said in a line."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from softmax_core.data.store import open_dataset
from softmax_core.service import SweepView
from softmax_core.training import TrainingConfig
from softmax_core.training.sweep import grid_configs, sweep_configs
from ui.datasets import dataset_title
from ui.race.differs import value_title
from ui.unusual import unusual_settings
from ui.words import _, initial_weights_title, network_title, plain_number

RATES: Final = "rates"
GRID: Final = "grid"

Rows = tuple[tuple[TrainingConfig, ...], ...]


def rows_for(config: TrainingConfig, kind: str, epochs: int) -> Rows:
    """Return the runs to make around the run's settings, a row for each batch size."""
    base = replace(config, epochs=epochs)
    if kind == RATES:
        return (sweep_configs(base),)
    n_available = open_dataset(config.dataset).info.n_train
    return grid_configs(base, min(config.n_train or n_available, n_available))


def is_of_other_settings(view: SweepView, config: TrainingConfig) -> bool:
    """Tell whether the run has other settings by now than the sweep, but for what is swept."""
    swept = view.rows[0][0]
    now = replace(config, learning_rate=swept.learning_rate, epochs=swept.epochs)
    if len(view.rows) > 1:
        now = replace(now, batch_size=swept.batch_size)
    return now != swept


def settings_said(config: TrainingConfig, *, with_batch_size: bool) -> str:
    """Return what all runs share, as a list of words."""
    n_samples = open_dataset(config.dataset).info.n_train
    parts = [dataset_title(config.dataset), network_title(config.network)]
    if config.network == "mlp":
        parts.append(_("{n} hidden units").format(n=config.hidden_units))
    if with_batch_size:
        size = value_title("batch_size", config.batch_size, n_samples)
        parts.append(_("batch size {size}").format(size=size))
    parts.append(_("first weights: {init}").format(init=initial_weights_title(config.init).lower()))
    if config.momentum:
        parts.append(_("momentum {value}").format(value=plain_number(config.momentum)))
    if config.l2:
        parts.append(_("L2 penalty {value}").format(value=plain_number(config.l2)))
    if config.n_train:
        parts.append(_("{n:,} training pictures").format(n=config.n_train))
    parts += unusual_settings(config)
    parts.append(_("seed {seed}").format(seed=config.seed))
    return ", ".join(parts)
