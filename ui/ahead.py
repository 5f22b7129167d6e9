"""What the server does before anybody asks for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib import import_module
from typing import Final

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.training import TrainingConfig

_PAGES: Final = ("lab_page", "why_page", "race_page", "mistakes_page", "recipes_page", "data_page")
_FIRST_PAGE_SECONDS: Final = 15.0


async def prepare_ahead() -> None:
    """Load what the first page needs, and once it is there what the first clicks need.

    The pages are loaded while the first browser reads Streamlit's own scripts, for which it
    needs a second or more; then the page is to have the processor to itself.
    """
    await asyncio.to_thread(_for_the_first_page)
    await asyncio.sleep(_FIRST_PAGE_SECONDS)
    await asyncio.to_thread(_for_the_first_clicks)


def _for_the_first_page() -> None:
    for name in _PAGES:
        import_module(f"ui.{name}")
    with suppress(UserError):  # the page says why
        open_dataset(TrainingConfig().dataset)


def _for_the_first_clicks() -> None:
    from ui.trained_model import prepare_for_trained_model

    prepare_for_trained_model()
    import_module("matplotlib.figure")  # pictures to save
