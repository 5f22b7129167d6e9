"""A download that was offered a moment ago still comes; later it and its maker are forgotten."""

from __future__ import annotations

import gc
import threading
import weakref
from unittest.mock import Mock

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from ui.late_downloads import GRACE, keep_downloads_for_late_pages


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timer = Mock()

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    for name in ("_get_inactive_file_ids", "_remove_orphaned_deferred_callables"):
        monkeypatch.setattr(MediaFileManager, name, getattr(MediaFileManager, name))  # undone later
    clock = Clock()
    monkeypatch.setattr("ui.late_downloads.time", clock)
    monkeypatch.setattr(threading, "Timer", clock.timer)
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: "session")
    keep_downloads_for_late_pages()
    return clock


class Weights:
    """What is offered; its page has it as long as it can be asked for."""

    def as_file(self) -> bytes:
        return b"weights"


def stored(manager: MediaFileManager, url: str) -> bytes | None:
    """Return what a browser is given at this address, None where there is nothing."""
    storage = manager._storage
    assert isinstance(storage, MemoryMediaFileStorage)
    try:
        return storage.get_file(url.rsplit("/", 1)[1]).content
    except MediaFileStorageError:
        return None


def offered(manager: MediaFileManager, weights: Weights) -> str:
    return manager.add_deferred(weights.as_file, "text/plain", "0.1", file_name="w.txt")


def drawn_anew(manager: MediaFileManager, weights: Weights | None = None) -> None:
    """Do what Streamlit does when a script runs: begin anew, offer, and remove what is left."""
    manager.clear_session_refs("session")
    if weights is not None:
        offered(manager, weights)
    manager.remove_orphaned_files()


def test_a_page_that_was_drawn_anew_meanwhile_gets_its_download(clock: Clock) -> None:
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    weights = Weights()
    asked = offered(manager, weights)
    for _ in range(5):
        drawn_anew(manager, weights)
    url = manager.execute_deferred(asked)
    for _ in range(5):
        drawn_anew(manager, weights)
    assert stored(manager, url) == b"weights"


def test_a_file_that_is_made_once_more_begins_anew(clock: Clock) -> None:
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    asked = offered(manager, Weights())
    first = manager.execute_deferred(asked)
    manager.remove_orphaned_files()
    clock.now += GRACE
    assert manager.execute_deferred(asked) == first
    for _ in range(5):
        manager.remove_orphaned_files()
    assert stored(manager, first) == b"weights"


def test_what_nobody_has_named_for_long_is_forgotten(clock: Clock) -> None:
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    weights = Weights()
    gone = weakref.ref(weights)
    asked = offered(manager, weights)
    url = manager.execute_deferred(asked)
    drawn_anew(manager)
    clock.timer.assert_called_once()  # who looks again when all have left
    for _ in range(3):
        clock.now += GRACE
        drawn_anew(manager)
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(asked)
    assert stored(manager, url) is None
    del weights
    gc.collect()
    assert gone() is None


def test_what_a_page_still_names_stays_and_a_picture_goes_at_once(clock: Clock) -> None:
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    asked = offered(manager, Weights())
    url = manager.add(b"picture", "image/png", "0.2")
    clock.now += 10 * GRACE
    manager.remove_orphaned_files()
    assert manager.execute_deferred(asked)
    assert stored(manager, url) == b"picture"
    drawn_anew(manager)
    assert stored(manager, url) is None
