"""Headers of every answer: what a browser may load, run, send and tell others of this app."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from ui.guard.asking import header

_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")
_UNUSED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "midi", "hid")
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),  # for browsers that do not know frame-ancestors
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{name}=()" for name in _UNUSED).encode()),
)


class SecurityHeaders:
    """Adds the headers to every answer, whoever gives it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._scripts = inline_hashes((Path(get_static_dir()) / "index.html").read_bytes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = content_policy(self._scripts, header(scope, b"host") or "").encode()
        added = [*_ALWAYS, (b"content-security-policy", policy)]
        names = {name for name, _ in added}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() not in names]
                message = {**message, "headers": [*kept, *added]}
            await send(message)

        await self._app(scope, receive, send_with_headers)


def content_policy(scripts: list[str], host: str) -> str:
    """Return the Content-Security-Policy: nothing from anywhere else.

    Parameters
    ----------
    scripts : list of str
        Hashes of the scripts that are written into Streamlit's own page.
    host : str
        The server as the browser calls it. Some browsers do not count a websocket to the same
        server as ``'self'``, so it is named.
    """
    sockets = f"ws://{host} wss://{host}" if _PLAIN_HOST.fullmatch(host) else ""
    parts = {
        "default-src": "'none'",
        # blob: is how Streamlit runs the few lines that load a component; WebAssembly is how it
        # counts beyond 32 bits.
        "script-src": " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *scripts]),
        "style-src": "'self' 'unsafe-inline'",  # Streamlit's page writes its styles as it runs
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self' {sockets}".strip(),
        "media-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def inline_hashes(page: bytes) -> list[str]:
    """Return the sources that allow the inline scripts of a page, and no others."""
    digests = (hashlib.sha256(script).digest() for script in _INLINE.findall(page))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
