"""What a browser is told it may load, run and send."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.guard.asked import ask, body, http
from ui.guard.headers import SecurityHeaders, content_policy, inline_hashes


def _policy(text: str) -> dict[str, list[str]]:
    return {name: rest for name, *rest in (part.split() for part in text.split(";"))}


def _headers(host: str = "lab:8501") -> dict[str, str]:
    pairs = ask(SecurityHeaders, http(host=host), body(b"")).sent[0]["headers"]
    return {name.decode(): value.decode() for name, value in pairs}


def test_every_answer_has_them() -> None:
    headers = _headers()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert _policy(headers["content-security-policy"])["frame-ancestors"] == ["'self'"]


def test_no_other_host_and_no_written_script_is_allowed() -> None:
    policy = _policy(_headers()["content-security-policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["img-src"] == ["'self'", "data:", "blob:"]
    assert policy["connect-src"] == ["'self'", "ws://lab:8501", "wss://lab:8501"]
    allowed = {
        source for name, sources in policy.items() if name != "connect-src" for source in sources
    }
    named = {source for source in allowed if not source.startswith("'sha256-")}
    assert named == {
        *("'none'", "'self'", "data:", "blob:", "'unsafe-inline'", "'wasm-unsafe-eval'"),
    }
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:"} & set(policy["script-src"])


@pytest.mark.parametrize(
    "host", ["evil; script-src *", "a b", "'unsafe-inline'", "", "*", "a\r\nb"]
)
def test_a_host_cannot_write_into_the_policy(host: str) -> None:
    assert _policy(content_policy([], host))["connect-src"] == ["'self'"]
    assert content_policy([], host).count("script-src") == 1


def test_inline_scripts_are_allowed_by_what_they_say() -> None:
    page = b"<head><script>\n a = 1\n</script><script src='x'></script><script>b()</script>"
    wanted = [hashlib.sha256(text).digest() for text in (b"\n a = 1\n", b"b()")]
    assert inline_hashes(page) == [f"'sha256-{base64.b64encode(d).decode()}'" for d in wanted]
