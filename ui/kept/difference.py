"""How the settings of two runs differ, in words; and what a kept run is called after that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, Final

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.limits import MAX_KEPT_NAME
from softmax_core.service import KeptRun
from softmax_core.training import TrainingConfig
from ui.datasets import dataset_title
from ui.race.differs import value_title
from ui.words import (
    _,
    activation_title,
    bias_title,
    gradient_title,
    loss_title,
    order_title,
    pixels_title,
    reduction_title,
    setting_title,
    softmax_title,
)

_NOT_SEEN: Final = ("epochs",)  # when a run ends by itself changes nothing of its curve
_TITLES: Final = {
    "activation": activation_title,
    "bias": bias_title,
    "gradient": gradient_title,
    "reduction": reduction_title,
    "softmax": softmax_title,
    "loss": loss_title,
    "pixels": pixels_title,
    "order": order_title,
}


def difference(kept: TrainingConfig, now: TrainingConfig) -> str:
    """Say in one line in which settings a kept run differs from the present one."""
    parts = [_part(field, kept, now) for field in differing([kept, now])]
    if not parts:
        return _("The same settings as now.")
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def differing(configs: Sequence[TrainingConfig]) -> list[str]:
    """Return the settings in which not all agree, in the order in which they are named."""
    # What no network of these has makes no difference.
    unused = set(_NOT_SEEN)
    if all(config.network != "mlp" for config in configs):
        unused |= {"hidden_units", "activation"}
    return [
        field.name
        for field in fields(TrainingConfig)
        if field.name not in unused
        and len({_comparable(field.name, config) for config in configs}) > 1
    ]


def short_names(kept: Iterable[KeptRun], now: TrainingConfig) -> dict[int, str]:
    """Return what each kept run is called on the chart, by its serial number.

    Those without a name of their own are called after what differs among all runs in sight.
    """
    kept = tuple(kept)
    among = differing([now, *(run.config for run in kept)])
    names: dict[int, str] = {}
    for run in kept:
        name = run.name or _short(run.config, among) or _("run {n}").format(n=run.serial)
        if name in names.values():
            name = f"{name[: MAX_KEPT_NAME - 4]} #{run.serial}"
        names[run.serial] = name
    return names


def setting_text(field: str, config: TrainingConfig) -> str:
    """Return a setting's value as the page writes it."""
    value = getattr(config, field)
    if field == "dataset":
        return dataset_title(value)
    if field in _TITLES:
        return _TITLES[field](value)
    if field == "taught":
        return str(len(value))
    return value_title(field, value, _n_train(config))


def _part(field: str, kept: TrainingConfig, now: TrainingConfig) -> str:
    there, here = setting_text(field, kept), setting_text(field, now)
    if there == here:  # other drawings, as many
        return _("other {what}").format(what=setting_title(field))
    return _("{what} {there} instead of {here}").format(
        what=setting_title(field), there=there, here=here
    )


def _short(config: TrainingConfig, among: Sequence[str]) -> str:
    if not among:
        return ""
    parts = [f"{_short_title(field)} {setting_text(field, config)}".strip() for field in among]
    whole = ", ".join(parts)
    if len(whole) <= MAX_KEPT_NAME:
        return whole
    return parts[0] if len(parts[0]) <= MAX_KEPT_NAME else parts[0][: MAX_KEPT_NAME - 1] + "…"


def _short_title(field: str) -> str:
    """Return what must stand before a value for it to be understood."""
    return {
        "learning_rate": _("rate"),
        "batch_size": _("batch"),
        "seed": _("seed"),
        "l2": "L2",
        "momentum": _("momentum"),
        "hidden_units": _("hidden"),
        "n_train": _("examples"),
        "taught": _("drawings"),
    }.get(field, "")


def _comparable(field: str, config: TrainingConfig) -> Any:
    value = getattr(config, field)
    return min(value, _n_train(config)) if field == "batch_size" else value


def _n_train(config: TrainingConfig) -> int:
    try:
        return open_dataset(config.dataset).info.n_train
    except UserError:  # a folder that is gone
        return max(config.batch_size, 1)
