"""Streamlit looks at no source files on our behalf: its search for them is switched off.

With ``server.fileWatcherType = "none"`` it watches none, but for each new visitor it still works
out the paths of all modules there are, on the one thread that answers everybody: a tenth of a
second each, which is a fifth of the server's work when a class comes in.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.watcher.local_sources_watcher import LocalSourcesWatcher


def look_for_no_sources() -> None:
    """Have Streamlit search for nothing it would not use."""
    if st.get_option("server.fileWatcherType") == "none":
        # There is no option for it; where the method is gone, so is the search.
        methods: Any = LocalSourcesWatcher
        methods.update_watched_modules = _do_nothing


def _do_nothing(_watcher: LocalSourcesWatcher) -> None:
    """Search for nothing."""
