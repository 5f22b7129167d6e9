"""Which tests run beside which when they are run in several processes."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling


class BrowserTogether(LoadScopeScheduling):  # type: ignore[misc]  # comes without types
    """All browser tests in one process, from the first minute on; the others where there is room.

    They share one server and one browser: two of each would slow each other down. So do those
    that speak to a server without a browser.
    """

    def _split_scope(self, nodeid: str) -> str:
        shared = (place for place in ("browser", "server") if nodeid.startswith(f"tests/{place}/"))
        return next(shared, str(nodeid))
