"""How many files may come, and how much they may be together."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from starlette.types import ASGIApp
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from softmax_core.limits import MAX_RECENT_UPLOADS, MAX_UPLOADED_BYTES, UPLOAD_SECONDS
from tests.guard.asked import ask, body, http
from ui.guard.uploads import UploadQuota

MEGABYTE = 2**20


class Desk:
    """A quota with a runtime that knows the sessions ``a`` to ``z`` and the files they hold."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files = MemoryUploadedFileManager("/_stcore/upload_file")
        known = SimpleNamespace(
            is_active_session=lambda name: len(name) == 1, uploaded_file_mgr=self.files
        )
        self.now = 0.0
        monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
        monkeypatch.setattr("streamlit.runtime.get_instance", lambda: known)
        monkeypatch.setattr("ui.guard.uploads.time.monotonic", lambda: self.now)
        self._app: UploadQuota | None = None

    def put(self, session: str, size: int = 1000) -> int:
        """Return the status of one upload."""

        def layer(app: ASGIApp) -> UploadQuota:
            self._app = self._app or UploadQuota(app, "")
            self._app._app = app
            return self._app

        path = f"/_stcore/upload_file/{session}/file"
        asked = ask(layer, http("PUT", path, content_length=str(size)), body(b""))
        if asked.status == 429:
            assert "Nothing was changed." in asked.text
        return asked.status

    def hold(self, session: str, size: int) -> None:
        """Have a session hold one more file."""
        name = f"{self.files._file_count}"
        self.files.add_file(session, UploadedFileRec(name, "run.npz", "", bytes(size)))


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_thirty_files_in_five_minutes(desk: Desk) -> None:
    assert {desk.put("a") for _ in range(MAX_RECENT_UPLOADS)} == {200}
    assert desk.put("a") == 429
    assert desk.put("b") == 200  # a quota of each, as a class has one address
    desk.now = UPLOAD_SECONDS + 1
    assert desk.put("a") == 200


def test_a_page_holds_no_more_than_its_share(desk: Desk) -> None:
    desk.hold("a", MAX_UPLOADED_BYTES - MEGABYTE)
    assert desk.put("a", MEGABYTE) == 200
    assert desk.put("a", MEGABYTE + 1) == 429
    desk.files.remove_session_files("a")
    assert desk.put("a", MEGABYTE + 1) == 200


def test_all_pages_together_hold_no_more_than_there_is_room_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.guard.uploads.MAX_ALL_UPLOADED_BYTES", 5 * MEGABYTE)
    for session in "abcd":
        desk.hold(session, MEGABYTE)
    assert desk.put("e", MEGABYTE) == 200
    assert desk.put("f", MEGABYTE + 1) == 429


def test_a_request_that_announces_no_size_counts_as_the_largest(desk: Desk) -> None:
    desk.hold("a", MAX_UPLOADED_BYTES - MEGABYTE)
    path = "/_stcore/upload_file/a/file"
    quota = ask(lambda app: UploadQuota(app, ""), http("PUT", path), body(b""))
    assert quota.status == 429


def test_a_session_that_is_none_is_left_to_streamlit_and_not_remembered(desk: Desk) -> None:
    assert {desk.put("unknown") for _ in range(MAX_RECENT_UPLOADS + 5)} == {200}
    assert desk._app is not None
    assert not desk._app._times
