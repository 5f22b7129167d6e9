"""What the tests of the pages share: an engine of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from softmax_core.service import close_shared_engine, shared
from tests.pages.lent_workers import Lender
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


@pytest.fixture(scope="session", autouse=True)
def coarse_pictures() -> Iterator[None]:
    """Draw matplotlib's pictures with a quarter of their pixels a side: pages are tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("softmax_core.figures.export._FILE_DPI", 50)
        yield


@pytest.fixture(scope="session", autouse=True)
def known_packages() -> Iterator[None]:
    """Look only once which installed packages bring components: AppTest asks before every page."""
    known = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", known)
        yield


@pytest.fixture(scope="session")
def lender() -> Iterator[Lender]:
    lender = Lender()
    yield lender
    lender.close()


@pytest.fixture(autouse=True)
def own_engine(
    imported_pages: None, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    close_shared_engine()
    monkeypatch.setattr(shared, "chosen_executor", lambda _text: lender)
    yield
    close_shared_engine()
