"""Every way an IDX file can be wrong, one test each."""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from softmax_core.data.idx import (
    check_pair,
    content_sha256,
    read_images,
    read_labels,
    write_images,
    write_labels,
)
from softmax_core.errors import UserError
from tests.data.idx_zoo import image_bytes, label_bytes, random_images


def put(folder: Path, content: bytes) -> Path:
    path = folder / "some-file"
    path.write_bytes(content)
    return path


def refusal(folder: Path, content: bytes) -> UserError:
    """Read `content` as an image file; it must be refused, in one or two sentences."""
    with pytest.raises(UserError) as caught:
        read_images(put(folder, content))
    assert caught.value.text.endswith("unchanged.")
    assert "Traceback" not in caught.value.text
    assert str(folder) not in caught.value.text
    return caught.value


def test_images_are_read_as_they_were_laid_out_by_hand(tmp_path: Path) -> None:
    images = read_images(put(tmp_path, image_bytes(3, 4, 5)))
    assert images.shape == (3, 4, 5)
    assert images.dtype == np.uint8
    assert images[2, 3, 4] == 59
    assert images[1, 0, 0] == 20


def test_labels_are_read_as_they_were_laid_out_by_hand(tmp_path: Path) -> None:
    assert read_labels(put(tmp_path, label_bytes(b"\x05\x00\x09"))).tolist() == [5, 0, 9]


def test_a_gzip_file_is_told_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    assert read_images(put(tmp_path, gzip.compress(image_bytes()))).shape == (3, 4, 5)


@pytest.mark.parametrize("name", ["a", "a.gz"])
def test_what_was_written_is_read_back(tmp_path: Path, name: str) -> None:
    images, labels = random_images(7), np.arange(7, dtype=np.uint8)
    write_images(tmp_path / name, images)
    write_labels(tmp_path / f"l{name}", labels)
    np.testing.assert_array_equal(read_images(tmp_path / name), images)
    np.testing.assert_array_equal(read_labels(tmp_path / f"l{name}"), labels)
    assert ((tmp_path / name).read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")


def test_the_content_hash_is_that_of_the_unpacked_file(tmp_path: Path) -> None:
    images, labels = random_images(5), np.arange(5, dtype=np.uint8)
    write_images(tmp_path / "i", images)
    write_labels(tmp_path / "l", labels)
    for path, array in ((tmp_path / "i", images), (tmp_path / "l", labels)):
        assert content_sha256(array) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_truncated_file_says_how_many_bytes_it_announces_and_holds(tmp_path: Path) -> None:
    header = struct.pack(">IIII", 0x803, 60_000, 28, 28)
    fault = refusal(tmp_path, header + bytes(12_345_662))
    assert fault.code == "idx-truncated"
    assert "announces 60,000 images of 28 x 28 (47,040,016 bytes)" in fault.text
    assert "holds 12,345,678." in fault.text


@pytest.mark.parametrize("length", range(len(image_bytes())))
def test_a_file_cut_at_any_byte_is_refused(tmp_path: Path, length: int) -> None:
    assert refusal(tmp_path, image_bytes()[:length]).code == "idx-truncated"


@pytest.mark.parametrize("length", range(2, len(gzip.compress(image_bytes(), mtime=0))))
def test_a_gzip_file_cut_at_any_byte_is_refused(tmp_path: Path, length: int) -> None:
    fault = refusal(tmp_path, gzip.compress(image_bytes(), mtime=0)[:length])
    assert fault.code == "idx-gzip"
    assert "end too early" in fault.text


def test_one_byte_too_many_is_refused(tmp_path: Path) -> None:
    for content in (image_bytes() + b"\0", gzip.compress(image_bytes() + b"\0")):
        fault = refusal(tmp_path, content)
        assert fault.code == "idx-too-long"
        assert "3 images of 4 x 5 (76 bytes)" in fault.text


def test_swapped_files_are_called_swapped(tmp_path: Path) -> None:
    fault = refusal(tmp_path, label_bytes(bytes(30)))
    assert "holds labels, not images: are the two files swapped?" in fault.text
    with pytest.raises(UserError, match="holds images, not labels: are the two files swapped"):
        read_labels(put(tmp_path, image_bytes()))


def test_reversed_byte_order_is_named(tmp_path: Path) -> None:
    fault = refusal(tmp_path, struct.pack("<IIII", 0x803, 1, 2, 2) + bytes(4))
    assert "reversed byte order" in fault.text


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "JPEG picture"),
        (b"<!DOCTYPE html><title>Login</title>", "web page"),
        (b"\r\n <html><body>Sign in</body></html>", "web page"),
        (b"\x93NUMPY\x01\x00" + bytes(20), "NumPy file"),
        (gzip.compress(image_bytes(), mtime=0), "gzip file inside a gzip file"),
        (b"version https://git-lfs", "begins with 0x76657273"),
        (struct.pack(">IIII", 0xD03, 1, 2, 2) + bytes(4), "begins with 0x00000d03"),
    ],
)
def test_a_disguised_file_is_named(tmp_path: Path, content: bytes, word: str) -> None:
    fault = refusal(tmp_path, gzip.compress(content))
    assert fault.code == "idx-magic"
    assert word in fault.text


def test_a_zip_archive_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("train-images-idx3-ubyte", image_bytes())
    assert "zip archive" in refusal(tmp_path, (tmp_path / "z.zip").read_bytes()).text


def test_all_other_magic_numbers_are_refused(tmp_path: Path) -> None:
    rest = image_bytes()[4:]
    for low in range(0, 0x10000, 257):
        if low != 0x803:
            assert refusal(tmp_path, struct.pack(">I", low) + rest).code == "idx-magic"


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("value", [0, 65_537_000, 2**31, 2**32 - 1])
def test_impossible_dimensions_are_refused_before_any_memory_is_asked_for(
    tmp_path: Path, axis: int, value: int
) -> None:
    shape = [1, 2, 2]
    shape[axis] = value
    path = put(tmp_path, struct.pack(">IIII", 0x803, *shape) + bytes(4))
    tracemalloc.start()
    with pytest.raises(UserError) as caught:
        read_images(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "idx-dimensions"
    assert f"{value:,}" in caught.value.text
    assert peak < 2**20


def test_the_limits_themselves_are_inside(tmp_path: Path) -> None:
    write_images(tmp_path / "wide", np.zeros((2, 64, 64), np.uint8))
    assert read_images(tmp_path / "wide").shape == (2, 64, 64)
    write_labels(tmp_path / "many", np.zeros(100_000, np.uint8))
    assert len(read_labels(tmp_path / "many")) == 100_000
    assert refusal(tmp_path, image_bytes(1, 65, 1)).code == "idx-dimensions"
    huge = struct.pack(">IIII", 0x803, 20_000, 64, 64)
    assert "81,920,000 bytes" in refusal(tmp_path, huge).text


def test_a_wrong_checksum_is_noticed(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(image_bytes()))
    packed[-6] ^= 1
    fault = refusal(tmp_path, bytes(packed))
    assert fault.code == "idx-gzip"
    assert "checksum is wrong" in fault.text


def test_damaged_packed_data_are_noticed(tmp_path: Path) -> None:
    packed = gzip.compress(np.random.default_rng(0).bytes(3_000))
    broken = gzip.compress(image_bytes(99, 5, 6), mtime=0)[:30] + packed[40:]
    assert refusal(tmp_path, broken).code == "idx-gzip"


def test_several_members_and_trailing_bytes_are_refused(tmp_path: Path) -> None:
    whole = image_bytes()
    two = gzip.compress(whole[:30]) + gzip.compress(whole[30:])
    assert "several packed files" in refusal(tmp_path, two).text
    trailing = gzip.compress(whole) + b"\0\0\0"
    assert "other bytes follow" in refusal(tmp_path, trailing).text


def test_a_gzip_bomb_costs_no_more_than_it_announces(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(struct.pack(">IIII", 0x803, 100, 28, 28))
    bomb = head + b"".join(packer.compress(bytes(2**20)) for _ in range(200)) + packer.flush()
    path = put(tmp_path, bomb)
    tracemalloc.start()
    with pytest.raises(UserError, match="too long"):
        read_images(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(bomb) < 2**20
    assert peak < 4 * 2**20


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(UserError, match="is not there"):
            read_images(path)


def test_a_file_larger_than_any_data_set_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    path.touch()
    os.truncate(path, 2**40)
    with pytest.raises(UserError, match="more than 68,157,440 bytes"):
        read_images(path)


def test_a_hostile_file_name_is_shown_short_and_printable(tmp_path: Path) -> None:
    path = tmp_path / ("x\n\x1b[31m" + "y" * 200)
    path.write_bytes(b"12345678901234567890")
    with pytest.raises(UserError) as caught:
        read_images(path)
    assert "\x1b" not in caught.value.text
    assert "\n" not in caught.value.text
    assert "y" * 100 not in caught.value.text


@pytest.mark.parametrize(
    "array",
    [np.zeros((2, 3, 3)), np.zeros((2, 9), np.uint8), np.zeros((0, 3, 3), np.uint8)],
)
def test_only_arrays_that_can_be_read_again_are_written(tmp_path: Path, array: np.ndarray) -> None:
    with pytest.raises(UserError):
        write_images(tmp_path / "never", array)
    assert not (tmp_path / "never").exists()


def test_a_pair_with_different_counts_is_refused() -> None:
    with pytest.raises(UserError, match="There are 5 images and 4 labels"):
        check_pair(random_images(5), np.zeros(4, np.uint8), 10)


def test_the_first_label_out_of_range_is_named() -> None:
    labels = np.array([0, 9, 12, 3, 11], np.uint8)
    with pytest.raises(UserError, match=r"number 2 .* is 12; with 10 classes .* 0 to 9"):
        check_pair(random_images(5), labels, 10)
    check_pair(random_images(5), labels, 13)


@pytest.mark.parametrize("n_classes", [0, 1, 48])
def test_too_few_and_too_many_classes_are_refused(n_classes: int) -> None:
    with pytest.raises(UserError, match=f"{n_classes} classes; .* 2 to 47"):
        check_pair(random_images(2), np.zeros(2, np.uint8), n_classes)
