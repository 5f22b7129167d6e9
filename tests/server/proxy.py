"""A bad network between a page and its server: a TCP proxy that delays, cuts and swallows."""

from __future__ import annotations

import asyncio
import socket
import struct
from types import TracebackType
from typing import Self

_PIECE = 16_384
_RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: no polite end


class Proxy:
    """``async with Proxy(port) as proxy``: speak to ``proxy.url`` instead of the server.

    Attributes
    ----------
    latency : float
        Seconds that each piece waits.
    swallows : bool
        Pieces are taken and go nowhere, as behind a laptop's closed lid.
    cut_after : int or None
        Bytes that still get from the server to the page; then that connection ends.
    n_cut : int
        Connections that were cut so far.
    """

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._server: asyncio.Server | None = None
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.latency, self.swallows, self.cut_after = 0.0, False, None
        self.n_cut = 0

    latency: float
    swallows: bool
    cut_after: int | None

    @property
    def url(self) -> str:
        """The address that leads through it."""
        assert self._server is not None  # entered
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None  # entered
        self._server.close()
        self.cut(politely=False)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self, *, politely: bool) -> None:
        """End all connections: with a farewell, or with a reset on both sides."""
        for pair in list(self._pairs):
            self._end(pair, politely=politely)

    def _end(
        self, pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter], *, politely: bool
    ) -> None:
        self._pairs.discard(pair)
        self.n_cut += 1
        for writer in pair:
            if not politely:
                raw: socket.socket = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
                writer.transport.abort()
            writer.close()

    async def _connected(
        self, from_page: asyncio.StreamReader, to_page: asyncio.StreamWriter
    ) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._upstream)
        pair = (to_page, to_server)
        self._pairs.add(pair)
        for source, sink in ((from_page, to_server), (from_server, to_page)):
            task = asyncio.create_task(self._carry(source, sink, pair))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        try:
            while piece := await source.read(_PIECE):
                await asyncio.sleep(self.latency)
                if self.swallows:
                    continue
                ends = False
                if sink is pair[0] and self.cut_after is not None:
                    piece, ends = piece[: self.cut_after], len(piece) >= self.cut_after
                    self.cut_after = None if ends else self.cut_after - len(piece)
                sink.write(piece)
                await sink.drain()
                if ends:
                    break
        except OSError:
            pass  # cut, which is what this is for
        if pair in self._pairs:
            self._end(pair, politely=True)
