"""Why one class and not another, as pictures: all the evidence, and the strokes that decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from softmax_core.explain.contrast import Contrast, Decision
from softmax_core.figures.grid import as_pictures, grid_figure
from softmax_core.figures.ledger import evidence_look, fixed
from softmax_core.figures.palette import LIGHT, Theme
from softmax_core.figures.wording import _, percent, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NAMED: Final = 3  # regions that a summary names


def contrast_figure(
    contrast: Contrast,
    decision: Decision,
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw (W_a - W_b) * x: every pixel, and beside it the pixels that decided, alone.

    Parameters
    ----------
    contrast : Contrast
    decision : Decision
        Of this contrast; its mask has the picture's shape.
    class_names : sequence of str
        Of all classes.
    theme : Theme

    Raises
    ------
    UserError
        If the shapes do not belong together.
    """
    titles = [
        _("every pixel") + "\n" + fixed(contrast.ink_for + contrast.ink_against),
        _("what decided") + "\n" + fixed(_decided(contrast, decision)),
    ]
    rows = np.stack([contrast.products, contrast.products * decision.mask.ravel()])
    pictures = as_pictures(rows, decision.mask.shape, titles)
    a, b = class_names[contrast.a], class_names[contrast.b]
    look = evidence_look(
        float(np.abs(pictures).max(initial=0.0)),
        _("Why {a}, and not {b}?").format(a=a, b=b),
        _("one pixel's evidence: blue for {a}, orange for {b}").format(a=a, b=b),
        theme,
    )
    return grid_figure(pictures, titles, 2, look, theme)


def contrast_summary(contrast: Contrast, decision: Decision, class_names: Sequence[str]) -> str:
    """Say how far apart the two logits are, of what that is the sum, and what decided it."""
    a, b = class_names[contrast.a], class_names[contrast.b]
    limit = float(np.abs(contrast.products).max(initial=0.0))
    text = _(
        "The logit of {a} less that of {b} is {total}: ink {ink_for} for {a}, ink {ink_against} "
        "for {b}, bias {bias}, on one scale from {low} to {high}."
    ).format(
        a=a,
        b=b,
        total=fixed(contrast.total),
        ink_for=fixed(contrast.ink_for),
        ink_against=fixed(contrast.ink_against),
        bias=fixed(contrast.bias),
        low=signed(-limit),
        high=signed(limit),
    )
    if not decision.regions:
        return text + " " + _("No ink speaks for {a}.").format(a=a)
    places = list(dict.fromkeys(place_name(region.place) for region in decision.regions))
    more = _(
        "{n} of {inked} inked pixels hold {share} of the evidence for {a}; most of it: {places}."
    ).format(
        n=np.count_nonzero(decision.mask),
        inked=np.count_nonzero(contrast.products),
        share=percent(decision.share),
        a=a,
        places=", ".join(places[:_NAMED]),
    )
    return f"{text} {more}"


def place_name(place: str) -> str:
    """Return a place of a region in the reader's language."""
    names = {
        "upper left": _("upper left"),
        "top": _("top"),
        "upper right": _("upper right"),
        "left": _("left"),
        "middle": _("middle"),
        "right": _("right"),
        "lower left": _("lower left"),
        "bottom": _("bottom"),
        "lower right": _("lower right"),
    }
    return names[place]


def _decided(contrast: Contrast, decision: Decision) -> float:
    return float(contrast.products[decision.mask.ravel()].sum())
