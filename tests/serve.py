"""The app as a server of its own, for tests that speak to it as a browser does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


class App:
    """A server of our own on a free port.

    Parameters
    ----------
    log : Path
        The file to write its log to.
    environment : mapping of str to str, optional
        Variables besides those of this process.
    options : sequence of str
        More options of ``streamlit run``.
    """

    def __init__(
        self,
        log: Path,
        environment: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log.open("wb")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "app.py"),
                *("--server.port", str(self.port), "--server.address", "127.0.0.1"),
                *("--server.headless", "true", *options),
            ],
            env={**os.environ, **(environment or {})},
            cwd=PROJECT,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait_until_healthy(self) -> None:
        """Return when the server answers; fail with its log when it does not."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)  # the server is starting; there is nothing to wait on yet
        raise AssertionError(f"The app did not start:\n{Path(self._log.name).read_text()}")

    def log(self) -> str:
        """Return what the server has written so far."""
        return Path(self._log.name).read_text()

    def stop(self) -> None:
        """End the server as Ctrl-C or a service manager would."""
        self.process.terminate()
        self.process.wait(timeout=20)
        self._log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
