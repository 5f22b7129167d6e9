"""Options that several commands share, or that come from the settings of a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from softmax_core.nn.variants import (
    GRADIENT_MISTAKES,
    LOSSES,
    REDUCTIONS,
    RIGHT_GRADIENTS,
    SOFTMAXES,
)
from softmax_core.training import TrainingConfig
from softmax_core.training.config import (
    ACTIVATIONS,
    BIASES,
    INITIAL_WEIGHTS,
    NETWORKS,
    ORDERS,
    PIXELS,
)

Command = TypeVar("Command", bound=Callable[..., Any])

RUN: Final = click.Path(path_type=Path, exists=True, dir_okay=False)

_CHOICES: Final = {
    "network": NETWORKS,
    "init": INITIAL_WEIGHTS,
    "activation": ACTIVATIONS,
    "bias": BIASES,
    "reduction": REDUCTIONS,
    "softmax": SOFTMAXES,
    "loss": LOSSES,
    "pixels": PIXELS,
    "order": ORDERS,
}
_NUMBER: Final = re.compile(r"[+-]?([0-9.]{1,24}([eE][+-]?[0-9]{1,3})?|nan|inf)", re.ASCII)
_BRIEF: Final = 40  # characters of a word that is repeated in a sentence
_NO_OPTION: Final = "taught"  # drawings: they come from the page, or with a saved run
_OPTIONS: Final = {"n_train": "--examples"}  # the others are called as their setting
_HELP: Final = {
    "dataset": "A name from 'datasets', or folder:PATH.",
    "batch_size": "Samples per update.",
    "l2": "Weight of the L2 penalty.",
    "momentum": "Share of the last update that is kept; 0 for none.",
    "init": "How the weights start; trained: as the model that comes with the app.",
    "hidden_units": "mlp only.",
    "activation": "mlp only.",
    "bias": "Which layers have one.",
    "gradient": f"{', '.join(RIGHT_GRADIENTS)}, or mistakes joined by +: "
    f"{', '.join(GRADIENT_MISTAKES)}.",
    "reduction": "Mean or sum over the batch.",
    "softmax": "How probabilities are computed.",
    "loss": "How the loss is computed.",
    "pixels": "Scaled to 0..1, or raw: 0..255.",
    "order": "Of the samples in each epoch.",
    "n_train": "Learn from the first so many alone; 0 for all.",
}


class _PlainNumber(click.ParamType[Any]):
    """A number as people write it: Python would also take "1_0", and other alphabets' digits."""

    def __init__(self, kind: type[int] | type[float], name: str) -> None:
        self.kind, self.name = kind, name

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | float:
        """Return the number.

        Raises
        ------
        click.BadParameter
            For anything else.
        """
        if isinstance(value, self.kind):  # a default
            return value
        text = str(value)
        if not _NUMBER.fullmatch(text):
            self.fail(f"{text[:_BRIEF]!r} is not a valid {self.name}.", param, ctx)
        try:
            return self.kind(text)
        except ValueError:
            self.fail(f"{text[:_BRIEF]!r} is not a valid {self.name}.", param, ctx)


_KINDS: Final[Mapping[type, click.ParamType[Any]]] = {
    int: _PlainNumber(int, "integer"),
    float: _PlainNumber(float, "float"),
    str: click.STRING,
}


def setting_options(command: Command) -> Command:
    """Give a command one option for each setting of a run, checked by ``TrainingConfig``."""
    settings = [setting for setting in fields(TrainingConfig) if setting.name != _NO_OPTION]
    for setting in reversed(settings):
        choices = _CHOICES.get(setting.name)
        command = click.option(
            _OPTIONS.get(setting.name, f"--{setting.name.replace('_', '-')}"),
            setting.name,
            type=click.Choice(choices) if choices else _KINDS[type(setting.default)],
            default=setting.default,
            show_default=True,
            help=_HELP.get(setting.name),
        )(command)
    return command


def output_option(name: str, text: str) -> Callable[[Command], Command]:
    """Make an option that names a file to write."""
    return click.option(name, type=click.Path(path_type=Path, dir_okay=False), help=text)
