"""Downloads from mirrors on this computer: honest ones, faulty ones, and none at all."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from softmax_core.data.body import Pace
from softmax_core.data.download import download
from softmax_core.errors import UserError
from softmax_core.limits import SLOW_BYTES, SLOW_SECONDS
from tests.data import local_mirror, small_mnist
from tests.data.local_mirror import Answer, Mirror

FIRST = "train-images-idx3-ubyte.gz"


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    small_mnist.publish(monkeypatch)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with local_mirror.serve() as running:
        yield running


def arrived(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def refusal(folder: Path, *mirrors: str) -> UserError:
    with pytest.raises(UserError) as caught:
        download("mnist", folder, mirrors=mirrors)
    assert str(folder) not in caught.value.text
    return caught.value


def test_four_files_arrive_unpacked_and_progress_ends_at_the_total(
    tmp_path: Path, mirror: Mirror
) -> None:
    seen: list[tuple[int, int]] = []
    base = mirror.offers(small_mnist.packed())
    download("mnist", tmp_path, progress=lambda *p: seen.append(p), mirrors=(base,))
    assert arrived(tmp_path) == small_mnist.contents()
    total = sum(map(len, small_mnist.contents().values()))
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_mirror_that_packed_the_content_anew_is_as_good(tmp_path: Path, mirror: Mirror) -> None:
    anew = {f"{k}.gz": gzip.compress(v, 1, mtime=7) for k, v in small_mnist.contents().items()}
    download("mnist", tmp_path, mirrors=(mirror.offers(anew),))
    assert arrived(tmp_path) == small_mnist.contents()


def test_what_is_already_there_and_sound_is_not_fetched_again(
    tmp_path: Path, mirror: Mirror
) -> None:
    base = mirror.offers(small_mnist.packed())
    download("mnist", tmp_path, mirrors=(base,))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"damaged")
    download("mnist", tmp_path, mirrors=(base,))
    assert mirror.requests[f"/{FIRST}"] == 1
    assert mirror.requests["/train-labels-idx1-ubyte.gz"] == 2
    assert arrived(tmp_path) == small_mnist.contents()


def bad_mirrors() -> dict[str, tuple[Answer, str]]:
    whole = small_mnist.packed()[FIRST]
    content = gzip.decompress(whole)
    other = content[:-1] + bytes([content[-1] ^ 1])
    page = b"<!DOCTYPE html><html><title>Wi-Fi login</title></html>"
    return {
        "other content": (local_mirror.body(gzip.compress(other)), "other content"),
        "login page": (local_mirror.body(page), "web page instead of data (the login page"),
        "cut short": (local_mirror.body(whole[:-100]), "packed data end too early"),
        "breaks off": (local_mirror.body(whole[:-100], len(whole)), "broke the connection off"),
        "one byte less": (local_mirror.body(gzip.compress(content[:-1])), "1,455 bytes instead"),
        "one byte more": (local_mirror.body(gzip.compress(content + b"!")), "instead of 1,456"),
        "bomb": (local_mirror.body(gzip.compress(bytes(10**7))), "instead of 1,456"),
        "packed twice": (local_mirror.body(gzip.compress(whole)), "instead of 1,456"),
        "nothing": (local_mirror.body(b""), "sent nothing"),
        "endless": (local_mirror.endless(gzip.compress(b"")[:10] + bytes(9_990)), "sent"),
        "404": (local_mirror.body(b"", status=404), "answered with status 404"),
        "503": (local_mirror.body(whole, status=503), "answered with status 503"),
        "redirect to a file": (local_mirror.redirect("file:///etc/passwd"), "not safe"),
        "redirect elsewhere": (local_mirror.redirect("http://example.org/"), "not safe"),
        "redirect in circles": (local_mirror.redirect(f"/bad/{FIRST}"), "more than 3 times"),
        "redirect nowhere": (local_mirror.redirect("http://[::bad/"), "broke the connection off"),
    }


@pytest.mark.parametrize("fault", bad_mirrors())
def test_a_faulty_mirror_is_named_with_its_fault_and_leaves_nothing(
    tmp_path: Path, mirror: Mirror, fault: str
) -> None:
    answer, words = bad_mirrors()[fault]
    mirror.answers[f"/bad/{FIRST}"] = answer
    refused = refusal(tmp_path, f"{mirror.url}/bad/")
    assert refused.code == "fetch-failed"
    assert "127.0.0.1 " in refused.text
    assert words in refused.text
    assert "mnist-5k and digits work without a network" in refused.text
    assert not arrived(tmp_path)


@pytest.mark.parametrize("fault", ["other content", "login page", "breaks off", "404"])
def test_after_a_faulty_mirror_the_next_one_is_asked(
    tmp_path: Path, mirror: Mirror, fault: str
) -> None:
    good = mirror.offers(small_mnist.packed(), "/good/")
    mirror.answers[f"/bad/{FIRST}"] = bad_mirrors()[fault][0]
    download("mnist", tmp_path, mirrors=(f"{mirror.url}/bad/", good))
    assert mirror.requests[f"/bad/{FIRST}"] == 1
    assert arrived(tmp_path) == small_mnist.contents()


def test_a_redirect_on_the_same_host_is_followed(tmp_path: Path, mirror: Mirror) -> None:
    mirror.offers(small_mnist.packed(), "/moved/")
    for name in small_mnist.packed():
        mirror.answers[f"/old/{name}"] = local_mirror.redirect(f"/moved/{name}")
    download("mnist", tmp_path, mirrors=(f"{mirror.url}/old/",))
    assert arrived(tmp_path) == small_mnist.contents()


def test_without_a_network_one_sentence_says_what_still_works(
    tmp_path: Path, mirror: Mirror
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    text = refusal(tmp_path, nobody).text
    assert "could not be reached (is there a network?)" in text
    assert "SOFTMAX_DATA" in text


def test_a_host_nobody_knows_is_said_to_be_out_of_reach(tmp_path: Path, mirror: Mirror) -> None:
    assert "is there a network?" in refusal(tmp_path, "http://nowhere.invalid/").text


def test_cancelling_stops_at_the_next_piece_and_keeps_whole_files(
    tmp_path: Path, mirror: Mirror
) -> None:
    cancel = threading.Event()
    first = len(small_mnist.contents()["train-images-idx3-ubyte"])

    def stop_after_the_first_file(done: int, _total: int) -> None:
        if done > first:
            cancel.set()

    base = mirror.offers(small_mnist.packed())
    with pytest.raises(UserError, match="download was stopped") as caught:
        download("mnist", tmp_path, stop_after_the_first_file, cancel, (base,))
    assert caught.value.code == "fetch-cancelled"
    assert set(arrived(tmp_path)) == {"train-images-idx3-ubyte"}
    assert mirror.requests["/t10k-images-idx3-ubyte.gz"] == 0


def test_cancelling_ends_a_download_that_trickles_on_without_a_result(
    tmp_path: Path, mirror: Mirror
) -> None:
    cancel = threading.Event()

    def endless_name(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"\x1f\x8b\x08\x08" + bytes(6))  # gzip: now comes a file name
        for _ in range(10):
            handler.wfile.write(b"n")
        cancel.set()
        while True:
            handler.wfile.write(b"n")

    mirror.answers[f"/{FIRST}"] = endless_name
    with pytest.raises(UserError, match="download was stopped"):
        download("mnist", tmp_path, cancel=cancel, mirrors=(f"{mirror.url}/",))
    assert not arrived(tmp_path)


def test_a_folder_that_cannot_be_written_is_not_blamed_on_the_mirror(
    tmp_path: Path, mirror: Mirror
) -> None:
    base = mirror.offers(small_mnist.packed())
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="SOFTMAX_CACHE") as caught:
        download("mnist", tmp_path / "file" / "idx", mirrors=(base,))
    assert caught.value.code == "cache-unwritable"


def test_a_slow_mirror_is_left_after_one_window_and_a_fast_one_is_not() -> None:
    slow, fast = Pace(100.0), Pace(100.0)
    assert not slow.is_slow(10, 100.0 + SLOW_SECONDS - 0.1)
    assert slow.is_slow(SLOW_BYTES - 1, 100.0 + SLOW_SECONDS)
    assert not fast.is_slow(SLOW_BYTES, 100.0 + SLOW_SECONDS)
    assert fast.is_slow(SLOW_BYTES + 10, 100.0 + 2 * SLOW_SECONDS)
