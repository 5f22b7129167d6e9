"""The nginx of this computer with the project's own configuration, in a folder of the test's."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CONFIGURATION = PROJECT / "deploy" / "nginx.conf"
MISSING = (
    "This test needs {name}: install it (on Debian or Ubuntu with `apt-get install -y {name}`; its "
    "service need not run), or leave the test out."
)
MAIN = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    log_format which "$upstream_addr $status $request_uri";
    access_log {folder}/access.log which;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


class Nginx:
    """Stands before two servers of the app, with a certificate that it has signed itself.

    Parameters
    ----------
    folder : Path
        For all it writes.
    ports : sequence of int
        Of the two servers.
    """

    def __init__(self, folder: Path, ports: Sequence[int]) -> None:
        self._folder, self._ports = folder, ports
        self.plain_port, self.port = _free_port(), _free_port()
        self.certificate = folder / "lab.pem"
        self._sign()
        self._write_configuration()
        self._process = subprocess.Popen(
            [_program("nginx"), "-c", str(folder / "main.conf"), "-p", str(folder)],
            stderr=subprocess.PIPE,
        )

    def __enter__(self) -> Nginx:
        self._wait_until_it_listens()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def answered_by(self, path: str) -> list[int]:
        """Return the ports of the servers that answered requests of this path, in their order."""
        lines = [line.split(" ") for line in (self._folder / "access.log").read_text().splitlines()]
        asked = [line for line in lines if line[-1].partition("?")[0] == path]
        return [int(line[-3].rpartition(":")[2]) for line in asked]

    def _sign(self) -> None:
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        name = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        out = ("-keyout", str(self._folder / "lab.key"), "-out", str(self.certificate))
        subprocess.run(
            [_program("openssl"), "req", "-x509", "-days", "2", *key, *name, *out],
            check=True,
            capture_output=True,
        )

    def _write_configuration(self) -> None:
        """Change in the project's file what its first lines say is to be changed, and the ports."""
        text = CONFIGURATION.read_text(encoding="utf-8")
        changes = {
            "127.0.0.1:8501": f"127.0.0.1:{self._ports[0]}",
            "127.0.0.1:8502": f"127.0.0.1:{self._ports[1]}",
            r"127\.0\.0\.1:8501$": rf"127\.0\.0\.1:{self._ports[0]}$",
            r"127\.0\.0\.1:8502$": rf"127\.0\.0\.1:{self._ports[1]}$",
            "lab.example.org": "localhost",
            "/etc/ssl/certs/lab.pem": str(self.certificate),
            "/etc/ssl/private/lab.key": str(self._folder / "lab.key"),
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
        }
        for before, after in changes.items():
            assert before in text
            text = text.replace(before, after)
        (self._folder / "site.conf").write_text(text, encoding="utf-8")
        # Root's nginx gives its workers to a user who may not read this folder.
        user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
        main = MAIN.format(folder=self._folder, user=user)
        (self._folder / "main.conf").write_text(main, encoding="utf-8")

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
            except OSError:
                time.sleep(0.05)  # it is starting; there is nothing to wait on yet
            else:
                return
        self._process.terminate()
        raise AssertionError(f"nginx did not start:\n{self._process.communicate()[1].decode()}")


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.fail(MISSING.format(name=name), pytrace=False)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
