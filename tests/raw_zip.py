"""Zip files written by hand from the format's description (APPNOTE 6.3), lies included."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One member of a zip file; what is not given is what an honest file would have."""

    name: str
    body: bytes
    flags: int = 0
    method: int = zipfile.ZIP_STORED
    size: int | None = None  # the unpacked size announced
    offset: int | None = None  # where the directory says it begins; it is not there a second time
    extra: bytes = b""

    def shared(self) -> bytes:
        """What both of its headers say."""
        size = len(self.body) if self.size is None else self.size
        lengths = (len(self.body), size, len(self.name.encode()), len(self.extra))
        crc = zlib.crc32(self.body)
        return struct.pack("<5H3L2H", 20, self.flags, self.method, 0, 33, crc, *lengths)

    def local(self) -> bytes:
        """The member as it stands in the file."""
        return b"PK\x03\x04" + self.shared() + self.name.encode() + self.extra + self.body

    def entry(self, offset: int) -> bytes:
        """Its entry in the directory."""
        place = struct.pack("<3H2L", 0, 0, 0, 0, offset if self.offset is None else self.offset)
        return b"PK\x01\x02\x14\0" + self.shared() + place + self.name.encode() + self.extra


def end(n: int, size: int, start: int, comment: bytes = b"") -> bytes:
    """The last record: how many members, how long the directory, and where it begins."""
    numbers = (0, 0, n & 0xFFFF, n & 0xFFFF, size, start, len(comment))
    return b"PK\x05\x06" + struct.pack("<4H2LH", *numbers) + comment


def archive(
    members: Sequence[Member],
    *,
    order: Sequence[int] = (),
    hidden: bytes = b"",
    between: bytes = b"",
) -> bytes:
    """Write a zip file.

    Parameters
    ----------
    members : sequence of Member
    order : sequence of int
        In which the directory lists them.
    hidden : bytes
        Stands before the directory, whose beginning is announced truly.
    between : bytes
        As hidden, but nothing says so.
    """
    parts, entries, offset = [], [], 0
    for member in members:
        entries.append(member.entry(offset))
        if member.offset is None:
            parts.append(member.local())
            offset += len(parts[-1])
    directory = b"".join(entries[i] for i in order or range(len(entries)))
    last = end(len(members), len(directory), offset + len(hidden))
    return b"".join(parts) + hidden + between + directory + last


def with_zip64(members: Sequence[Member]) -> bytes:
    """Write a file whose last record tells of a short directory, and the one before it of all."""
    whole = archive(members)
    start = whole.index(b"PK\x01\x02")
    n, size = len(members), len(whole) - 22 - start
    record = struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, n, n, size, start)
    locator = struct.pack("<LQL", 0, start + size, 1)
    before = whole[:-22] + b"PK\x06\x06" + record + b"PK\x06\x07" + locator
    return before + end(3, 100, len(before) - 100)
