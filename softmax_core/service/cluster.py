"""A Dask cluster that behaves as a ``concurrent.futures.Executor``, and outlives its scheduler.

What is asked of it are pure functions, so a call whose answer was lost is simply made again:
when a worker dies Dask does it, when the scheduler is gone we do, as soon as there is one again.
Until then the futures wait, and ``trouble`` says why. One thread of its own does all of this;
whoever waits for an answer is told by it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from functools import partial
from typing import Final, ParamSpec, TypeVar

from softmax_core.errors import UserError
from softmax_core.service.cluster_call import Answer
from softmax_core.service.cluster_calls import Call, Lending
from softmax_core.service.cluster_link import Link, LinkLostError
from softmax_core.service.messages import pack, unpack
from softmax_core.service.wording import CLUSTER_EMPTY, CLUSTER_LOST, CLUSTER_OTHER_VERSION
from softmax_core.service.workers import WorkerDiedError

P = ParamSpec("P")
T = TypeVar("T")

_LOG: Final = logging.getLogger(__name__)
_LOOK_EVERY: Final = 1.0  # seconds between looks at the connection and the workers
_MORE_REFUSALS: Final = 5  # than there are workers


class ClusterExecutor(Executor):
    """All workers of one Dask cluster.

    Parameters
    ----------
    address : str
        ``HOST:PORT`` of its scheduler.
    connect : callable
        Makes a connection to it; called again when one is lost.

    Raises
    ------
    UserError
        When there is no scheduler, no package to talk to it, or a worker of another version.
    """

    def __init__(self, address: str, connect: Callable[[str], Link] = Link) -> None:
        self._connect = partial(connect, address)
        self._link: Link | None = self._connect()
        try:
            self._link.check_version()
            self.n_workers, self.trouble = 1, ""
            self._note_workers(self._link.n_threads())
        except BaseException:
            self._link.close()
            raise
        self._calls: dict[Call, None] = {}  # in the order they came
        self._lending = Lending()
        self._closed = False
        self._lock = threading.Lock()  # of _closed, and that nothing is asked for after it
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="cluster", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call; function, arguments and result must be picklable."""
        future: Future[T] = Future()
        try:
            body = pack((fn, args, kwargs))
        except Exception as error:  # as of a worker process: it is the future's
            future.set_exception(error)
            return future
        with self._lock:
            if self._closed:
                raise RuntimeError("The cluster was let go.")
            self._todo.put(partial(self._take_on, Call(future, body)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls and leave the cluster; safe to call twice."""
        with self._lock:
            self._closed = True
        self._todo.put(self._cancel_all if cancel_futures else _nothing)
        if wait and threading.current_thread() is not self._thread:
            self._thread.join()

    # All below is done by the one thread.

    def _work(self) -> None:
        look = time.monotonic() + _LOOK_EVERY
        while not (self._closed and not self._calls and self._todo.empty()):
            try:
                todo = self._todo.get(timeout=max(look - time.monotonic(), 0.0))
            except queue.Empty:
                todo = _nothing
            try:
                todo()
                if time.monotonic() >= look:
                    self._look_after()
            except Exception:
                _LOG.exception("Something went wrong between the server and its cluster.")
            if time.monotonic() >= look:
                look = time.monotonic() + _LOOK_EVERY
        if self._link is not None:
            self._link.close()

    def _take_on(self, call: Call) -> None:
        self._calls[call] = None
        call.future.add_done_callback(lambda _: self._todo.put(partial(self._end, call)))
        self._send(call)

    def _send(self, call: Call, worker: str = "") -> None:
        """Send a call, if it is still wanted and there is somebody to send it to."""
        link = self._link
        if link is None or call.future.done():
            return
        try:
            inner = call.inner = link.submit(call.message(), worker)
        except LinkLostError:
            self._lose(link)
        except Exception as error:
            self._go_on_behind(call)
            call.tell(error=error)
        else:
            inner.add_done_callback(lambda _: self._todo.put(partial(self._take, call, inner)))

    def _take(self, call: Call, inner: Future[bytes]) -> None:
        """Take what the cluster says of a call, if it is still the newest it was asked."""
        if call.inner is not inner:
            return
        call.inner = None
        worker_needs_more = False
        try:
            answer: Answer = unpack(inner.result())
        except CancelledError:
            pass  # with its scheduler, or what was lent with its worker; it is sent again
        except Exception as error:
            _LOG.warning("A call failed on the cluster: %s", error)
            call.tell(error=WorkerDiedError("The cluster gave a call up."))
        else:
            worker_needs_more = bool(answer.lacks)
            if not worker_needs_more:
                _tell(call, answer)
        self._go_on_behind(call)
        if worker_needs_more:
            self._lend(call, answer)

    def _go_on_behind(self, call: Call) -> None:
        """Send the calls that waited for what this one has taken along."""
        for waiting in self._lending.arrived(call):
            self._send(waiting)

    def _lend(self, call: Call, answer: Answer) -> None:
        """Send a call again with the data set that its worker lacks."""
        call.refusals += 1
        if call.refusals > self.n_workers + _MORE_REFUSALS:
            call.tell(error=answer.error)
        elif not self._lending.must_wait(call, answer.lacks):
            self._send(call, answer.worker)

    def _end(self, call: Call) -> None:
        """Forget a call that was answered, or that nobody wants any more."""
        self._calls.pop(call, None)
        inner, call.inner = call.inner, None
        if inner is not None:
            inner.cancel()
        if call.future.cancelled():
            call.tell()  # wakes whoever waits for it
            self._go_on_behind(call)

    def _look_after(self) -> None:
        """Notice workers that come and go; get the scheduler back when it is lost."""
        link = self._link
        if link is None:
            if self._closed:  # nobody waits for it any more
                self._cancel_all()
            else:
                self._reconnect()
            return
        try:
            self._note_workers(link.n_threads())
        except LinkLostError:
            self._lose(link)
            return
        for call in list(self._calls):
            if call.inner is None and not self._lending.waits(call):
                self._send(call)

    def _note_workers(self, n_threads: int) -> None:
        self.n_workers = max(n_threads, 1)
        self.trouble = "" if n_threads else CLUSTER_EMPTY

    def _lose(self, link: Link) -> None:
        """Remember nothing of a scheduler that is gone; what it owed us is asked for again."""
        _LOG.warning("The Dask scheduler is lost; %d calls wait for it.", len(self._calls))
        self._link, self.trouble = None, CLUSTER_LOST
        self._lending.forget()
        for call in self._calls:
            call.inner, call.lends = None, ""
        link.close()

    def _reconnect(self) -> None:
        try:
            link = self._connect()
            self._note_workers(link.n_threads())
        except (UserError, LinkLostError):
            return
        _LOG.warning("The Dask scheduler is back.")
        self._link = link
        for call in list(self._calls):
            self._send(call)

    def _cancel_all(self) -> None:
        for call in list(self._calls):
            call.future.cancel()


def _tell(call: Call, answer: Answer) -> None:
    if answer.other_version:
        call.tell(error=UserError("cluster-version", CLUSTER_OTHER_VERSION))
    elif answer.error is not None:
        call.tell(error=answer.error)
    else:
        call.tell(answer.value)


def _nothing() -> None:
    """Wake the thread."""
