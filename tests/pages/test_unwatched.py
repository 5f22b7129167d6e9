"""Streamlit works out no module's path for a server that watches no files."""

from __future__ import annotations

import sys
from unittest.mock import Mock

import pytest
import streamlit as st
from streamlit.watcher import local_sources_watcher
from streamlit.watcher.local_sources_watcher import LocalSourcesWatcher

from ui.unwatched import look_for_no_sources


@pytest.mark.parametrize(("kind", "searches"), [("none", False), ("poll", True)])
def test_only_a_server_that_watches_files_searches_for_them(
    monkeypatch: pytest.MonkeyPatch, kind: str, searches: bool
) -> None:
    original = LocalSourcesWatcher.update_watched_modules
    monkeypatch.setattr(LocalSourcesWatcher, "update_watched_modules", original)  # undone later
    monkeypatch.setattr(st, "get_option", lambda _name: kind)
    paths = Mock(return_value=set())
    monkeypatch.setattr(local_sources_watcher, "get_module_paths", paths)
    pages = Mock(main_script_path=__file__)
    pages.get_pages.return_value = {}
    look_for_no_sources()
    watcher = LocalSourcesWatcher(pages)
    watcher.update_watched_modules()
    assert paths.call_count == (len(sys.modules) if searches else 0)
    watcher.close()
