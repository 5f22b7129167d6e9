"""The whole app as one ASGI application: ``streamlit run app.py``."""

import streamlit as st

from ui.guard import guard
from ui.live.routes import live_routes
from ui.server import lifespan, middleware, on_script_error

app = st.App(
    "ui/main.py",
    routes=live_routes(st.get_option("server.baseUrlPath")),
    middleware=[*guard(), *middleware(st.get_option("server.baseUrlPath"))],
    lifespan=lifespan,
    on_script_error=on_script_error,
)
