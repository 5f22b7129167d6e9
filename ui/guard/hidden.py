"""Addresses that Streamlit serves and no student needs."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.guard.asking import answer, path_within
from ui.words import _

_HIDDEN = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/auth")


class Hidden:
    """Answers as if there were nothing: numbers of the process, and doors for programs."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app, self._base_path = app, base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is not hidden."""
        if scope["type"] == "http" and self._hides(scope):
            await answer(send, 404, _("There is nothing here."))
        else:
            await self._app(scope, receive, send)

    def _hides(self, scope: Scope) -> bool:
        path = path_within(scope, self._base_path).rstrip("/")
        return any(path == hidden or path.startswith(f"{hidden}/") for hidden in _HIDDEN)
