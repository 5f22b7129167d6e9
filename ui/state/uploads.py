"""Files in the uploader: what is new among them, and what became of them."""

from __future__ import annotations

from typing import BinaryIO, Final, NamedTuple

import streamlit as st

from softmax_core.limits import MAX_RUN_BYTES, MAX_UPLOADS
from ui.state.keys import UPLOAD

_UPLOAD_SAID: Final = "upload_said"
_UPLOADS_READ: Final = "uploads_read"


class Upload(NamedTuple):
    """A file that was dropped on the page."""

    name: str
    content: bytes


class Said(NamedTuple):
    """What became of the last file."""

    loaded: bool
    text: str


def unread_uploads() -> list[Upload]:
    """Return the files in the uploader that nothing has been made of yet.

    Of a file that is too large no more than that is read, and of too many files one more than
    there may be: whoever checks them sees that it is so.
    """
    read = st.session_state.get(_UPLOADS_READ, frozenset())
    uploaded = [file for file in st.session_state.get(UPLOAD) or [] if file.file_id not in read]
    return [_upload(file) for file in uploaded[: MAX_UPLOADS + 1]]


def _upload(file: BinaryIO) -> Upload:
    file.seek(0)
    return Upload(file.name, file.read(MAX_RUN_BYTES + 1))


def uploads_are_read() -> None:
    """Note that something was made of all files in the uploader."""
    uploaded = st.session_state.get(UPLOAD) or []
    st.session_state[_UPLOADS_READ] = frozenset(file.file_id for file in uploaded)


def say_of_upload(said: Said) -> None:
    """Keep what became of the uploaded files."""
    st.session_state[_UPLOAD_SAID] = said


def said_of_upload() -> Said | None:
    """Return what became of the uploaded files, for as long as there is one in the uploader."""
    said: Said | None = st.session_state.get(_UPLOAD_SAID)
    return said if st.session_state.get(UPLOAD) else None
