"""The running app, and asyncio for tests of what passes over its sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serve import App


@pytest.fixture(scope="session")
def app(cache_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Start the app once for these tests; afterwards it must have logged no error."""
    server = App(tmp_path_factory.mktemp("server") / "log.txt")
    try:
        server.wait_until_healthy()
        yield server
        assert "Traceback" not in server.log(), server.log()
    finally:
        server.stop()


@pytest.fixture
def students() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Run what students do at the same time."""
    return asyncio.run
