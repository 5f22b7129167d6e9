"""One door each: to what Streamlit keeps, to the live view's frames, and for what went wrong."""

from __future__ import annotations

import ast
import json
import struct
from pathlib import Path

import pytest

from softmax_core.service import shared_engine
from softmax_core.training import TrainingConfig
from tests.source_tree import modules
from ui.live.frame import encode_frame
from ui.server import on_script_error

STATIC = Path(__file__).resolve().parents[2] / "ui" / "live" / "static"


def test_only_one_place_touches_what_streamlit_keeps() -> None:
    users = {
        ".".join(module.name.split(".")[:2])
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in ("session_state", "query_params")
        if isinstance(node.value, ast.Name) and node.value.id == "st"
    }
    assert users == {"ui.state"}


def test_the_page_reads_every_array_of_a_frame() -> None:
    engine = shared_engine()
    body = encode_frame(engine.view(engine.open(TrainingConfig())))
    (length,) = struct.unpack_from("<I", body)
    arrays = [array["name"] for array in json.loads(body[4 : 4 + length])["arrays"]]
    scripts = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    assert len(arrays) > 5
    assert [name for name in arrays if name not in scripts] == []


def test_a_page_that_fails_says_what_to_do_without_losing_the_run(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[str] = []
    monkeypatch.setattr("streamlit.error", said.append)
    assert on_script_error(RuntimeError("secret of the server"))
    assert "choose the page again in the menu above" in said[0]
    assert "reload" not in said[0]
    assert "secret" not in said[0]
    number = said[0].partition("(error ")[2][:6]
    assert number in caplog.text
