"""What can be wrong with an IDX file, in sentences."""

from __future__ import annotations

import math
from typing import Final

from softmax_core.errors import UserError
from softmax_core.limits import MAX_DATA_BYTES, MAX_IMAGE_SIDE, MAX_SAMPLES

_CURE: Final = "Copy or download it again; your data set is unchanged."

# What a file that is no IDX file turns out to be, by its first bytes.
_DISGUISES: Final = (
    (b"PK\x03\x04", "a zip archive: unpack it first"),
    (b"\x1f\x8b", "a gzip file inside a gzip file: unpack it once first"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x93NUMPY", "a NumPy file"),
    (b"<", "a web page (perhaps the login page of a Wi-Fi network)"),
)


def file_fault(name: str, what: str) -> UserError:
    """Say that a file cannot be used at all: `what` follows its name."""
    return UserError("idx-file", f"The file {_shown(name)} {what}. Your data set is unchanged.")


def magic_fault(name: str, head: bytes, noun: str, magic: int) -> UserError:
    """Say what a file is whose first four bytes are not `magic`.

    Parameters
    ----------
    name : str
        The file's name, without its folder.
    head : bytes
        The first bytes of the file, unpacked; at least four.
    noun : str
        What was expected: ``"images"`` or ``"labels"``.
    magic : int
        The number it should begin with.
    """
    start, other = head[:4], {"images": "labels", "labels": "images"}[noun]
    if start in (b"\0\0\x08\x01", b"\0\0\x08\x03"):
        what = f"holds {other}, not {noun}: are the two files swapped?"
    elif start == magic.to_bytes(4, "little"):
        what = "has its numbers in reversed byte order: IDX is big-endian."
    elif disguise := _disguise(head):
        what = f"is not an IDX file of {noun} but {disguise}."
    else:
        what = (
            f"is not an IDX file of {noun}: it begins with 0x{start.hex()}, not with 0x{magic:08x}."
        )
    return UserError("idx-magic", f"The file {_shown(name)} {what} {_CURE}")


def dimension_fault(name: str, shape: tuple[int, ...]) -> UserError | None:
    """Say which announced dimension is out of bounds, or give None."""
    n, sides = shape[0], shape[1:]
    if not 1 <= n <= MAX_SAMPLES:
        what = f"announces {n:,} items; 1 to {MAX_SAMPLES:,} are possible"
    elif not all(1 <= side <= MAX_IMAGE_SIDE for side in sides):
        what = (
            f"announces images of {' x '.join(f'{side:,}' for side in sides)} pixels; "
            f"a side has 1 to {MAX_IMAGE_SIDE}"
        )
    elif math.prod(shape) > MAX_DATA_BYTES:
        what = f"announces {math.prod(shape):,} bytes; the limit is {MAX_DATA_BYTES:,}"
    else:
        return None
    return UserError("idx-dimensions", f"The file {_shown(name)} {what}. {_CURE}")


def short_fault(name: str, announced: str, found: int) -> UserError:
    """Say that a file ends too early: `announced`, and how many bytes there are."""
    return UserError(
        "idx-truncated",
        f"The file {_shown(name)} is cut short: {announced} and it holds {found:,}. {_CURE}",
    )


def long_fault(name: str, announced: str) -> UserError:
    """Say that bytes follow where a file should end."""
    return UserError(
        "idx-too-long",
        f"The file {_shown(name)} is too long: {announced} and more bytes follow. {_CURE}",
    )


def gzip_fault(name: str, reason: str, unpacked: int) -> UserError:
    """Say that a packed file cannot be unpacked, and how far it went."""
    return UserError(
        "idx-gzip",
        f"The file {_shown(name)} cannot be unpacked: {reason}, after {unpacked:,} unpacked "
        f"bytes. {_CURE}",
    )


def announcement(shape: tuple[int, ...], header_bytes: int) -> str:
    """Put a header in words: ``it announces 60,000 images of 28 x 28 (47,040,016 bytes)``."""
    total = header_bytes + math.prod(shape)
    if len(shape) == 1:
        return f"it announces {shape[0]:,} labels ({total:,} bytes)"
    return f"it announces {shape[0]:,} images of {shape[1]} x {shape[2]} ({total:,} bytes)"


def _disguise(head: bytes) -> str | None:
    text = head.lstrip()
    for start, what in _DISGUISES:
        if text.startswith(start):
            return what
    return None


def _shown(name: str) -> str:
    """Make a file's name safe to show: printable and short."""
    printable = "".join(c for c in name if c.isprintable())
    return printable if len(printable) <= 64 else printable[:61] + "..."
