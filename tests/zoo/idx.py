"""IDX files and folders that are none, by the slot they stand in; built from the description."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.data.idx_zoo import NAMES, image_bytes, label_bytes, make_folder
from tests.zoo.case import Case

IMAGES, LABELS = image_bytes(), label_bytes()  # 3 pictures of 4 x 5 pixels, and their labels


def image_header(n: int = 3, rows: int = 4, columns: int = 5, magic: int = 0x803) -> bytes:
    return struct.pack(">IIII", magic, n, rows, columns) + IMAGES[16:]


def label_header(n: int = 3, magic: int = 0x801) -> bytes:
    return struct.pack(">II", magic, n) + LABELS[8:]


def packed(content: bytes, *, spoil: int | None = None) -> bytes:
    data = bytearray(gzip.compress(content, mtime=0))
    if spoil is not None:
        data[spoil] ^= 0x55
    return bytes(data)


def bomb(header: bytes, n_bytes: int = 50 * 2**20) -> bytes:
    """A header that is true of little, and 50 MB of zeros behind it, in 50 KB."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return squeezer.compress(header + bytes(n_bytes)) + squeezer.flush()


CUT, MAGIC, SIZE, GZIP = "idx-truncated", "idx-magic", "idx-dimensions", "idx-gzip"

# Each takes the place of the training pictures.
AS_IMAGES: dict[str, Case] = {
    "empty": Case(b"", CUT, "16 bytes and it holds 0"),
    "one byte": Case(IMAGES[:1], CUT, "holds 1"),
    "three bytes": Case(IMAGES[:3], CUT, "holds 3"),
    "the magic alone": Case(IMAGES[:4], CUT, "holds 4"),
    "half a header": Case(IMAGES[:9], CUT, "holds 9"),
    "a header cut by one": Case(IMAGES[:15], CUT, "holds 15"),
    "a header alone": Case(IMAGES[:16], CUT, r"3 images of 4 x 5 \(76 bytes\) .* holds 16"),
    "cut by one": Case(IMAGES[:-1], CUT, "holds 75"),
    "cut in the middle": Case(IMAGES[:40], CUT, "holds 40"),
    "one byte more": Case(IMAGES + b"\0", "idx-too-long", r"\(76 bytes\) and more"),
    "twice": Case(IMAGES * 2, "idx-too-long", "more bytes follow"),
    "labels": Case(LABELS, MAGIC, "holds labels, not images"),
    "reversed bytes": Case(struct.pack("<IIII", 0x803, 3, 4, 5), MAGIC, "reversed byte order"),
    "two axes": Case(image_header(magic=0x802), MAGIC, "0x00000802, not with 0x00000803"),
    "four axes": Case(image_header(magic=0x804), MAGIC, "0x00000804"),
    "signed bytes": Case(image_header(magic=0x903), MAGIC, "0x00000903"),
    "floats": Case(image_header(magic=0xD03), MAGIC, "0x00000d03"),
    "all ones": Case(b"\xff" * 76, MAGIC, "0xffffffff"),
    "all zeros": Case(bytes(76), MAGIC, "0x00000000"),
    "a PNG picture": Case(b"\x89PNG\r\n\x1a\n" + bytes(60), MAGIC, "a PNG picture"),
    "a JPEG picture": Case(b"\xff\xd8\xff\xe0" + bytes(60), MAGIC, "a JPEG picture"),
    "a zip archive": Case(b"PK\x03\x04" + bytes(60), MAGIC, "a zip archive"),
    "a NumPy file": Case(b"\x93NUMPY\x01\0" + bytes(60), MAGIC, "a NumPy file"),
    "a login page": Case(b"<!DOCTYPE html><html>" + bytes(9), MAGIC, "a web page"),
    "a page after blank lines": Case(b"\n\n\n\n<html></html>..", MAGIC, "images"),
    "a page with a byte order mark": Case(b"\xef\xbb\xbf<html></html>", MAGIC, "0xefbbbf3c"),
    "words": Case(b"These are no pictures.", MAGIC, "0x54686573"),
    "a pickle": Case(b"\x80\x04\x95cos\nsystem\n(S'x'\ntR.", MAGIC, "0x80049563"),
    "no pictures": Case(image_header(n=0), SIZE, "announces 0 items; 1 to 100,000"),
    "100,001 pictures": Case(image_header(n=100_001), SIZE, "100,001 items"),
    "2^31 pictures": Case(image_header(n=2**31), SIZE, "2,147,483,648 items"),
    "2^32 - 1 pictures": Case(image_header(n=2**32 - 1), SIZE, "4,294,967,295 items"),
    "no rows": Case(image_header(rows=0), SIZE, "0 x 5 pixels; a side has 1 to 64"),
    "65 rows": Case(image_header(rows=65), SIZE, "65 x 5 pixels"),
    "2^32 - 1 rows": Case(image_header(rows=2**32 - 1), SIZE, "4,294,967,295 x 5"),
    "no columns": Case(image_header(columns=0), SIZE, "4 x 0 pixels"),
    "65 columns": Case(image_header(columns=65), SIZE, "4 x 65 pixels"),
    "2^31 columns": Case(image_header(columns=2**31), SIZE, "4 x 2,147,483,648"),
    "a negative number of rows": Case(image_header(rows=2**32 - 4), SIZE, "4,294,967,292"),
    "400 MB": Case(image_header(100_000, 64, 64), SIZE, "409,600,000 bytes; .* 67,108,864"),
    "a packed file cut short": Case(packed(IMAGES)[:-12], GZIP, "end too early"),
    "a packed header alone": Case(packed(IMAGES)[:10], GZIP, "end too early, after 0"),
    "half a packed header": Case(packed(IMAGES)[:5], GZIP, "end too early"),
    "packed without its length": Case(packed(IMAGES)[:-4], GZIP, "end too early"),
    "a wrong checksum": Case(packed(IMAGES, spoil=-8), GZIP, "checksum is wrong, after 16"),
    "a wrong length": Case(packed(IMAGES, spoil=-1), GZIP, "checksum is wrong"),
    "an unknown packing": Case(packed(IMAGES, spoil=2), GZIP, "damaged"),
    "packed data damaged": Case(packed(IMAGES, spoil=10), GZIP, "damaged"),
    "bytes after the packed data": Case(packed(IMAGES) + b"more", GZIP, "other bytes follow"),
    "two packed files": Case(packed(IMAGES) * 2, GZIP, "several packed files"),
    "packed twice": Case(packed(packed(IMAGES)), MAGIC, "inside a gzip file"),
    "nothing, packed": Case(packed(b""), CUT, "holds 0"),
    "labels, packed": Case(packed(LABELS), MAGIC, "holds labels"),
    "too long, packed": Case(packed(IMAGES + b"x"), "idx-too-long", "more bytes follow"),
    "too short, packed": Case(packed(IMAGES[:-3]), CUT, "holds 73"),
    "a bomb": Case(bomb(IMAGES[:16]), "idx-too-long", "more bytes follow"),
    "a bomb of the largest size": Case(bomb(image_header(100_000, 64, 64)[:16]), SIZE, "409,600"),
    "other pictures' size": Case(image_bytes(rows=7), "idx-sizes-differ", "7 x 5 .* 4 x 5"),
    "fewer than labels": Case(image_bytes(n=2), "idx-counts", "2 images and 3 labels"),
}

# Each takes the place of the training labels.
AS_LABELS: dict[str, Case] = {
    "empty": Case(b"", CUT, "8 bytes and it holds 0"),
    "a header cut by one": Case(LABELS[:7], CUT, "holds 7"),
    "a header alone": Case(LABELS[:8], CUT, r"3 labels \(11 bytes\) .* holds 8"),
    "cut by one": Case(LABELS[:-1], CUT, "holds 10"),
    "one byte more": Case(LABELS + b"\0", "idx-too-long", "3 labels"),
    "images": Case(IMAGES, MAGIC, "holds images, not labels"),
    "reversed bytes": Case(struct.pack("<II", 0x801, 3), MAGIC, "reversed byte order"),
    "words": Case(b"zero one two", MAGIC, "0x7a65726f"),
    "a table": Case(b"0,1,2\n", MAGIC, "0x302c312c"),
    "no labels": Case(label_header(0), SIZE, "announces 0 items"),
    "100,001 labels": Case(label_header(100_001), SIZE, "100,001 items"),
    "2^32 - 1 labels": Case(label_header(2**32 - 1), SIZE, "4,294,967,295 items"),
    "48 classes": Case(label_bytes(b"\x00\x2f\x01"), "idx-classes", "48 classes; .* 2 to 47"),
    "256 classes": Case(label_bytes(b"\x00\xff\x01"), "idx-classes", "256 classes"),
    "more than images": Case(label_bytes(bytes(4)), "idx-counts", "3 images and 4 labels"),
    "a bomb": Case(bomb(LABELS[:8]), "idx-too-long", "more bytes follow"),
    "a wrong checksum": Case(packed(LABELS, spoil=-8), GZIP, "checksum is wrong"),
}


def write_four(folder: Path, place: int | None = None, content: bytes = b"") -> Path:
    """Write a sound folder, with something else in the place of one of its files."""
    folder.mkdir()
    for at, name in enumerate(NAMES):
        sound = LABELS if at % 2 else IMAGES
        (folder / name).write_bytes(content if at == place else sound)
    return folder


def without(place: int) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (write_four(folder) / NAMES[place]).unlink()
        return folder

    return write


def with_folder_inside(folder: Path) -> Path:
    (without(0)(folder) / NAMES[0]).mkdir()
    return folder


def with_dead_link(folder: Path) -> Path:
    (without(2)(folder) / NAMES[2]).symlink_to(folder / "nowhere")
    return folder


def with_link_to_itself(folder: Path) -> Path:
    (without(3)(folder) / NAMES[3]).symlink_to(folder / NAMES[3])
    return folder


def endless(folder: Path) -> Path:
    """A file that says nothing wrong and has more bytes than any data set, none on the disk."""
    with (write_four(folder) / NAMES[0]).open("ab") as file:
        file.truncate(10**12)
    return folder


def of_one_class(folder: Path) -> Path:
    write_four(folder, 1, label_bytes(bytes(3)))
    (folder / NAMES[3]).write_bytes(label_bytes(bytes(3)))
    return folder


def other_test_pictures(folder: Path) -> Path:
    return write_four(folder, 2, image_bytes(columns=6))


def swapped(folder: Path) -> Path:
    make_folder(folder)
    for name in NAMES[:2]:
        (folder / f"{name}.gz").unlink(missing_ok=True)
    (folder / NAMES[0]).write_bytes(LABELS)
    (folder / NAMES[1]).write_bytes(IMAGES)
    return folder


MISSING = "folder-incomplete"

# By what writes them.
FOLDERS: dict[str, Case] = {
    "no folder": Case(lambda folder: folder, MISSING, "has no train-images.* and no t10k-labels"),
    "an empty folder": Case(lambda folder: folder.mkdir() or folder, MISSING, "has no train"),
    "no training pictures": Case(without(0), MISSING, "no train-images-idx3-ubyte"),
    "no training labels": Case(without(1), MISSING, "no train-labels-idx1-ubyte"),
    "no test pictures": Case(without(2), MISSING, "no t10k-images-idx3-ubyte"),
    "no test labels": Case(without(3), MISSING, "no t10k-labels-idx1-ubyte"),
    "a folder for a file": Case(with_folder_inside, MISSING, "no train-images"),
    "a link to nowhere": Case(with_dead_link, MISSING, "no t10k-images"),
    "a link to itself": Case(with_link_to_itself, MISSING, "no t10k-labels"),
    "10^12 bytes": Case(endless, "idx-file", "more than 68,157,440 bytes, the limit"),
    "one class": Case(of_one_class, "idx-classes", "1 classes; .* 2 to 47"),
    "test pictures of another size": Case(other_test_pictures, "idx-sizes-differ", "4 x 6"),
    "pictures and labels swapped": Case(swapped, MAGIC, "swapped"),
}
