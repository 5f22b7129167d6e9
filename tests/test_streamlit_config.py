"""``.streamlit/config.toml`` against the table of what each option must be, and why."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

PROJECT = Path(__file__).resolve().parents[1]
SET: dict[str, Any] = {
    "server.maxUploadSize": 5,  # MB; a widget's own limit is checked in the browser only
    "server.maxMessageSize": 20,  # MB that one client makes the server buffer
    "server.maxWidgetStateSize": 5,  # MB
    "server.disconnectedSessionTTL": 900,  # seconds
    "server.fileWatcherType": "none",  # a module read again would be a second engine
    "server.allowRunOnSave": False,
    "server.maxCacheDataSize": "200mb",
    "runner.postScriptGC": False,
    "runner.fastReruns": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "browser.gatherUsageStats": False,
}
LEFT: dict[str, Any] = {  # as Streamlit has them; another value would open a door
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.runOnSave": False,
    "server.scriptHealthCheckEnabled": False,
    "server.websocketPingInterval": None,  # 30 s, and 30 more until a socket is given up
}


def _written() -> dict[str, Any]:
    text = (PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(text)
    return {
        f"{name}.{key}": value for name, part in sections.items() for key, value in part.items()
    }


@pytest.mark.parametrize(("name", "value"), SET.items())
def test_what_is_set(name: str, value: object) -> None:
    assert _written()[name] == value


@pytest.mark.parametrize(("name", "value"), LEFT.items())
def test_what_is_left_as_it_is(name: str, value: object) -> None:
    """Our file says nothing of it, and Streamlit's own default is still what we rely on."""
    assert name not in _written()
    assert config._config_options_template[name].default_val == value


def test_every_option_is_one_that_streamlit_knows() -> None:
    known = config._config_options_template
    assert not [name for name in _written() if not name.startswith("theme.") and name not in known]
