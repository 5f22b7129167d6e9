"""The one engine of this process.

It lives in an imported module and not in a cache of the page's: any visitor can clear those
for everyone.
"""

from __future__ import annotations

import os
import threading

from softmax_core.data.places import cache_folder
from softmax_core.service.engine import Engine
from softmax_core.service.executors import chosen_executor
from softmax_core.service.run_files import RunFiles

_lock = threading.Lock()
_engines: list[Engine] = []  # at most one


def shared_engine() -> Engine:
    """Return the engine, made when it is first asked for.

    Raises
    ------
    UserError
        ``executor-unknown`` when SOFTMAX_EXECUTOR names none.
    """
    with _lock:
        if not _engines:
            make_executor = chosen_executor(os.environ.get("SOFTMAX_EXECUTOR", ""))
            files = RunFiles(cache_folder() / "runs")
            _engines.append(Engine(make_executor, os.cpu_count() or 1, files=files))
        return _engines[0]


def close_shared_engine() -> None:
    """Stop the engine and its workers; the next call of ``shared_engine`` makes a new one."""
    with _lock:
        engines = _engines.copy()
        _engines.clear()
    for engine in engines:
        engine.close()
