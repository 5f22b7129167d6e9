"""The end of the server: no new slices, runs stored, and gone within seconds.

The web server tells its lifespan of the end only when the last connection is closed, and a
laptop that was shut without a word can hold one for minutes. So the signal itself is listened
to, before it is passed on.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

from softmax_core.limits import EXIT_SECONDS
from softmax_core.service import close_shared_engine, shared_engine

_LOG: Final = logging.getLogger("softmax_lab")
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """Winds the engine down once, at the first signal or when the lifespan ends.

    Parameters
    ----------
    leave : callable
        Ends the process whatever still holds it; called ``seconds`` after a signal.
    seconds : float
    """

    def __init__(
        self, leave: Callable[[int], Any] = os._exit, seconds: float = EXIT_SECONDS
    ) -> None:
        self._leave, self._seconds = leave, seconds
        self._begun = threading.Lock()
        self._stored = threading.Event()

    def listen(self) -> None:
        """Listen to the signals that end a server; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _SIGNALS:
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, self._passing_on_to(before))

    def wind_down(self) -> None:
        """Begin the end, and return when all runs are stored."""
        self._begin()
        self._stored.wait()
        close_shared_engine()

    def _passing_on_to(
        self, before: Callable[[int, FrameType | None], Any]
    ) -> Callable[[int, FrameType | None], None]:
        def end(number: int, frame: FrameType | None) -> None:
            self._begin()
            threading.Thread(target=self._make_sure, name="exit", daemon=True).start()
            before(number, frame)

        return end

    def _begin(self) -> None:
        # In threads of their own: a signal may come while this very thread holds a lock.
        if self._begun.acquire(blocking=False):
            threading.Thread(target=self._store, name="ending", daemon=True).start()

    def _store(self) -> None:
        try:
            shared_engine().wind_down()
        except Exception:
            _LOG.exception("Not all runs could be stored at the end.")
        self._stored.set()

    def _make_sure(self) -> None:
        threading.Event().wait(self._seconds)  # never set: a process that ends ends this, too
        self._leave(0)
