"""One connection that asks and is answered, kept open between questions as a browser does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlsplit

import h11

_PATIENCE = 60.0  # seconds
_BOUNDARY = "softmax-lab-boundary"


class Answer(NamedTuple):
    """What a route answered."""

    status: int
    headers: dict[str, str]  # names in lower case; of several with one name the last
    body: bytes


class Http:
    """A client of one server: it keeps cookies, and one connection for one question at a time."""

    def __init__(self, url: str, headers: Mapping[str, str], hear: Callable[[bytes], None]) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._base = parts.path.rstrip("/")
        self._netloc, self._headers, self._hear = parts.netloc, dict(headers), hear
        self._lock = asyncio.Lock()
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter, h11.Connection] | None = None
        self.cookies: dict[str, str] = {}

    def cookie_header(self) -> str:
        """Return the cookies so far as a browser sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask once; a connection that the server has closed in the meantime is opened again."""
        async with self._lock, asyncio.timeout(_PATIENCE):
            kept = self._open is not None
            try:
                answer = await self._ask(method, target, body, dict(headers or {}))
            except (h11.RemoteProtocolError, ConnectionError):
                await self._close()
                if not kept:
                    raise
                answer = await self._ask(method, target, body, dict(headers or {}))
        self._hear(answer.body)
        return answer

    async def put_file(self, target: str, name: str, content: bytes) -> Answer:
        """Put a file as Streamlit's uploader does: one part of a form, with the XSRF token."""
        disposition = f'form-data; name="{name}"; filename="{name}"'
        part = f"--{_BOUNDARY}\r\nContent-Disposition: {disposition}\r\n"
        part += "Content-Type: application/octet-stream\r\n\r\n"
        headers = {
            "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
            "X-Xsrftoken": self.cookies.get("_streamlit_xsrf", ""),
        }
        body = part.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        return await self.ask("PUT", target, body, headers)

    async def close(self) -> None:
        """Close the connection."""
        async with self._lock:
            await self._close()

    async def _close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    async def _ask(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        if self._open is None:
            streams = await asyncio.open_connection(self._host, self._port)
            self._open = (*streams, h11.Connection(h11.CLIENT))
        reader, writer, wire = self._open
        sent = {"Host": self._netloc, "Content-Length": str(len(body)), **self._headers, **headers}
        if self.cookies:
            sent["Cookie"] = self.cookie_header()
        path = target if target.startswith(f"{self._base}/") else self._base + target
        request = h11.Request(method=method, target=path, headers=list(sent.items()))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(wire.send(event) or b"")
        await writer.drain()
        answer = await self._answer(reader, wire)
        if wire.our_state is h11.DONE and wire.their_state is h11.DONE:
            wire.start_next_cycle()
        else:
            await self._close()
        return answer

    async def _answer(self, reader: asyncio.StreamReader, wire: h11.Connection) -> Answer:
        status, headers, body = 0, {}, bytearray()
        while True:
            event = wire.next_event()
            if event is h11.NEED_DATA:
                wire.receive_data(await reader.read(65_536))
            elif isinstance(event, h11.Response):
                status = event.status_code
                for name, value in event.headers:
                    headers[name.decode().lower()] = value.decode("latin-1")
                    if name.lower() == b"set-cookie":
                        self._keep(value.decode("latin-1"))
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return Answer(status, headers, bytes(body))
            elif isinstance(event, h11.ConnectionClosed):
                raise ConnectionError("The server closed the connection.")

    def _keep(self, cookie: str) -> None:
        for name, morsel in SimpleCookie(cookie).items():
            self.cookies[name] = morsel.value
