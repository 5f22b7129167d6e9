"""What the tests of the pages share: an engine of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from softmax_core.service import close_shared_engine
from tests.pages.opening import lab


@pytest.fixture(scope="session", autouse=True)
def imported_pages(cache_folder: object) -> None:
    """Import the pages as the server does: the canvas can only be imported by a running app."""
    lab()


@pytest.fixture
def no_mnist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the real data, and what other tests have prepared of them."""
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path))


@pytest.fixture(autouse=True)
def own_engine(imported_pages: None) -> Iterator[None]:
    close_shared_engine()
    yield
    close_shared_engine()
