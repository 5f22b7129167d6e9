"""The receipts of our own runs that come with the app."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from softmax_core.errors import UserError
from softmax_core.training.recipes.receipt import Receipt
from softmax_core.training.recipes.stored import load_receipts
from ui.recipes.loading import Choice


def stored_receipt(choice: Choice) -> Receipt | None:
    """Return what our own runs of a recipe reached; None where none is stored."""
    try:
        return _receipts().get(choice.names)
    except UserError:
        return None


@lru_cache(maxsize=1)
def _receipts() -> Mapping[tuple[str, str], Receipt]:
    """Read the file once: it does not change while the app runs."""
    return load_receipts()
