"""How figures speak: as all of the core does."""

from __future__ import annotations

from softmax_core.wording import _, count, loss_text, percent, signed

__all__ = ["_", "count", "loss_text", "percent", "signed"]
