"""The gzip reader: pieces of any size, never more than asked for."""

from __future__ import annotations

import gzip
import io

import numpy as np
import pytest

from softmax_core.data.gunzip import BadGzipError, Gunzip


@pytest.mark.parametrize("size", [1, 7, 4096, 10**6])
@pytest.mark.parametrize("arrival", [1, 100, 10**6])
def test_pieces_put_together_are_what_gzip_unpacks(size: int, arrival: int) -> None:
    content = np.random.default_rng(0).integers(0, 4, 5_000, dtype=np.uint8).tobytes()
    packed = io.BytesIO(gzip.compress(content))
    stream = Gunzip(lambda wanted: packed.read(min(wanted, arrival)))
    pieces = []
    while piece := stream.read(size):
        assert len(piece) <= size
        pieces.append(piece)
    assert b"".join(pieces) == content
    assert stream.position == len(content)


def test_output_zlib_still_holds_is_not_taken_for_the_end() -> None:
    """A run of one byte is written from zlib's memory, long after its input was taken."""
    content = b"a" * 100_000
    stream = Gunzip(io.BytesIO(gzip.compress(content)).read)
    assert b"".join(iter(lambda: stream.read(13), b"")) == content


def test_plain_bytes_are_not_gzip() -> None:
    with pytest.raises(BadGzipError, match="damaged"):
        Gunzip(io.BytesIO(b"just some words").read).read(10)
