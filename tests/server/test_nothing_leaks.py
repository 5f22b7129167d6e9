"""What pages, routes and the log tell of the server, and of keys that stand for a student."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.serve import PROJECT, App
from tests.server.student import Student

Students = Callable[[Coroutine[Any, Any, None]], None]
PAGES = ("", "race", "why", "mistakes", "recipes", "data", "", "no-such-page")
# A path, or what a traceback is made of.
_OF_THE_SERVER = re.compile(
    rb"site-packages|Traceback|File \\?\"|/home/|/root/|/tmp/|/usr/lib|\.py\b|[A-Z]:\\\\"
)
_MAY_HOLD_THE_SESSION = ("new_session", "file_urls_response")
_MAY_HOLD_A_TOKEN = "bidi_component"


class Heard:
    """All that came to one student."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def messages(self) -> Iterator[ForwardMsg]:
        for body in self.bodies:
            with suppress(DecodeError):  # files that were downloaded are no messages
                yield ForwardMsg.FromString(body)


async def _walk(student: Student) -> None:
    """Go everywhere and ask for what is not there."""
    for page in PAGES:
        await student.rerun(page=page)
    await student.rerun(page="")
    for name, content in (("run.npz", b"PK\x03\x04"), ("W.npy", b"\x93NUMPY"), ("x.npy", b"")):
        await student.upload("upload", name, content)
    await student.press("train")
    await student.rerun({"canvas": {"drawing": {"raw": None, "data": "data:x;base64,AAAA"}}})
    await student.rerun({"setting_learning_rate": "0.5", "setting_network": "Perceptron"})
    for name in ("save_run", "save_curves.svg", "save_history"):
        await student.download(name)


async def _ask(student: Student) -> list[bytes]:
    """Ask the routes in ways that no page does, and return what they say."""
    answers = []
    for path in ("frame", "race", "kept", "why", "judged", "batch", "film", "test-pictures"):
        for query in ({}, {"t": "../../etc/passwd"}, {"s": "x", "n": "-1", "i": "9" * 400}):
            answers.append(await student.get(f"lab/{path}", **query))
    for path in ("ink", "picture", "look", "go-on", "why/erase", "why/swap", "why/undo"):
        answers.append(await student.post(f"lab/{path}", b"\xff" * 999, i="x", s="-"))
    for path in ("media/..%2f..%2fetc%2fpasswd", "component/x/../../app.py", "lab/static/x/app.py"):
        answers.append(await student.get(path))
    for path in (
        "_stcore/health",
        "_stcore/host-config",
        "_stcore/metrics",
        "_stcore/upload_file/a/b",
    ):
        answers.append(await student.get(path))
    assert max(answer.status for answer in answers) < 500
    return [answer.body for answer in answers]


def test_no_page_route_or_log_tells_where_the_server_is_or_who_somebody_is(
    app: App, students: Students, cache_folder: Path
) -> None:
    heard, said = Heard(), []
    keys: set[bytes] = set()

    async def lesson() -> None:
        student = Student(app.url, query="lr=banana&seed=-1")
        await student.connect()
        student.hear = heard.bodies.append
        await student.rerun()
        await _walk(student)
        student.hear = None
        said.extend(await _ask(student))
        keys.update(key.encode() for key in (student.session_id, *student.seen.tokens.values()))
        await student.__aexit__(None, None, None)

    students(lesson())
    assert len(keys) == 3  # of the session, the run and the race
    places = [str(PROJECT).encode(), str(cache_folder).encode()]
    for body in said:
        assert not [key for key in (*keys, *places) if key in body]
    _check_messages(heard, keys, places)
    log = app.log().encode()
    assert not [key for key in keys if key in log]


def _check_messages(heard: Heard, keys: set[bytes], places: list[bytes]) -> None:
    for message in heard.messages():
        data, kind = message.SerializeToString(), message.WhichOneof("type")
        assert not [place for place in places if place in data]
        found = {key for key in keys if key in data}
        part = message.delta.new_element.WhichOneof("type") if kind == "delta" else None
        if found:
            assert kind in _MAY_HOLD_THE_SESSION or part == _MAY_HOLD_A_TOKEN, message
        if part not in ("bidi_component", "imgs", "html"):  # whose scripts and styles are ours
            assert not _OF_THE_SERVER.search(data), message
