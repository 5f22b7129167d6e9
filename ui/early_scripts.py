"""The Lab's own scripts, asked for while the browser still reads Streamlit's.

A module names the modules it needs only once it has come itself: six rounds from the first
component to the last module. The page's answer names them all, and none is waited for.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.live.routes import STATIC_VERSION, static_text

_FIRST: Final = ("live", "pictures", "reader", "edge")  # the components of the Lab
_STYLES: Final = ("lab.css", "dynamics.css", "past.css")
_IMPORTED: Final = re.compile(r'^(?:import|export) .*?from "\./([a-z_]+\.js)";$', re.M | re.S)


class EarlyScripts:
    """ASGI middleware that adds a Link header to the page.

    Parameters
    ----------
    app : ASGI application
    base_path : str
        The server's, under which the scripts lie.
    """

    def __init__(self, app: ASGIApp, base_path: str = "") -> None:
        base = base_path.strip("/")
        own = f"{'/' + base if base else ''}/lab/"
        folder = f"{own}static/{STATIC_VERSION}"
        links = [f"<{folder}/{name}>; rel=modulepreload" for name in modules_of(_FIRST)]
        links += [f"<{folder}/{name}>; rel=preload; as=style" for name in _STYLES]
        self._app, self._own, self._links = app, own, ", ".join(links)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and name the scripts in the answer that is a page."""

        async def send_with_links(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind = Headers(raw=message["headers"]).get("content-type", "")
                if kind.startswith("text/html"):
                    MutableHeaders(scope=message).append("link", self._links)
            await send(message)

        # What is asked for many times a second, such as frames, is no page.
        may_be_page = scope["type"] == "http" and not scope["path"].startswith(self._own)
        await self._app(scope, receive, send_with_links if may_be_page else send)


def modules_of(first: tuple[str, ...]) -> list[str]:
    """Return these modules and all that they import, each once, in the order of the rounds."""
    found = [f"{name}.js" for name in first]
    for name in found:
        found += [other for other in _IMPORTED.findall(static_text(name)) if other not in found]
    return list(dict.fromkeys(found))
