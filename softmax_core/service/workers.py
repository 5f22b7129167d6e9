"""A pool of worker processes that behaves as a ``concurrent.futures.Executor``.

Why not the standard library's process pool: started from inside a web server it runs the
server's main module again in every worker; one dead worker breaks all slices in flight; and
its workers outlive a server that was killed. Here each worker is a plain child process, its
death is the failure of one call, and a new one takes its place.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

from softmax_core.service.messages import read_message, write_message

P = ParamSpec("P")
T = TypeVar("T")

IDLE_SECONDS: Final = 15 * 60.0
_DIED: Final = "A worker process died."
_PATIENCE: Final = 2.0  # seconds for a child to end by itself
_PROJECT: Final = Path(__file__).resolve().parents[2]
# Read when NumPy loads: one BLAS thread each, so that workers do not fight for cores.
_ONE_THREAD: Final = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


class WorkerDiedError(BrokenProcessPool):
    """The process died before it answered; the call may be made again."""


class _Call(NamedTuple):
    future: Future[Any]
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class WorkerPool(Executor):
    """One child process per core, each with a thread that hands it calls.

    Parameters
    ----------
    n_workers : int, optional
        As many as there are cores by default.
    idle_seconds : float
        A child that had no call for so long is ended; the next call starts another, which
        takes half a second.
    """

    def __init__(self, n_workers: int | None = None, idle_seconds: float = IDLE_SECONDS) -> None:
        self.n_workers = n_workers or os.cpu_count() or 1
        self._idle_seconds = idle_seconds
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._threads = [
            threading.Thread(target=self._serve, args=(i,), name=f"worker-{i}", daemon=True)
            for i in range(self.n_workers)
        ]
        for thread in self._threads:
            thread.start()

    def worker_ids(self) -> list[int]:
        """Return the process ids of the workers now alive."""
        with self._lock:
            return [child.pid for child in self._children.values() if child.poll() is None]

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call; function, arguments and result must be picklable."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("The worker pool was shut down.")
            self._calls.put(_Call(future, fn, args, kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop taking calls and let the workers end; safe to call twice."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            waiting = self._take_waiting() if cancel_futures else []
            for _ in self._threads:
                self._calls.put(None)
        for call in waiting:  # without our lock: whoever is told may ask something of us
            if call.future.cancel():
                call.future.set_running_or_notify_cancel()  # wakes whoever waits for it
        if wait:
            for thread in self._threads:
                thread.join()

    def _take_waiting(self) -> list[_Call]:
        """Empty the queue and return what was in it."""
        waiting: list[_Call] = []
        while True:
            try:
                call = self._calls.get_nowait()
            except queue.Empty:
                return waiting
            if call is not None:
                waiting.append(call)

    def _serve(self, index: int) -> None:
        """Hand calls to one child, and to the next one when it has died.

        Whatever happens, a call is answered: a future nobody answers would hold up its
        session for ever.
        """
        child = self._try_to_start(index)  # so that the first call need not wait
        while True:
            try:
                call = self._calls.get(timeout=self._idle_seconds)
            except queue.Empty:  # nobody is there: nor need the process be
                _discard(child)
                child = None
                continue
            if call is None:
                break
            if not call.future.set_running_or_notify_cancel():
                continue
            try:
                if child is None or child.poll() is not None:  # it died while it was idle
                    _discard(child)
                    child = None
                    child = self._start(index)
                succeeded, value = _ask(child, call)
            except Exception as error:  # no process, a dead one, or what cannot be pickled
                _discard(child)
                child = None
                died = isinstance(error, EOFError | OSError)
                call.future.set_exception(WorkerDiedError(_DIED) if died else error)
            else:
                _resolve(call.future, succeeded, value)
        _discard(child)

    def _try_to_start(self, index: int) -> subprocess.Popen[bytes] | None:
        try:
            return self._start(index)
        except OSError:
            return None  # tried again for each call

    def _start(self, index: int) -> subprocess.Popen[bytes]:
        paths = [str(_PROJECT), os.environ.get("PYTHONPATH", "")]
        child = subprocess.Popen(
            [sys.executable, "-m", "softmax_core.service.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        with self._lock:
            self._children[index] = child
        return child


def _ask(child: subprocess.Popen[bytes], call: _Call) -> tuple[bool, Any]:
    assert child.stdin is not None  # opened as pipes in _start
    assert child.stdout is not None
    write_message(child.stdin, (call.function, call.args, call.kwargs))
    answer: tuple[bool, Any] = read_message(child.stdout)
    return answer


def _resolve(future: Future[Any], succeeded: bool, value: Any) -> None:
    if succeeded:
        future.set_result(value)
    else:
        future.set_exception(value)


def _discard(child: subprocess.Popen[bytes] | None) -> None:
    """Close the pipes, which ends a child that is well, and make sure of one that is not."""
    if child is None:
        return
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):  # a dead child's pipe refuses the last flush
                stream.close()
    try:
        child.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
