"""All layers together, as the app has them."""

from __future__ import annotations

from typing import Any

from starlette.types import Receive, Scope, Send

from tests.coroutines import run
from ui.guard import guard


def test_the_start_and_the_end_of_the_server_pass_through() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    layered: Any = app
    for layer in reversed(guard()):
        layered = layer.cls(layered, *layer.args, **layer.kwargs)
    run(layered({"type": "lifespan"}, None, None))
    assert seen == [{"type": "lifespan"}]
