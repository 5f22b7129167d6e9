"""The IDX reader on anything at all: an array as written, or a refusal."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_core.data.idx import read_images, read_labels, write_images, write_labels
from softmax_core.errors import UserError
from tests.data.idx_zoo import image_bytes

shapes = st.tuples(st.integers(1, 8), st.integers(1, 9), st.integers(1, 9))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idx") / "file"


def outcome(path: Path, content: bytes) -> np.ndarray | None:
    path.write_bytes(content)
    try:
        return read_images(path)
    except UserError:
        return None


@settings(max_examples=60)
@given(images=shapes.flatmap(lambda shape: hnp.arrays(np.uint8, shape)), packed=st.booleans())
def test_any_images_survive_writing_and_reading(
    path: Path, images: np.ndarray, packed: bool
) -> None:
    target = path.with_suffix(".gz" if packed else ".idx")
    write_images(target, images)
    np.testing.assert_array_equal(read_images(target), images)
    write_labels(target, images.ravel())
    np.testing.assert_array_equal(read_labels(target), images.ravel())


@settings(max_examples=200)
@given(content=st.binary(max_size=120), packed=st.booleans())
def test_arbitrary_bytes_never_raise_anything_but_a_refusal(
    path: Path, content: bytes, packed: bool
) -> None:
    outcome(path, gzip.compress(content, mtime=0) if packed else content)


@settings(max_examples=200)
@given(header=st.tuples(*[st.integers(0, 2**32 - 1)] * 3), n_bytes=st.integers(0, 100))
def test_an_arbitrary_header_is_believed_only_if_it_is_true(
    path: Path, header: tuple[int, int, int], n_bytes: int
) -> None:
    images = outcome(path, struct.pack(">IIII", 0x803, *header) + bytes(n_bytes))
    if images is not None:
        assert images.shape == header
        assert images.size == n_bytes


@settings(max_examples=150)
@given(position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_in_a_gzip_file_never_gives_other_pixels(
    path: Path, position: int, bit: int
) -> None:
    whole = image_bytes(9, 7, 7)
    packed = bytearray(gzip.compress(whole, mtime=0))
    packed[position % len(packed)] ^= 1 << bit
    images = outcome(path, bytes(packed))
    if images is not None:  # a bit of the header that means nothing, such as the time
        assert images.tobytes() == whole[16:]
