"""What the widgets of the settings are called, and how another page or file sets them."""

from __future__ import annotations

from dataclasses import asdict

from softmax_core.data.store import open_dataset
from softmax_core.training import TrainingConfig
from ui.state import SETTING, set_widgets


def show_settings(config: TrainingConfig) -> None:
    """Set the widgets to these settings, before they are drawn."""
    values = asdict(config)
    size, n_samples = values.pop("batch_size"), open_dataset(config.dataset).info.n_train
    set_widgets({SETTING + field: value for field, value in values.items()})
    set_widgets({batch_size_key(n_samples): min(size, n_samples)})


def batch_size_key(n_samples: int) -> str:
    """Return a key of the data set's own: another "full" is another widget."""
    return f"{SETTING}batch_size_{n_samples}"
