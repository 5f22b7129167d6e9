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


@pytest.fixture(scope="module")
def servers(cache_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("nginx")
    apps = {name: App(folder / f"{name}.txt") for name in "ab"}
    try:
        ports = [app.port for app in apps.values()]
        with Nginx(folder, ports) as nginx, pytest.MonkeyPatch.context() as environment:
            environment.setenv("SSL_CERT_FILE", str(nginx.certificate))
            for app in apps.values():
                app.wait_until_healthy()
            yield Servers(nginx, apps)
    finally:
        for app in apps.values():
            app.stop()
