"""How much may be uploaded: Streamlit itself knows a size of one file, and no sum."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from typing import cast

import streamlit as st
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from softmax_core.limits import (
    MAX_ALL_UPLOADED_BYTES,
    MAX_RECENT_UPLOADS,
    MAX_UPLOADED_BYTES,
    UPLOAD_SECONDS,
)
from ui.guard.asking import answer, header, path_within
from ui.words import _

_UPLOADS = "/_stcore/upload_file/"
_MEGABYTE = 2**20


class UploadQuota:
    """Refuses uploads, in a sentence, that are too many or too much together."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app, self._base_path = app, base_path
        self._times: dict[str, deque[float]] = {}  # of each session's uploads
        self._coming: list[tuple[str, int]] = []  # session and bytes of those under way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the quota."""
        session = self._uploader(scope)
        if session is None:
            await self._app(scope, receive, send)
            return
        coming = (session, _announced(scope))
        refusal = self._refusal(*coming)
        if refusal is not None:
            await answer(send, 429, refusal)
            return
        self._coming.append(coming)
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming.remove(coming)

    def _uploader(self, scope: Scope) -> str | None:
        """Return the session that uploads; None for all else, which Streamlit answers."""
        if scope["type"] != "http" or scope["method"] != "PUT":
            return None
        path = path_within(scope, self._base_path)
        if not path.startswith(_UPLOADS):
            return None
        session = path.removeprefix(_UPLOADS).partition("/")[0]
        known = runtime.exists() and runtime.get_instance().is_active_session(session)
        return session if known else None

    def _refusal(self, session: str, size: int) -> str | None:
        if self._too_often(session):
            return _(
                "More than {n} files came from this page within {minutes:g} minutes. Wait a "
                "moment and try again. Nothing was changed."
            ).format(n=MAX_RECENT_UPLOADS, minutes=UPLOAD_SECONDS / 60)
        of_all = held_bytes() + self._under_way()
        if held_bytes([session]) + self._under_way(session) + size > MAX_UPLOADED_BYTES:
            return _(
                "This page holds {limit:,} MB of files already. Take some out of the uploader and "
                "try again. Nothing was changed."
            ).format(limit=MAX_UPLOADED_BYTES // _MEGABYTE)
        if of_all + size > MAX_ALL_UPLOADED_BYTES:
            return _(
                "All pages together hold {limit:,} MB of files, which is all there is room for. "
                "Try again when others have finished. Nothing was changed."
            ).format(limit=MAX_ALL_UPLOADED_BYTES // _MEGABYTE)
        return None

    def _too_often(self, session: str) -> bool:
        """Count one more upload of a session, unless there were too many lately."""
        now = time.monotonic()
        for name in [n for n, times in self._times.items() if now - times[-1] > UPLOAD_SECONDS]:
            del self._times[name]
        times = self._times.setdefault(session, deque(maxlen=MAX_RECENT_UPLOADS))
        if len(times) == MAX_RECENT_UPLOADS and now - times[0] < UPLOAD_SECONDS:
            return True
        times.append(now)
        return False

    def _under_way(self, session: str | None = None) -> int:
        return sum(size for owner, size in self._coming if session in (None, owner))


def held_bytes(sessions: Iterable[str] | None = None) -> int:
    """Return how many bytes of uploads Streamlit holds, of these sessions or of all."""
    manager = cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)
    stored = manager.file_storage
    wanted = list(stored) if sessions is None else list(sessions)
    files = [file for name in wanted for file in list(stored.get(name, {}).values())]
    return sum(len(file.data) for file in files)


def _announced(scope: Scope) -> int:
    """Return the size a request announces; the most there may be when it announces none."""
    most = int(st.get_option("server.maxUploadSize")) * _MEGABYTE
    text = header(scope, b"content-length") or ""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 16 else most
