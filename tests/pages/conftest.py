"""What the tests of the pages share: an engine of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from PIL import Image
from streamlit.components.v2 import manifest_scanner

from softmax_core.service import close_shared_engine, shared
from tests.pages.lent_workers import Lender
from tests.pages.opening import lab


@pytest.fixture(scope="session", autouse=True)
def imported_pages(cache_folder: object) -> None:
    """Import the pages as the server does: the canvas can only be imported by a running app."""
    lab()


@pytest.fixture(scope="session")
def embedded_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache in which only embedded sets are ever prepared; 2 s for the upright digits."""
    return tmp_path_factory.mktemp("embedded-only")


@pytest.fixture
def no_mnist(monkeypatch: pytest.MonkeyPatch, embedded_only: Path) -> None:
    """Hide the real data, and what other tests have prepared of them."""
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setenv("SOFTMAX_CACHE", str(embedded_only))


_savefig = Figure.savefig


@pytest.fixture
def drawn_pictures(blank_pictures: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw them after all, for a test that looks at them."""
    monkeypatch.setattr(Figure, "savefig", _savefig)


@pytest.fixture(autouse=True)
def blank_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make figures and leave their PNG files blank: tests/figures looks at what is drawn."""

    def save(figure: Figure, file: BytesIO, **options: Any) -> None:
        if options["format"] == "png":
            Image.new("L", (4, 3)).save(file, "PNG")
        else:
            _savefig(figure, file, **options)

    monkeypatch.setattr(Figure, "savefig", save)


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
