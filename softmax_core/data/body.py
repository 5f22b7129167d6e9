"""What a mirror sends over HTTP, under watch: stopped when told to, too slow or too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from softmax_core.errors import UserError
from softmax_core.limits import (
    CONNECT_SECONDS,
    MAX_REDIRECTS,
    READ_SECONDS,
    SLOW_BYTES,
    SLOW_SECONDS,
)


class MirrorFailedError(Exception):
    """A mirror did not give the file; the text follows its name in a sentence."""


@contextmanager
def open_url(url: str) -> Iterator[Any]:
    """Open an address and give the raw, still packed body (urllib3's response).

    At most `MAX_REDIRECTS` redirects are followed, and only to https or to the
    same host. Certificates are checked, proxies of the environment are used.

    Raises
    ------
    MirrorFailedError
        If there is no connection, or no answer with status 200.
    """
    import requests  # lazily, like pooch, which brings it

    with requests.Session() as session:
        try:
            response = _follow(session, url)
        except (requests.RequestException, ValueError) as fault:
            raise MirrorFailedError(_reason(fault)) from fault
        with response:
            yield response.raw


class Body:
    """The bytes of an answer, piece by piece.

    Parameters
    ----------
    raw : object
        urllib3's response: its ``read1(size, decode_content=False)`` is used.
    limit : int
        More bytes than this are too many.
    cancel : threading.Event
        Looked at before every piece.
    """

    def __init__(self, raw: Any, limit: int, cancel: threading.Event) -> None:
        self._raw = raw
        self._limit = limit
        self._cancel = cancel
        self._pace = Pace(time.monotonic())
        self._position = 0
        self._head = b""

    def read(self, size: int) -> bytes:
        """Give what has arrived, at most `size` bytes; ``b""`` at the end.

        Raises
        ------
        MirrorFailedError
            If the connection breaks, is too slow, or brings too much.
        UserError
            If `cancel` is set.
        """
        if self._cancel.is_set():
            raise UserError(
                "fetch-cancelled",
                "The download was stopped. What had arrived whole is kept for the next time.",
            )
        piece = self._receive(size)
        self._position += len(piece)
        self._head = self._head or piece[:512]
        if self._position > self._limit:
            raise MirrorFailedError(f"sent more than {self._limit:,} bytes")
        if self._pace.is_slow(self._position, time.monotonic()):
            raise MirrorFailedError(f"sent less than {SLOW_BYTES:,} bytes in {SLOW_SECONDS:.0f} s")
        return piece

    def explain(self, reason: str) -> str:
        """Say what was sent instead of a sound gzip file."""
        if self._head.lstrip().startswith(b"<"):
            return "sent a web page instead of data (the login page of a Wi-Fi network?)"
        if not self._head:
            return "sent nothing"
        return f"sent a damaged file ({reason})"

    def _receive(self, size: int) -> bytes:
        from urllib3.exceptions import HTTPError

        try:
            # read1 gives what is there: read would wait for all of `size`, and a
            # mirror that sends a byte now and then could hold us for hours.
            return bytes(self._raw.read1(size, decode_content=False))
        except (HTTPError, OSError) as fault:
            raise MirrorFailedError(_reason(fault)) from fault


class Pace:
    """Is a transfer too slow? Looks at one window of SLOW_SECONDS after the other."""

    def __init__(self, now: float) -> None:
        self._since = now
        self._position = 0

    def is_slow(self, position: int, now: float) -> bool:
        """Tell whether the window that ends now brought too little.

        Parameters
        ----------
        position : int
            Bytes received since the beginning.
        now : float
            Seconds on the clock given to the constructor.
        """
        if now - self._since < SLOW_SECONDS:
            return False
        slow = position - self._position < SLOW_BYTES
        self._since, self._position = now, position
        return slow


def _follow(session: Any, url: str) -> Any:
    for _ in range(1 + MAX_REDIRECTS):
        response = _get(session, url)
        if not response.is_redirect:
            break
        response.close()
        target = urljoin(url, response.headers["location"])
        if not _may_follow(url, target):
            raise MirrorFailedError("sends us on to an address that is not safe")
        url = target
    else:
        raise MirrorFailedError(f"sends us on more than {MAX_REDIRECTS} times")
    if response.status_code != 200:
        response.close()
        raise MirrorFailedError(f"answered with status {response.status_code}")
    return response


def _get(session: Any, url: str) -> Any:
    """Send one request without following anything.

    ``session.get`` would read the whole body of a redirect, however long, even
    when told not to follow it; so the request goes straight to the adapter.
    """
    import requests

    headers = {"Accept-Encoding": "identity"}
    request = session.prepare_request(requests.Request("GET", url, headers=headers))
    settings = session.merge_environment_settings(url, {}, True, None, None)
    timeout = (CONNECT_SECONDS, READ_SECONDS)
    return session.get_adapter(url).send(request, timeout=timeout, **settings)


def _may_follow(url: str, target: str) -> bool:
    """Allow https anywhere, and http only where we were already speaking http."""
    here, there = urlsplit(url), urlsplit(target)
    if there.scheme == "https":
        return True
    return there.scheme == "http" == here.scheme and there.hostname == here.hostname


_REASONS: Final = (
    ("Timeout", "did not answer in time"),
    ("SSL", "has no valid certificate (is the computer's clock right?)"),
    ("Proxy", "could not be reached through the proxy of this network"),
    ("Connect", "could not be reached (is there a network?)"),
)


def _reason(fault: Exception) -> str:
    """Put a network fault in words by the names of its classes."""
    names = " ".join(cls.__name__ for cls in type(fault).__mro__)
    return next((text for key, text in _REASONS if key in names), "broke the connection off")
