"""Every fault of a mirror, in each place of a list of three: the next one is asked, or it is said.

The faults are those of the project's reliability notes: name, connection, stall, trickle, length,
content, login page, redirects, status, certificate.
"""

from __future__ import annotations

import gzip
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from softmax_core.data import body, store
from softmax_core.data.download import download
from softmax_core.data.store import fetch
from softmax_core.data.turns import own_turn
from softmax_core.errors import UserError
from tests.data import local_mirror, small_mnist
from tests.data.local_mirror import Answer, Mirror
from tests.failing_disk import in_a_child, kill_at_each_call

FIRST = "train-images-idx3-ubyte.gz"
WHOLE = small_mnist.packed()[FIRST]
CONTENT = gzip.decompress(WHOLE)
BIT = CONTENT[:700] + bytes([CONTENT[700] ^ 4]) + CONTENT[701:]
LOGIN = b"<!DOCTYPE html><html><title>Wi-Fi login</title></html>"


def reset_after(n_bytes: int) -> Answer:
    """Send so much of the body and then a reset."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if n_bytes:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(WHOLE)))
            handler.end_headers()
            handler.wfile.write(WHOLE[:n_bytes])
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.connection.close()
        handler.close_connection = True

    return answer


def slowly(piece: bytes, pause: float) -> Answer:
    """Send a piece again and again, with a pause between; ends when the other side does."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(WHOLE[:12])
        for _ in range(int(3 / pause)):  # as long as the asker bears it
            time.sleep(pause)  # the slowness that is tested
            handler.wfile.write(piece)

    return answer


def encoded(content: bytes) -> Answer:
    """Send content packed once more, as a server does that packs everything it sends."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        packed = gzip.compress(content)
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(packed)))
        handler.end_headers()
        handler.wfile.write(packed)

    return answer


FAULTS: dict[str, Answer] = {
    "reset at once": reset_after(0),
    "reset after a byte": reset_after(1),
    "reset in the middle": reset_after(len(WHOLE) // 2),
    "reset before the end": reset_after(len(WHOLE) - 1),
    "stall": slowly(b"", 0.2),
    "trickle": slowly(b"n", 0.05),
    "endless": local_mirror.endless(WHOLE),
    "announces more": local_mirror.body(WHOLE, len(WHOLE) + 9),
    "announces less": local_mirror.body(WHOLE, len(WHOLE) - 9),
    "right size, other content": local_mirror.body(gzip.compress(CONTENT[::-1])),
    "one bit": local_mirror.body(gzip.compress(BIT)),
    "packed on the way": encoded(WHOLE),
    "login page": local_mirror.body(LOGIN),
    "redirect in circles": local_mirror.redirect(f"/bad/{FIRST}"),
    "redirect to http elsewhere": local_mirror.redirect("http://example.org/"),
    "redirect to a file": local_mirror.redirect("file:///etc/passwd"),
    **{f"status {n}": local_mirror.body(WHOLE, status=n) for n in (403, 404, 429, 500, 503)},
}
BY_ADDRESS = {
    "a name nobody knows": "http://nowhere.invalid/",
    "refused": "http://127.0.0.1:9/",
    "no certificate": "https://127.0.0.1:{port}/",
}


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    small_mnist.publish(monkeypatch)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with local_mirror.serve() as running:
        yield running


def address_of(fault: str, mirror: Mirror) -> str:
    if fault in BY_ADDRESS:
        return BY_ADDRESS[fault].format(port=mirror.url.rpartition(":")[2])
    mirror.answers[f"/bad/{FIRST}"] = FAULTS[fault]
    return f"{mirror.url}/bad/"


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("[!.]*") if path.is_file()}


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("fault", [*FAULTS, *BY_ADDRESS])
def test_whichever_mirror_fails_and_however_the_next_one_is_asked(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, fault: str, place: int
) -> None:
    # As short as a busy machine allows, and only where it is what ends the fault.
    if fault == "stall":
        monkeypatch.setattr(body, "READ_SECONDS", 1.5)
    if fault == "trickle":
        monkeypatch.setattr(body, "SLOW_SECONDS", 1.0)
    good, bad = mirror.offers(small_mnist.packed(), "/good/"), address_of(fault, mirror)
    if place == 2:  # nowhere but at three bad ones
        with pytest.raises(UserError) as refused:
            download("mnist", tmp_path / "idx", mirrors=(bad, bad, bad))
        assert refused.value.code == "fetch-failed"
        assert refused.value.text.count("127.0.0.1 ") + refused.value.text.count("invalid ") == 3
        assert not files_in(tmp_path / "idx")
        return
    download("mnist", tmp_path / "idx", mirrors=(*[bad] * (place + 1), good))
    assert files_in(tmp_path / "idx") == small_mnist.contents()


def test_there_are_as_many_faults_as_were_promised() -> None:
    assert len(FAULTS) + len(BY_ADDRESS) >= 24


def test_a_file_is_absent_or_whole_wherever_a_download_is_killed(
    tmp_path: Path, mirror: Mirror
) -> None:
    good, wanted = mirror.offers(small_mnist.packed()), small_mnist.contents()
    folder = tmp_path / "idx"

    def check() -> None:
        found = {name: c for name, c in files_in(folder).items() if not name.startswith("tmp")}
        assert found.items() <= wanted.items()
        for path in folder.glob("*"):
            path.unlink()

    kill_at_each_call(lambda: download("mnist", folder, mirrors=(good,)), check)
    for name in ("tmpabcdefgh", "tmp12345678"):
        (folder / name).touch()
    os.utime(folder / "tmpabcdefgh", (0, 0))
    download("mnist", folder, mirrors=(good,))
    assert set(files_in(folder)) == {*wanted, "tmp12345678"}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setattr(store, "_SHARED", store._Shared())
    return tmp_path / "cache"


def racing(mirror: str, count: int) -> list[Callable[[], int]]:
    """Fork so many processes that fetch at once; each is returned as a way to wait for it."""
    begin, go = os.pipe()
    children = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(go)
                os.read(begin, 1)  # until all are there
                fetched = fetch("mnist", mirrors=(mirror,))
                code = 0 if len(fetched.train_labels) == small_mnist.N_TRAIN else 2
            finally:
                os._exit(code)
        children.append(child)
    os.close(begin)
    os.close(go)
    return [partial(_exit_code, child) for child in children]


@pytest.mark.parametrize("round_", range(3))
def test_eight_processes_at_once_download_at_most_twice(
    mirror: Mirror, cache: Path, round_: int
) -> None:
    good = mirror.offers(small_mnist.packed())
    assert [wait() for wait in racing(good, 8)] == 8 * [0]
    assert 1 <= mirror.requests[f"/{FIRST}"] <= 2
    assert files_in(cache / "mnist" / "idx") == small_mnist.contents()
    assert not list(cache.rglob("*.part"))


def test_one_that_dies_in_its_turn_holds_up_nobody(
    mirror: Mirror, cache: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "turn"

    def die() -> None:
        with own_turn(folder):
            os._exit(9)

    assert in_a_child(die) == 9
    began = time.monotonic()
    with own_turn(folder, longest=30):
        assert time.monotonic() - began < 20


def test_who_has_waited_long_enough_goes_on_without_a_turn(tmp_path: Path) -> None:
    def second() -> None:
        with own_turn(tmp_path, longest=0.2):
            pass

    with own_turn(tmp_path):
        assert in_a_child(second) == 0


def test_without_a_folder_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with own_turn(tmp_path / "file" / "below"):
        pass


def _exit_code(child: int) -> int:
    """Wait for a child's end."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
