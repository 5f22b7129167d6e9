"""A round of messages that began before a page came back reaches it where it is now."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from streamlit.runtime.session_manager import ActiveSessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from ui.present_clients import send_to_present_clients


def page(name: str) -> ActiveSessionInfo:
    session = Mock()
    session.id = name
    return ActiveSessionInfo(client=Mock(), session=session)


def test_who_comes_back_during_a_round_is_found_and_who_goes_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = WebsocketSessionManager.list_active_sessions
    monkeypatch.setattr(WebsocketSessionManager, "list_active_sessions", original)  # undone later
    send_to_present_clients()
    manager = WebsocketSessionManager(Mock(), Mock(), Mock(), Mock())
    pages = manager._active_session_info_by_id
    pages.update({name: page(name) for name in ("stays", "returns", "goes")})
    listed = manager.list_active_sessions()
    assert len(listed) == manager.num_active_sessions() == 3
    stays, returned = pages["stays"], page("returns")
    turns = iter(listed)
    assert next(turns) is stays
    pages["returns"] = returned
    del pages["goes"]
    assert list(turns) == [returned]
