"""The browser of this page: known by a cookie that no page can read."""

from __future__ import annotations

import streamlit as st

from ui.visitor import browser_of, give_up_key


def browser() -> str:
    """Return the name under which the server knows this browser; empty where it has no key."""
    return browser_of(st.context.cookies)


def become_another_browser() -> None:
    """Give the key up for a new one: what was done under it is nobody's any more."""
    give_up_key(st.context.cookies)
