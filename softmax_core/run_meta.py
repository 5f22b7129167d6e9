"""A saved run's settings and counts: one small JSON text, of which nothing is taken on trust."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any, Final, NamedTuple

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.npz import refusal
from softmax_core.run_counts import (
    COUNTS,
    LARGEST,
    LAST_ACTIVE,
    counts_of,
    is_of_one_size,
    read_counts,
)
from softmax_core.training import Taught, TrainingConfig, TrainingState

FORMAT: Final = 1

_KEYS: Final = frozenset(("format", "config", "start_loss", *COUNTS))
# Came after the first files: written only where they say something, so that the files of
# usual runs stay as they were, to the last bit.
_LATER_SETTINGS: Final = (
    *("bias", "gradient", "reduction", "softmax", "loss", "pixels", "order", "n_train"),
)
_TAUGHT: Final = "taught"
_DEFAULTS: Final = {setting.name: setting.default for setting in fields(TrainingConfig)}
_WORD: Final = re.compile(r"[a-z0-9+-]{1,60}", re.ASCII)


class RunMeta(NamedTuple):
    """What the text says."""

    config: TrainingConfig
    counts: dict[str, Any]  # attributes of a TrainingState


def write_meta(config: TrainingConfig, state: TrainingState) -> bytes:
    """Return the text; its keys are sorted, so that equal runs are equal texts."""
    meta: dict[str, Any] = {
        "format": FORMAT,
        "config": _said(config, state),
        "start_loss": state.start_loss,
        **counts_of(state),
    }
    if state.last_active is not None:
        meta[LAST_ACTIVE] = [list(sign) for sign in state.last_active]
    return json.dumps(meta, sort_keys=True, allow_nan=False).encode()


def read_meta(text: bytes) -> RunMeta:
    """Read and check the text.

    Raises
    ------
    UserError
        With one sentence; of the strings in a stranger's file none is repeated in it, for a
        page may show it.
    """
    most = most_bytes(text)
    if len(text) > most:
        raise refusal(
            "run-meta",
            f"This file's settings have {len(text):,} bytes; a saved run's have at most {most:,}.",
        )
    try:
        meta = json.loads(text.decode(), parse_constant=_no_number, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise refusal("run-meta", "This file's settings cannot be read: it is damaged.") from error
    if not isinstance(meta, dict) or not _is_format(meta.get("format")) or not _has_keys(meta):
        raise refusal("run-format", "This run was saved by another version of Softmax Lab.")
    config = _config(meta["config"])
    return RunMeta(config, read_counts(meta, sizes_differ=_TAUGHT in meta["config"]))


def most_bytes(text: bytes) -> int:
    """Return how long a text may be: drawings take room, all else is short."""
    drawings = f'"{_TAUGHT}"'.encode() in text
    return limits.MAX_RUN_META_BYTES + (limits.MAX_RUN_DRAWINGS_BYTES if drawings else 0)


def plain_settings(config: TrainingConfig) -> dict[str, Any]:
    """Return the settings as JSON has them; a drawing becomes its class and base64."""
    drawings = [[label, base64.b64encode(digit).decode()] for label, digit in config.taught]
    return {**asdict(replace(config, taught=())), _TAUGHT: drawings}


def _no_number(word: str) -> float:
    """Refuse what Python's JSON knows besides JSON's own: NaN, Infinity and -Infinity."""
    raise ValueError(word)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says something twice: each reader would believe another of them."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _is_format(value: object) -> bool:
    return type(value) is int and value == FORMAT


def _said(config: TrainingConfig, state: TrainingState) -> dict[str, Any]:
    settings = plain_settings(config)
    usual = [name for name in _LATER_SETTINGS if settings[name] == _DEFAULTS[name]]
    # Also an empty list says something: once there were drawings, and epochs of other sizes.
    if not config.taught and is_of_one_size(**counts_of(state)):
        usual.append(_TAUGHT)
    return {name: value for name, value in settings.items() if name not in usual}


def _has_keys(meta: Mapping[str, Any]) -> bool:
    return meta.keys() - {LAST_ACTIVE} == _KEYS


def _config(settings: object) -> TrainingConfig:
    """Make the settings; one that is missing came later than the file, and has its default."""
    if not isinstance(settings, dict) or not settings.keys() <= _DEFAULTS.keys():
        raise refusal("run-config", "This file's settings are not those of Softmax Lab.")
    plain = {name: value for name, value in settings.items() if name != _TAUGHT}
    for name, value in plain.items():
        if not _is_plain(name, value):
            raise refusal("run-config", f"This file's {name} has an impossible value.")
    try:
        return TrainingConfig(**plain, taught=_taught(settings.get(_TAUGHT, [])))
    except UserError as error:
        raise refusal("run-config", f"This file's settings cannot be used. {error.text}") from error


def _is_plain(name: str, value: object) -> bool:
    """Tell whether a setting is of its kind, and short and harmless enough to be shown."""
    if name == "dataset":
        return isinstance(value, str)  # the settings themselves look at the rest
    if isinstance(_DEFAULTS[name], str):
        return isinstance(value, str) and bool(_WORD.fullmatch(value))
    return isinstance(value, int | float) and abs(value) < LARGEST


def _taught(drawings: object) -> tuple[Taught, ...]:
    """Read the drawings: a list of pairs, a class and base64 as ``plain_settings`` writes it."""
    if not isinstance(drawings, list) or len(drawings) > limits.MAX_TAUGHT:
        raise refusal(
            "run-config",
            f"This file's added drawings are not a list of at most {limits.MAX_TAUGHT}.",
        )
    return tuple(_drawing(drawing) for drawing in drawings)


def _drawing(pair: object) -> Taught:
    damaged = refusal("run-config", "One of this file's added drawings is damaged.")
    if not isinstance(pair, list) or len(pair) != 2:
        raise damaged
    label, text = pair
    if type(label) is not int or not isinstance(text, str):
        raise damaged
    try:
        digit = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise damaged from error
    if base64.b64encode(digit).decode() != text:  # the same bytes, written in another way
        raise damaged
    return Taught(label, digit)
