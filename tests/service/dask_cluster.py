"""A real Dask scheduler and workers on this computer, for the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from tests.waiting import wait_for

PROJECT = Path(__file__).resolve().parents[2]


class DaskCluster:
    """Processes of one cluster, all of which end with it, even if the tests are killed.

    Parameters
    ----------
    folder : Path
        For their logs, and the workers' own data sets: they share nothing with the tests.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self.port = 0
        self.start_scheduler()

    def __enter__(self) -> DaskCluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._started:
            self.kill(process)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def cache(self) -> Path:
        """Where the workers keep their data sets."""
        return self._folder / "cache"

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        """Start it on any port, and again on the same one."""
        file = self._folder / f"scheduler-{len(self._started)}.json"
        # It ends by itself when its clients and workers have been gone for so long.
        end = ("--idle-timeout", "120 s", "--host", "127.0.0.1", "--port", str(self.port))
        self.scheduler = self._start("scheduler", "--scheduler-file", str(file), *end)
        wait_for(lambda: file.is_file() and bool(file.read_text()))
        self.port = int(json.loads(file.read_text())["address"].rpartition(":")[2])
        return self.scheduler

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start one; it ends by itself when its scheduler is gone."""
        alone = ("--no-nanny", "--nthreads", "1", "--death-timeout", "30")
        place = ("--local-directory", str(self._folder), "--host", "127.0.0.1")
        worker = self._start("worker", f"tcp://{self.address}", *alone, *place)
        self.workers.append(worker)
        return worker

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a process as if the power had failed."""
        process.kill()
        process.wait(timeout=20)

    def log(self) -> str:
        return (self._folder / "log.txt").read_text()

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        own = {"SOFTMAX_CACHE": self.cache, "DASK_CONFIG": PROJECT / "deploy" / "dask.yaml"}
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        environment |= {name: str(path) for name, path in own.items()}
        environment.pop("SOFTMAX_DATA", None)
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard"]
        with (self._folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                [*command, *arguments], env=environment, stdout=log, stderr=log
            )
        self._started.append(process)
        return process
