"""The browser's key: who gets it, when it changes, and that it stands nowhere else."""

from __future__ import annotations

import hashlib
import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.coroutines import run
from ui import visitor
from ui.visitor import COOKIE, VisitorCookie, browser_of, give_up_key

KEY = "0123456789abcdef" * 2
PAGE, SCRIPT, CONFIG = "/why", "/lab/static/x/live.js", "/_stcore/host-config"


@pytest.fixture(autouse=True)
def no_keys_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "_renewed", visitor._Renewed())


def cookie_set(
    path: str = PAGE, *, held: str = "", scheme: str = "http", base: str = "/", **headers: str
) -> str | None:
    """Return what an answer sets, as it stands in the header; None for nothing."""
    kind = {PAGE: b"text/html; charset=utf-8", SCRIPT: b"text/javascript"}.get(
        path, b"application/json"
    )
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]}
        await send(start)
        await send({"type": "http.response.body", "body": b"hello"})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"cookie": f"a=b; {COOKIE}={held}; c=d"} if held else {}
    raw = [
        (name.replace("_", "-").encode(), value.encode())
        for name, value in (given | headers).items()
    ]
    scope: dict[str, Any] = {"type": "http", "path": path, "scheme": scheme, "headers": raw}
    run(VisitorCookie(app, base)(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["headers"][0] == (b"content-type", kind)
    values = [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]
    assert len(values) < 2
    return values[0] if values else None


def key_set(**asked: Any) -> str:
    text = cookie_set(**asked)
    assert text is not None
    return SimpleCookie(text)[COOKIE].value


def test_a_first_page_brings_128_random_bits_that_no_script_and_no_other_site_can_use() -> None:
    text = cookie_set()
    assert text is not None
    morsel = SimpleCookie(text)[COOKIE]
    assert re.fullmatch(r"[0-9a-f]{32}", morsel.value)
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Strict", "/")
    assert not morsel["secure"]
    assert (morsel["max-age"], morsel["expires"], morsel["domain"]) == ("", "", "")
    assert key_set() != morsel.value


def test_over_https_it_is_never_sent_without_and_below_a_base_path_only_there() -> None:
    text = cookie_set(scheme="https", base="/class")
    assert text is not None
    assert SimpleCookie(text)[COOKIE]["secure"]
    assert SimpleCookie(text)[COOKIE]["path"] == "/class"


def test_a_browser_that_has_a_key_keeps_it() -> None:
    for path in (PAGE, SCRIPT, CONFIG):
        assert cookie_set(path, held=KEY) is None


@pytest.mark.parametrize("bad", ["x", KEY[:-1], KEY.upper(), KEY + "0", "../" + KEY[3:], "é" * 32])
def test_what_is_no_key_is_replaced(bad: str) -> None:
    assert browser_of({COOKIE: bad}) == ""
    assert re.fullmatch(r"[0-9a-f]{32}", key_set(held=bad.encode("utf-8").decode("latin-1")))


def test_a_link_on_another_site_does_not_take_a_key_away() -> None:
    # The browser keeps its cookie back, so that it looks as if there were none.
    assert cookie_set(sec_fetch_site="cross-site") is None
    # What the page itself asks for then comes with the cookie, or shows that there is none.
    assert cookie_set(CONFIG, held=KEY, sec_fetch_site="same-origin") is None
    assert key_set(path=CONFIG, sec_fetch_site="same-origin")


def test_no_other_answer_brings_a_first_key() -> None:
    assert cookie_set(SCRIPT) is None
    assert cookie_set("/lab/frame") is None


def test_a_key_that_was_given_up_is_replaced_by_the_next_answer_whatever_it_is() -> None:
    before = browser_of({COOKIE: KEY})
    give_up_key({COOKIE: KEY})
    new = key_set(path="/lab/frame", held=KEY)
    assert new != KEY
    assert key_set(path=SCRIPT, held=KEY) == new  # the same, however many ask
    assert cookie_set("/lab/frame", held=new) is None
    # The page, which still knows the old one, is the browser of the new one.
    assert browser_of({COOKIE: KEY}) == browser_of({COOKIE: new}) != before
    give_up_key({COOKIE: KEY})
    newest = key_set(path="/lab/frame", held=new)
    assert newest not in (KEY, new)
    assert key_set(held=KEY) == newest


def test_the_server_knows_a_browser_by_a_hash_that_says_nothing_of_the_key() -> None:
    name = browser_of({COOKIE: KEY})
    assert re.fullmatch(r"[0-9a-f]{64}", name)
    assert KEY not in name
    assert name != hashlib.sha256(KEY.encode()).hexdigest()  # of this app alone
    assert browser_of({}) == ""


def test_keys_that_nobody_comes_back_for_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "MAX_RENEWED_KEYS", 3)
    keys = [f"{i:032x}" for i in range(5)]
    for key in keys:
        give_up_key({COOKIE: key})
    held = [cookie_set(SCRIPT, held=key) is not None for key in keys]
    assert held == [False, False, True, True, True]


def test_a_socket_passes_untouched() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        raise AssertionError("not asked")

    run(VisitorCookie(app)({"type": "websocket"}, nothing, nothing))
    assert seen == ["websocket"]
