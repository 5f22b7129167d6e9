"""The Lab's scripts are named in the page's answer: all of them, and nothing else's."""

from __future__ import annotations

import re

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from tests.coroutines import run
from tests.source_tree import PROJECT
from ui.early_scripts import EarlyScripts, modules_of
from ui.live.routes import STATIC_VERSION

STATIC = PROJECT / "ui" / "live" / "static"
LINK = re.compile(r"<([^>]+)>; rel=(modulepreload|preload; as=style)")


def asked(kind: bytes, base_path: str = "") -> str | None:
    """Return the Link header of an answer of this kind."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "headers": [(b"content-type", kind)]})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    run(EarlyScripts(app, base_path)({"type": "http", "path": "/why"}, receive, send))
    return Headers(raw=sent[0]["headers"]).get("link")


@pytest.mark.parametrize(("base", "start"), [("", ""), ("class", "/class"), ("/a/b/", "/a/b")])
def test_a_page_names_scripts_and_styles_that_there_are(base: str, start: str) -> None:
    found = LINK.findall(asked(b"text/html; charset=utf-8", base) or "")
    folder = f"{start}/lab/static/{STATIC_VERSION}/"
    assert all(address.startswith(folder) for address, _ in found)
    names = [address.removeprefix(folder) for address, _ in found]
    assert all((STATIC / name).is_file() for name in names)
    assert {"live.js", "reader.js", "lab.css"} < set(names)
    assert len(set(names)) == len(names)


def test_nothing_else_names_them() -> None:
    assert asked(b"text/javascript") is None


def test_a_module_brings_all_that_it_imports() -> None:
    names = set(modules_of(("live",)))
    for name in names:
        text = (STATIC / name).read_text()
        imported = {line.split('"')[-2] for line in text.splitlines() if ' from "./' in line}
        assert {f"./{other}" for other in names} >= imported, name
    assert "race.js" not in names
