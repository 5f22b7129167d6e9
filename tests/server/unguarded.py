"""The app without its guard, to be run by Streamlit."""

from __future__ import annotations

import streamlit as st

from tests.serve import PROJECT
from ui.live.routes import live_routes
from ui.server import lifespan, on_script_error

app = st.App(
    PROJECT / "ui" / "main.py",
    routes=live_routes(),
    lifespan=lifespan,
    on_script_error=on_script_error,
)
