"""How the core speaks: one door for translation, one way to write each kind of number.

``_`` marks every visible sentence, so that another language is a catalogue of the
standard library's ``gettext`` and no change here.
"""

from __future__ import annotations

import gettext
import math
from typing import Final

__all__ = ["_", "count", "loss_text", "percent", "signed"]

# Looked for once: ``gettext.gettext`` looks on the disk again for every sentence, which took
# a third of the time of a page's script.
_CATALOGUE: Final = gettext.translation("messages", fallback=True)


def _(sentence: str) -> str:
    """Return the sentence in the reader's language."""
    return _CATALOGUE.gettext(sentence)


def count(number: float) -> str:
    """Return a whole number with separators: ``60,000``."""
    return f"{number:,.0f}"


def percent(share: float) -> str:
    """Return a share in [0, 1] as ``92.3 %``; a dash where there is none."""
    return f"{100 * share:.1f} %" if math.isfinite(share) else "–"


def loss_text(loss: float) -> str:
    """Return a loss in nats with the digits that mean something: ``0.267``, ``884``."""
    if not math.isfinite(loss):
        return _("not a number")
    if abs(loss) >= 1e6:
        return f"{loss:.1e}"
    if abs(loss) >= 100:
        return count(loss)
    return f"{loss:.3f}" if abs(loss) >= 0.1 or loss == 0 else f"{loss:.2g}"


def signed(value: float) -> str:
    """Return a value with its sign and three digits: ``+0.312``, ``−0.0451``, ``0``."""
    if value == 0:
        return "0"
    return ("−" if value < 0 else "+") + f"{abs(value):.3g}"
