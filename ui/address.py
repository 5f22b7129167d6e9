"""Settings in the address bar: a reload or a link brings them back.

Only what differs from the defaults is written. What cannot be read is ignored, name by name;
one notice says so, and the rest is applied.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any, Final, NamedTuple

from softmax_core.data.catalogue import DATASETS
from softmax_core.errors import UserError
from softmax_core.limits import MAX_ADDRESS, MAX_ADDRESS_VALUE
from softmax_core.training import TrainingConfig
from softmax_core.training.shipped import shipped_fits
from ui.datasets import find_dataset, public_name
from ui.speeds import DEFAULT_SPEED, SPEEDS
from ui.words import _

# Short names for people to read aloud; the core's own names everywhere else.
SHORT_NAMES: Final = {
    "data": "dataset",
    "lr": "learning_rate",
    "batch": "batch_size",
    "network": "network",
    "epochs": "epochs",
    "seed": "seed",
    "init": "init",
    "l2": "l2",
    "momentum": "momentum",
    "hidden": "hidden_units",
    "activation": "activation",
    "bias": "bias",
    "gradient": "gradient",
    "reduction": "reduction",
    "softmax": "softmax",
    "loss": "loss",
    "pixels": "pixels",
    "order": "order",
    "examples": "n_train",
}
_SPEED: Final = "speed"  # of the session and not of the run: it changes no weight
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_VERSION: Final = "v"  # not written: an address without it is of this version, the first
_OURS: Final = "1"
_BRIEF: Final = 12  # characters of a value, where there are several


class ReadSettings(NamedTuple):
    """Settings from an address and what had to be left out of it."""

    config: TrainingConfig
    speed: str
    notices: list[str]  # one at the most


def read_settings(query: Mapping[str, str], repeated: Collection[str] = ()) -> ReadSettings:
    """Read the settings; every value is checked as if it had been typed.

    Parameters
    ----------
    query : mapping of str to str
    repeated : collection of str
        Names that the address has more than once: which value is meant nobody can know.
    """
    length = sum(len(name) + len(value) for name, value in query.items())
    if length > MAX_ADDRESS:
        return ReadSettings(TrainingConfig(), DEFAULT_SPEED, [_too_long(length)])
    config, refused = TrainingConfig(), dict[str, tuple[str, object]]()
    for name, field in SHORT_NAMES.items():
        if name not in query:
            continue
        try:
            config = replace(config, **{field: _value(field, query[name], name in repeated)})
        except (UserError, ValueError):
            refused[name] = query[name], getattr(TrainingConfig(), field)
    if not _can_start(config):
        usual = TrainingConfig().init
        refused["init"] = config.init, usual
        config = replace(config, init=usual)
    speed = query.get(_SPEED, DEFAULT_SPEED)
    if speed not in SPEEDS or _SPEED in repeated:
        refused[_SPEED] = speed, DEFAULT_SPEED
        speed = DEFAULT_SPEED
    return ReadSettings(config, speed, _notices(query, refused, repeated))


def write_settings(config: TrainingConfig, speed: str = DEFAULT_SPEED) -> dict[str, str]:
    """Return the query that brings these settings back; drawings that were added stay here."""
    default = TrainingConfig()
    query = {
        name: _text(field, getattr(config, field))
        for name, field in SHORT_NAMES.items()
        if getattr(config, field) != getattr(default, field)
    }
    return query if speed == DEFAULT_SPEED else {**query, _SPEED: speed}


def _can_start(config: TrainingConfig) -> bool:
    """Tell whether there are such initial weights; of a folder's pictures the size is not known."""
    if config.init != "trained":
        return True
    info = DATASETS.get(config.dataset, DATASETS[TrainingConfig().dataset])
    try:
        return shipped_fits(config, info.n_features, info.n_classes)
    except UserError:
        return False  # the app's own files are missing


def _value(field: str, text: str, repeated: bool) -> Any:
    kind = type(next(f.default for f in fields(TrainingConfig) if f.name == field))
    if repeated or len(text) > MAX_ADDRESS_VALUE:
        raise ValueError(field)
    if kind is str:
        return _name(field, text)
    if not _NUMBER.fullmatch(text):
        raise ValueError(field)
    return int(text) if kind is int else float(text)


def _name(field: str, text: str) -> str:
    if field == "gradient":
        return text.replace(" ", "+")  # as a browser reads a plus that somebody typed
    found = find_dataset(text) if field == "dataset" else text
    if found is None:
        raise ValueError(field)
    return found


def _text(field: str, value: object) -> str:
    if field == "dataset":
        return public_name(str(value))  # a folder's path is nobody else's business
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def _notices(
    query: Mapping[str, str],
    refused: Mapping[str, tuple[str, object]],
    repeated: Collection[str],
) -> list[str]:
    """Say in one sentence or two what of an address is not used; nothing where all of it is."""
    parts = []
    if query.get(_VERSION, _OURS) != _OURS:
        text = _("This address is of another version of Softmax Lab: what can be read is used.")
        parts.append(text)
    if len(refused) == 1:
        ((name, (value, kept)),) = refused.items()
        text = _("The address says {name}={value}, which is not possible; {kept} is used.")
        if name in repeated:
            text = _("The address says {name} more than once; {kept} is used.")
        parts.append(text.format(name=name, value=_shown(value), kept=kept))
    elif refused:
        said = ", ".join(f"{n}={_shown(v)[:_BRIEF]}" for n, (v, _kept) in list(refused.items())[:3])
        more = _(" and {n} more").format(n=len(refused) - 3) if len(refused) > 3 else ""
        text = _("The address says {said}{more}, which is not possible; the usual values are used.")
        parts.append(text.format(said=said, more=more))
    return [" ".join(parts)] if parts else []


def _too_long(length: int) -> str:
    text = _("The address has {n:,} characters, {most:,} are the most; the usual values are used.")
    return text.format(n=length, most=MAX_ADDRESS)


def _shown(text: str) -> str:
    """Return the value as a short plain word: it came from a stranger's link."""
    return re.sub(r"[^A-Za-z0-9.+-]", "?", text[:20])
