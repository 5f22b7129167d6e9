"""A round of messages tells each page all at once, and where it is now."""

from __future__ import annotations

from unittest.mock import Mock, call

import pytest
from streamlit.runtime.session_manager import ActiveSessionInfo, SessionClientDisconnectedError
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from ui.present_clients import send_to_present_clients


def page(name: str, *messages: str) -> ActiveSessionInfo:
    session = Mock()
    session.id = name
    session.flush_browser_queue.return_value = list(messages)
    return ActiveSessionInfo(client=Mock(), session=session)


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Mock:
    original = WebsocketSessionManager.list_active_sessions
    monkeypatch.setattr(WebsocketSessionManager, "list_active_sessions", original)  # undone later
    send_to_present_clients()
    runtime = Mock()
    monkeypatch.setattr("ui.present_clients.Runtime.instance", lambda: runtime)
    return runtime


def listed_by(manager: WebsocketSessionManager, *pages: ActiveSessionInfo) -> None:
    manager._active_session_info_by_id.update({page.session.id: page for page in pages})


def test_a_page_is_told_all_before_it_is_the_next_ones_turn(runtime: Mock) -> None:
    manager = WebsocketSessionManager(Mock(), Mock(), Mock(), Mock())
    first, second = page("first", "a", "b"), page("second", "c")
    listed_by(manager, first, second)
    turns = iter(manager.list_active_sessions())
    assert next(turns) is first
    assert runtime._send_message.call_args_list == [call(first, "a"), call(first, "b")]
    assert next(turns) is second
    assert runtime._send_message.call_args_list[2:] == [call(second, "c")]


def test_a_page_that_has_gone_is_given_up_with_the_rest_of_its_messages(runtime: Mock) -> None:
    manager = WebsocketSessionManager(Mock(), Mock(), Mock(), Mock())
    gone = page("gone", "a", "b")
    listed_by(manager, gone)
    runtime._send_message.side_effect = SessionClientDisconnectedError
    assert list(manager.list_active_sessions()) == [gone]
    assert runtime._send_message.call_count == 1
    runtime.disconnect_session.assert_called_once_with("gone", client=gone.client)


def test_who_comes_back_during_a_round_is_found_and_who_goes_is_passed_over() -> None:
    manager = WebsocketSessionManager(Mock(), Mock(), Mock(), Mock())
    pages = manager._active_session_info_by_id
    listed_by(manager, *(page(name) for name in ("stays", "returns", "goes")))
    listed = manager.list_active_sessions()
    assert len(listed) == manager.num_active_sessions() == 3
    stays, returned = pages["stays"], page("returns")
    turns = iter(listed)
    assert next(turns) is stays
    pages["returns"] = returned
    del pages["goes"]
    assert list(turns) == [returned]
