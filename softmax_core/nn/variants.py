"""Other ways to compute a batch's loss and gradient: published, naive, or wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from softmax_core.errors import UserError

SOFTMAXES: Final = ("stable", "naive", "whole-max")
LOSSES: Final = ("log-sum-exp", "log-of-probability", "clipped")
REDUCTIONS: Final = ("mean", "sum")
RIGHT_GRADIENTS: Final = ("exact", "separate-layers")
GRADIENT_MISTAKES: Final = ("true-class", "one-bias", "bias-over-classes", "diagonal")
# Each replaces the whole gradient of the bias, so there can be only one.
BIAS_MISTAKES: Final = frozenset({"one-bias", "bias-over-classes"})

_JOINED: Final = "; the mistakes may be joined by +"


@dataclass(frozen=True)
class Variant:
    """How a batch's loss and gradient are computed; the default is the right way.

    Attributes
    ----------
    softmax : str
        One of ``SOFTMAXES``.
    loss : str
        One of ``LOSSES``.
    gradient : str
        One of ``RIGHT_GRADIENTS``, or names of ``GRADIENT_MISTAKES`` joined by ``+``.
    reduction : str
        One of ``REDUCTIONS``.
    """

    softmax: str = "stable"
    loss: str = "log-sum-exp"
    gradient: str = "exact"
    reduction: str = "mean"

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The names of the mistakes in the gradient."""
        return () if self.gradient in RIGHT_GRADIENTS else tuple(self.gradient.split("+"))

    def check(self) -> None:
        """Raise unless every name is known and the mistakes can be made together.

        Raises
        ------
        UserError
            ``config-choice``; the sentence lists the choices.
        """
        _check("softmax", self.softmax, SOFTMAXES)
        _check("loss", self.loss, LOSSES)
        _check("reduction", self.reduction, REDUCTIONS)
        names = self.mistakes
        for name in names:
            _check("gradient", name, (*RIGHT_GRADIENTS, *GRADIENT_MISTAKES), _JOINED)
        twice = len(set(names)) < len(names)
        if twice or set(names) & set(RIGHT_GRADIENTS) or set(names) >= BIAS_MISTAKES:
            raise UserError(
                "config-choice",
                f"The gradient {self.gradient[:60]!r} cannot be put together: each mistake may be "
                "named once, at most one for the bias, and the right ways stand alone.",
            )


def _check(what: str, value: str, choices: tuple[str, ...], more: str = "") -> None:
    if value not in choices:
        raise UserError(
            "config-choice",
            f"There is no {what} called {value[:40]!r}. Choose one of: {', '.join(choices)}{more}.",
        )
