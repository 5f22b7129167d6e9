"""The running app, and asyncio for tests of what passes over its sockets."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.coroutines import run as run_to_end
from tests.serve import App

# Streamlit says so when it starts without our lifespan: a layer that cannot pass it on is enough.
# The last is asyncio's, of a connection that is written to again and again after it broke.
_BAD_SIGNS = ("Traceback", "Auto-starting", "Exception", "Error", "socket.send() raised")


@pytest.fixture(scope="session")
def app(cache_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Start the app once for these tests; afterwards it must have logged no error."""
    server = App(tmp_path_factory.mktemp("server") / "log.txt")
    try:
        server.wait_until_healthy()
        yield server
        log = server.log()
        assert not [sign for sign in _BAD_SIGNS if sign in log], log
    finally:
        server.stop()


@pytest.fixture
def students() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Run what students do at the same time."""

    def run(lesson: Coroutine[Any, Any, None]) -> None:
        run_to_end(lesson)

    return run
