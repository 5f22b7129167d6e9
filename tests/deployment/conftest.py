"""Two servers of the app behind nginx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.deployment.nginx import Nginx
from tests.serve import App


class Servers(NamedTuple):
    """Two servers, by the name that the cookie calls them, and what stands before them."""

    nginx: Nginx
    apps: dict[str, App]


@pytest.fixture
def servers(
    cache_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Servers]:
    apps = {name: App(tmp_path / f"{name}.txt") for name in "ab"}
    try:
        with Nginx(tmp_path, [app.port for app in apps.values()]) as nginx:
            monkeypatch.setenv("SSL_CERT_FILE", str(nginx.certificate))
            for app in apps.values():
                app.wait_until_healthy()
            yield Servers(nginx, apps)
    finally:
        for app in apps.values():
            app.stop()
