"""A student without a browser: Streamlit's websocket and the app's own routes, by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.server.http import Answer, Http
from tests.server.widgets import Press, Seen, filled_in

_AWAITED = ("script_finished", "file_urls_response", "backend_operation_response")
_PATIENCE = 600.0  # seconds until a student gives up; how long a test may take is for pytest to say


class Student:
    """One open page: ``async with Student(url) as s`` loads it and has its script run once.

    Parameters
    ----------
    url : str
        Such as ``http://127.0.0.1:8501``.
    page : str
        The page's name in the address, such as ``race``; the Lab by default.
    query : str
        Settings in the address, without the question mark.
    headers : mapping of str to str, optional
        To send with everything, such as a cookie or an origin.
    hear : callable, optional
        Called with the bytes of every message and every answer's body as they come.
    """

    def __init__(
        self,
        url: str,
        *,
        page: str = "",
        query: str = "",
        headers: Mapping[str, str] | None = None,
        hear: Callable[[bytes], None] | None = None,
    ) -> None:
        self._address = url.rstrip("/")
        self._page, self._query = page, query
        self._headers = dict(headers or {})
        self.hear = hear
        self._http = Http(self._address, self._headers, self._heard)
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._finished = asyncio.Condition()
        self._runs = 0
        self.seen = Seen()
        self.n_messages = 0
        self.closed: ConnectionClosed | None = None

    async def __aenter__(self) -> Self:
        await self.connect()
        await self.rerun()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.disconnect()
        await self._http.close()

    @property
    def token(self) -> str:
        """The key of this page's run in the routes under ``lab/``."""
        return self.seen.tokens["run"]

    @property
    def session_id(self) -> str:
        """What Streamlit calls this session; with it a dropped socket finds its way back."""
        return self.seen.session_id

    async def connect(self, *, again: bool = False) -> None:
        """Open the socket; ``again`` goes on with the session of the one before."""
        base = urlsplit(self._address)
        scheme = "wss" if base.scheme == "https" else "ws"
        known = ["streamlit", self._http.cookies.get("_streamlit_xsrf", "none")]
        known += [self.session_id] if again else []
        cookie = self._http.cookie_header()
        self._socket = await connect(
            f"{scheme}://{base.netloc}{base.path}/_stcore/stream",
            subprotocols=[Subprotocol(token) for token in known],
            additional_headers={**self._headers, **({"Cookie": cookie} if cookie else {})},
            max_size=None,
            open_timeout=_PATIENCE,
            ping_interval=None,  # a browser asks for no sign of life either
            compression=None,
            proxy=None,
        )
        self.closed = None
        self._reader = asyncio.create_task(self._read(self._socket))

    async def disconnect(self, *, politely: bool = True) -> None:
        """Close the socket, or cut it off without a word as a lost network does."""
        if self._socket is not None:
            if politely:
                await self._socket.close()
            else:
                self._socket.transport.abort()
        if self._reader is not None:
            await self._reader

    async def rerun(
        self,
        widgets: Mapping[str, Any] | None = None,
        *,
        wait: bool = True,
        page: str | None = None,
        query: str = "",
    ) -> None:
        """Have the page's script run.

        Parameters
        ----------
        widgets : mapping of str to object, optional
            New values by the widgets' keys in the app (their beginning is enough where only one
            has it), or their labels; ``PRESS`` presses a button.
        wait : bool
            Whether to wait until the script has run through.
        page : str, optional
            The page to go to, such as ``race``.
        query : str
            The address's settings, if they are to be others than those of the beginning.
        """
        if page is not None and page != self._page:
            self._page, self.seen.page_hash = page, ""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = query or self._query, self._page
        state.page_script_hash = self.seen.page_hash
        state.widget_states.CopyFrom(filled_in(self.seen, widgets or {}))
        state.fragment_id = self.seen.fragment_of(widgets or ())
        before = self._runs
        await self.send(message)
        if wait:
            async with asyncio.timeout(_PATIENCE), self._finished:
                await self._finished.wait_for(lambda: self._runs > before or bool(self.closed))
            if self._runs == before:
                raise ConnectionError(f"The server closed the socket: {self.closed}")

    async def press(self, name: str, *, wait: bool = True) -> None:
        """Press a button by its key or its label."""
        await self.rerun({name: Press()}, wait=wait)

    async def send(self, message: BackMsg | bytes) -> None:
        """Send any message."""
        if self._socket is None:
            raise ConnectionError("There is no socket yet.")
        await self._socket.send(
            message if isinstance(message, bytes) else message.SerializeToString()
        )

    async def get(self, path: str, **query: object) -> Answer:
        """Ask a route such as ``lab/frame``; the run's token goes along as ``t``."""
        return await self._ask("GET", path, b"", query)

    async def post(self, path: str, body: bytes = b"", **query: object) -> Answer:
        """Send something to a route; the run's token goes along as ``t``."""
        return await self._ask("POST", path, body, query)

    async def wait_for(self, **wanted: object) -> dict[str, Any]:
        """Ask for frames until their header has these values, and return it."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                header = header_of(await self.get("lab/frame"))
                if all(header[name] == value for name, value in wanted.items()):
                    return header
                await asyncio.sleep(0.05)  # a page asks four times a second

    async def upload(self, widget: str, name: str, content: bytes) -> Answer:
        """Put a file into an uploader and have the script run with it, as a browser does."""
        return (await self.upload_all(widget, [(name, content)]))[0]

    async def upload_all(self, widget: str, files: list[tuple[str, bytes]]) -> list[Answer]:
        """Put several files into an uploader at once, in place of those in it."""
        if "_streamlit_xsrf" not in self._http.cookies:
            await self._http.ask("GET", "/_stcore/health")
        message = BackMsg()
        asked = message.file_urls_request
        asked.request_id, asked.session_id = "upload", self.session_id
        asked.file_names.extend(name for name, _ in files)
        await self.send(message)
        async with asyncio.timeout(_PATIENCE), self._finished:
            await self._finished.wait_for(lambda: bool(self.seen.file_urls or self.closed))
        urls, self.seen.file_urls = self.seen.file_urls, []
        put = zip(urls, files, strict=True)
        answers = [await self._http.put_file(to.upload_url, *file) for to, file in put]
        if all(answer.status == 204 for answer in answers):
            taken = [(name, len(data), to) for to, (name, data) in zip(urls, files, strict=True)]
            await self.rerun({widget: taken})
        return answers

    async def download(self, button: str) -> bytes:
        """Have a file made and fetch it, as a browser does when its button is pressed."""
        message = BackMsg()
        asked = message.backend_operation_request
        asked.request_id, asked.session_id = "download", self.session_id
        asked.deferred_file.file_id = self.seen.deferred[self.seen.find(button)]
        await self.send(message)
        async with asyncio.timeout(_PATIENCE), self._finished:
            await self._finished.wait_for(lambda: bool(self.seen.media or self.closed))
        url = self.seen.media.pop(0)
        if not url and self.closed:
            raise ConnectionError("the connection was lost")
        answer = await self._http.ask("GET", url)
        assert answer.status == 200, answer
        return answer.body

    async def _ask(
        self, method: str, path: str, body: bytes, query: Mapping[str, object]
    ) -> Answer:
        asked = {"t": self.token, **query} if self.seen.tokens else dict(query)
        return await self._http.ask(method, f"/{path.lstrip('/')}?{urlencode(asked)}", body)

    def _heard(self, data: bytes) -> None:
        if self.hear is not None:
            self.hear(data)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            while True:
                data = await socket.recv(decode=False)
                self.n_messages += 1
                self._heard(data)
                await self._take(ForwardMsg.FromString(data))
        except ConnectionClosed as closed:
            async with self._finished:
                self.closed = closed
                self._finished.notify_all()

    async def _take(self, message: ForwardMsg) -> None:
        self.seen.take(message)
        kind = message.WhichOneof("type")
        if kind not in _AWAITED:
            return
        async with self._finished:
            if kind == "script_finished":
                early = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
                self._runs += message.script_finished != early
            self._finished.notify_all()


def header_of(answer: Answer) -> dict[str, Any]:
    """Return the header of a frame as the routes under ``lab/`` pack it."""
    length = int.from_bytes(answer.body[:4], "little")
    header: dict[str, Any] = json.loads(answer.body[4 : 4 + length])
    return header
