"""A saved run's settings and counts: one small JSON text, of which nothing is taken on trust."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final, NamedTuple

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.npz import refusal
from softmax_core.training import TrainingConfig, TrainingState
from softmax_core.training.state import LastActive

FORMAT: Final = 1

_COUNTS: Final = ("step", "epoch", "position", "samples_seen")
_KEYS: Final = frozenset(("format", "config", "start_loss", *_COUNTS))
# Came after the first files: written only where they say something, so that the files of
# usual runs stay as they were, to the last bit.
_LAST_ACTIVE: Final = "last_active"
_LATER_SETTINGS: Final = ("bias", "gradient", "reduction", "softmax", "loss", "pixels", "order")
_LARGEST: Final = 2**53  # whole numbers up to here are the same to all readers of JSON
_DEFAULTS: Final = {setting.name: setting.default for setting in fields(TrainingConfig)}
_WORD: Final = re.compile(r"[a-z0-9+-]{1,60}", re.ASCII)


class RunMeta(NamedTuple):
    """What the text says."""

    config: TrainingConfig
    counts: dict[str, Any]  # attributes of a TrainingState


def write_meta(config: TrainingConfig, state: TrainingState) -> bytes:
    """Return the text; its keys are sorted, so that equal runs are equal texts."""
    meta = {
        "format": FORMAT,
        "config": _said(config),
        "start_loss": state.start_loss,
        **{name: getattr(state, name) for name in _COUNTS},
    }
    if state.last_active is not None:
        meta[_LAST_ACTIVE] = [list(sign) for sign in state.last_active]
    return json.dumps(meta, sort_keys=True, allow_nan=False).encode()


def read_meta(text: bytes) -> RunMeta:
    """Read and check the text.

    Raises
    ------
    UserError
        With one sentence; of the strings in a stranger's file none is repeated in it, for a
        page may show it.
    """
    if len(text) > limits.MAX_RUN_META_BYTES:
        raise refusal(
            "run-meta",
            f"This file's settings have {len(text):,} bytes; a saved run's have at most "
            f"{limits.MAX_RUN_META_BYTES:,}.",
        )
    try:
        meta = json.loads(text.decode())
    except (ValueError, RecursionError) as error:
        raise refusal("run-meta", "This file's settings cannot be read: it is damaged.") from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT or not _has_keys(meta):
        raise refusal("run-format", "This run was saved by another version of Softmax Lab.")
    return RunMeta(_config(meta["config"]), _counts(meta))


def _said(config: TrainingConfig) -> dict[str, Any]:
    settings = asdict(config)
    usual = [name for name in _LATER_SETTINGS if settings[name] == _DEFAULTS[name]]
    return {name: value for name, value in settings.items() if name not in usual}


def _has_keys(meta: Mapping[str, Any]) -> bool:
    return meta.keys() - {_LAST_ACTIVE} == _KEYS


def _config(settings: object) -> TrainingConfig:
    """Make the settings; one that is missing came later than the file, and has its default."""
    if not isinstance(settings, dict) or not settings.keys() <= _DEFAULTS.keys():
        raise refusal("run-config", "This file's settings are not those of Softmax Lab.")
    for name, value in settings.items():
        if not _is_plain(name, value):
            raise refusal("run-config", f"This file's {name} has an impossible value.")
    try:
        return TrainingConfig(**settings)
    except UserError as error:
        raise refusal("run-config", f"This file's settings cannot be used. {error.text}") from error


def _is_plain(name: str, value: object) -> bool:
    """Tell whether a setting is of its kind, and short and harmless enough to be shown."""
    if isinstance(_DEFAULTS[name], str):
        return isinstance(value, str) and (name == "dataset" or bool(_WORD.fullmatch(value)))
    return isinstance(value, int | float) and abs(value) < _LARGEST


def _counts(meta: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: meta[name] for name in _COUNTS}
    for name, value in counts.items():
        if type(value) is not int or not 0 <= value < _LARGEST:  # a bool is an int, too
            raise refusal("run-counts", f"This file's {name} is not a whole number from 0 up.")
    if not _agree(**counts):
        raise refusal("run-counts", "This file's numbers of steps, epochs and samples disagree.")
    first = meta["start_loss"]
    if first is not None and not (isinstance(first, float) and 0 <= first < math.inf):
        raise refusal("run-counts", "This file's first loss is not a number from 0 up.")
    return {**counts, "start_loss": first, _LAST_ACTIVE: _last_active(meta)}


def _last_active(meta: Mapping[str, Any]) -> tuple[LastActive, ...] | None:
    """Read each class's last sign of life: a step and samples, up to the run's own."""
    signs = meta.get(_LAST_ACTIVE)
    if signs is None:
        return None
    if not isinstance(signs, list) or not 0 < len(signs) <= limits.MAX_CLASSES:
        raise refusal("run-counts", "This file's signs of life are not one for each class.")
    if not all(_is_sign(sign, (meta["step"], meta["samples_seen"])) for sign in signs):
        raise refusal("run-counts", "This file's signs of life are not steps of its run.")
    return tuple(LastActive(*sign) for sign in signs)


def _is_sign(sign: object, most: tuple[int, int]) -> bool:
    if not isinstance(sign, list) or len(sign) != len(most):
        return False
    return all(type(v) is int and 0 <= v <= bound for v, bound in zip(sign, most, strict=True))


def _agree(step: int, epoch: int, position: int, samples_seen: int) -> bool:
    """Tell whether there can be a training set with which these counts come about.

    A position beyond the training set would make an empty batch.
    """
    if not epoch <= step <= samples_seen or (step == 0) != (samples_seen == 0):
        return False
    if epoch == 0:
        return samples_seen == position < limits.MAX_SAMPLES
    n_samples, rest = divmod(samples_seen - position, epoch)
    return rest == 0 and position < n_samples <= limits.MAX_SAMPLES
