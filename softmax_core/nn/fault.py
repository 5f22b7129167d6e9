"""A value that is not finite: where it is, which logit caused it, and a sentence about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

LOGITS: Final = "Z (the logits)"
EXPONENTIALS: Final = "exp(Z)"
SUMS: Final = "sum of exp(Z)"
PROBABILITIES: Final = "P (the probabilities)"
LOG: Final = "log P"
DPROBABILITIES: Final = "dP"
DLOGITS: Final = "dZ"


@dataclass(frozen=True)
class Fault:
    """The first value of a step that is not finite, and the logit that caused it.

    Attributes
    ----------
    tensor : str
        What it is in, in plain symbols: ``X``, the name of a parameter, ``H1``, ``H2``
        and so on for what the layers below the logits put out, ``Z (the logits)``,
        ``exp(Z)``, ``sum of exp(Z)``, ``P (the probabilities)``, ``log P``, ``dP``,
        ``dZ``, and ``dW`` or the like.
    row : int or None
        Sample in the batch, from 0; None where a tensor has no row for each sample.
    column : int or None
        The class, from 0; None in inputs, layers below the logits, and parameters.
    value : float
        inf, -inf or nan.
    logit : float or None
        Of this row and class: the one that overflowed; the row's largest for the sum and
        ``P``; the true class's for ``log P`` and ``dP``.
    largest : float or None
        What that logit is too far below: the row's largest, or the whole array's where
        that was subtracted. None where no comparison is what failed.
    dtype : str
        ``float32`` or ``float64``: decides what overflows.
    """

    tensor: str
    row: int | None
    column: int | None
    value: float
    logit: float | None = None
    largest: float | None = None
    dtype: str = "float32"

    @property
    def overflow_at(self) -> float:
        """The largest number whose exponential is finite: 88.7 in float32."""
        return float(np.log(float(np.finfo(self.dtype).max)))

    @property
    def underflow_at(self) -> float:
        """The number below which exponentials round to 0: -103.97 in float32."""
        numbers = np.finfo(self.dtype)  # half of the smallest, tiny / 2**nmant
        return float(np.log(float(numbers.tiny))) - (numbers.nmant + 1) * float(np.log(2))

    def sentence(self) -> str:
        """Return what happened, as a sentence without its full stop; samples count from 1."""
        if self.tensor == EXPONENTIALS:
            return self._exponential()
        if self.tensor == SUMS:
            return self._sum()
        if self.tensor == PROBABILITIES:
            return self._zero_by_zero()
        if self.tensor in (LOG, DPROBABILITIES):
            return self._too_unlikely()
        of_class = "" if self.column is None else f", class {self.column}"
        return f"{self.tensor} holds the value {self.value}{self._where}{of_class}"

    @property
    def _where(self) -> str:
        return "" if self.row is None else f" for example {self.row + 1:,} of the batch"

    def _exponential(self) -> str:
        return (
            f"exp(Z) overflowed: the logit of class {self.column}{self._where} is "
            f"{_short(self.logit)}, and in {self.dtype} exp overflows above {self.overflow_at:.1f}"
        )

    def _sum(self) -> str:
        return (
            f"the sum of exp(Z) overflowed{self._where}: its largest logit, of class "
            f"{self.column}, is {_short(self.logit)}, and exponentials so close to "
            f"exp({self.overflow_at:.1f}) add up to more than {self.dtype} can hold"
        )

    def _zero_by_zero(self) -> str:
        shift = ""
        if self.largest is not None:
            shift = f" but {_short(self.largest)}, the largest of the batch, was subtracted,"
        return (
            f"P became 0/0{self._where}: its largest logit, of class {self.column}, is "
            f"{_short(self.logit)},{shift} and in {self.dtype} exp gives 0 below "
            f"{self.underflow_at:.1f}"
        )

    def _too_unlikely(self) -> str:
        return (
            f"{self.tensor} became {self.value}: the logit of the true class, {self.column},"
            f"{self._where} is {_short(self.logit)} and the largest of its row "
            f"{_short(self.largest)}, so far apart that in {self.dtype} the true class's "
            "probability is 0, or as good as 0"
        )


def _short(value: float | None) -> str:
    if value is None:
        return "unknown"
    return f"{value:,.1f}".removesuffix(".0") if abs(value) < 1e6 else f"{value:.3g}"
