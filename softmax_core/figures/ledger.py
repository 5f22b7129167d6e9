"""The evidence ledger as pictures: weight times ink of every class, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softmax_core.explain.ledger import Ledger, PrintedEntry, printed_entry
from softmax_core.figures.grid import GridLook, as_pictures, class_columns, grid_figure
from softmax_core.figures.palette import LIGHT, Theme, weight_colormap
from softmax_core.figures.wording import _, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def ledger_figure(
    ledger: Ledger,
    image_shape: tuple[int, int],
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw what every pixel adds to every logit; the logit stands under the class's name.

    Parameters
    ----------
    ledger : Ledger
    image_shape : tuple of int
        (height, width) with height * width = n_features.
    class_names : sequence of str
    theme : Theme

    Raises
    ------
    UserError
        If the shapes do not belong together.
    """
    heading = _("Evidence: weight × ink, and the logit")
    bar = _("one pixel's part of the logit: blue for the class, orange against it")
    return evidence_figure(ledger, image_shape, class_names, (heading, bar), theme)


def evidence_figure(
    ledger: Ledger,
    image_shape: tuple[int, int],
    class_names: Sequence[str],
    words: tuple[str, str],
    theme: Theme,
) -> Figure:
    """Draw a ledger's products, a picture for each class under its name and logit.

    Parameters
    ----------
    ledger, image_shape, class_names, theme
        As for ``ledger_figure``.
    words : (str, str)
        The heading, and what the bar of colours says.
    """
    pictures = as_pictures(ledger.products, image_shape, class_names)
    logits = zip(class_names, ledger.logits, strict=True)
    titles = [f"{name}\n{fixed(logit)}" for name, logit in logits]
    look = evidence_look(float(np.abs(pictures).max(initial=0.0)), *words, theme)
    return grid_figure(pictures, titles, class_columns(len(titles)), look, theme)


def ledger_summary(ledger: Ledger, class_names: Sequence[str]) -> str:
    """Say which class has the highest logit, and of what it is the sum."""
    k = int(ledger.logits.argmax())
    text = _(
        "{name} has the highest of {n} logits: {sum}, that is ink for it, ink against it, "
        "bias, and their sum. All pictures are on one scale from {low} to {high}."
    )
    limit = float(np.abs(ledger.products).max(initial=0.0))
    entry = entry_text(printed_entry(ledger, k))
    text = text.format(
        name=class_names[k],
        n=len(class_names),
        sum=entry,
        low=signed(-limit),
        high=signed(limit),
    )
    if ledger.relu:
        text += " " + _("This model then takes negative logits to 0.")
    return text


def entry_text(entry: PrintedEntry) -> str:
    """Write a line of the ledger as a sum: ``+12.31 − 3.20 + 0.12 = +9.23``."""
    first, *others = (fixed(part) for part in entry[:3])
    terms = [first, *(f"{part[0]} {part[1:]}" for part in others)]
    return f"{' '.join(terms)} = {fixed(entry.total)}"


def fixed(value: float, digits: int = 2) -> str:
    """Return a value with its sign and as many decimals: ``+9.23``, ``−0.50``, ``+0.00``."""
    text = f"{value:+.{digits}f}"
    is_zero = not float(text)
    return "+" + text[1:] if is_zero else text.replace("-", "−")


def evidence_look(limit: float, heading: str, bar: str, theme: Theme) -> GridLook:
    """Return the look of signed pictures on one scale from -limit to limit."""
    end = limit or 1.0  # a scale needs two sides even when all is zero
    ends = (signed(-limit), signed(limit)) if limit else ("", "")
    return GridLook(weight_colormap(theme), -end, end, heading, bar, ends)
