"""All visible words go through here, so that a second language is a catalogue."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Final

_TEXT: Final = Path(__file__).resolve().parent.parent / "assets" / "text"


def _(sentence: str) -> str:
    """Return the sentence in the reader's language."""
    return gettext.gettext(sentence)


def long_text(name: str) -> str:
    """Return a longer text of ``assets/text``."""
    return (_TEXT / f"{name}.md").read_text(encoding="utf-8")


def network_title(network: str) -> str:
    """Return what the page calls a network."""
    return {
        "softmax": _("Softmax regression"),
        "relu-softmax": _("ReLU before softmax"),
        "mlp": _("One hidden layer"),
    }[network]


def initial_weights_title(init: str) -> str:
    """Return what the page calls a way to choose the first weights."""
    return {
        "zero": _("All zero"),
        "small-normal": _("Small random (0.01)"),
        "unit-normal": _("Large random (1)"),
        "scaled": _("Random, scaled to the layer"),
    }[init]


def activation_title(activation: str) -> str:
    """Return what the page calls a hidden layer's function."""
    return {"relu": _("ReLU"), "sigmoid": _("Sigmoid")}[activation]


def speed_title(speed: str) -> str:
    """Return what the page calls a speed."""
    return {
        "slow": _("Slow: 8 steps a second"),
        "watch": _("Watch: an epoch a second"),
        "full": _("Full speed"),
    }[speed]
