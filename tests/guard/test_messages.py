"""What passes of a socket's messages, and what becomes of the others."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from softmax_core.limits import MAX_FILES_ANNOUNCED, MESSAGE_BURST
from tests.guard.asked import Asked, ask, socket
from ui.guard.messages import Messages, is_wanted


def _message(kind: str, value: Any = True) -> BackMsg:
    message = BackMsg()
    if kind == "rerun_script":
        message.rerun_script.query_string = "lr=0.3"
    elif kind == "file_urls_request":
        message.file_urls_request.file_names.extend(["run.npz"] * value)
    elif kind == "deferred_file":
        message.backend_operation_request.deferred_file.file_id = "f"
    elif kind in ("install_skills", "dismiss_skills_nudge", "dataframe_chunk"):
        getattr(message.backend_operation_request, kind).SetInParent()
    else:
        setattr(message, kind, value)
    return message


def _sent(*messages: bytes | str) -> Asked:
    received: list[dict[str, Any]] = [
        {"type": "websocket.receive", "text" if isinstance(data, str) else "bytes": data}
        for data in messages
    ]
    return ask(Messages, socket(), received)


@pytest.mark.parametrize(
    "kind", ["rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "deferred_file"]
)
def test_what_a_page_sends_passes_unchanged(kind: str) -> None:
    data = _message(kind, 1).SerializeToString()
    assert _sent(data).reached[0]["bytes"] == data


@pytest.mark.parametrize(
    "kind",
    [
        *("clear_cache", "set_run_on_save", "load_git_info"),
        *("debug_disconnect_websocket", "debug_shutdown_runtime"),
        *("install_skills", "dismiss_skills_nudge", "dataframe_chunk"),
    ],
)
def test_what_no_page_sends_is_dropped_and_the_socket_stays(kind: str) -> None:
    wanted = _message("rerun_script").SerializeToString()
    asked = _sent(_message(kind).SerializeToString(), wanted)
    assert [m.get("bytes") for m in asked.reached] == [wanted, None]
    assert asked.sent == [{"type": "websocket.accept"}]


def test_every_kind_of_message_was_decided_on() -> None:
    """A message that a later Streamlit adds shows up here, and is dropped until then."""
    decided = {
        *("rerun_script", "stop_script", "file_urls_request", "app_heartbeat"),
        *("backend_operation_request", "clear_cache", "set_run_on_save", "load_git_info"),
        *("debug_disconnect_websocket", "debug_shutdown_runtime"),
    }
    assert {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields} == decided
    assert not is_wanted(BackMsg())
    assert not is_wanted(_message("file_urls_request", MAX_FILES_ANNOUNCED + 1))


@pytest.mark.parametrize(
    ("data", "code"), [("text", 1003), (b"\xff\xff\xff", 1002), (b"\x0a" * 5, 1002)]
)
def test_what_is_no_message_closes_the_socket_quietly(data: bytes | str, code: int) -> None:
    asked = _sent(data, _message("rerun_script").SerializeToString())
    assert [message["type"] for message in asked.reached] == ["websocket.disconnect"]
    assert asked.sent[-1] == {"type": "websocket.close", "code": code}


def test_a_message_over_the_limit_closes_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.guard.messages.get_max_widget_state_size_bytes", lambda: 1000)
    big = BackMsg()
    big.rerun_script.query_string = "x" * 1000
    assert _sent(big.SerializeToString()).sent[-1] == {"type": "websocket.close", "code": 1009}


def test_a_flood_waits_and_nothing_of_it_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("ui.guard.messages.asyncio.sleep", sleep)
    flood = [_message("rerun_script").SerializeToString()] * (MESSAGE_BURST + 40)
    assert len(_sent(*flood).reached) == MESSAGE_BURST + 40 + 1
    assert sum(wait > 0 for wait in waited) >= 39
