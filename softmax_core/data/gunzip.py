"""Unpack one gzip member piece by piece, strictly and never further than asked."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

GZIP_MAGIC: Final = b"\x1f\x8b"

_CHUNK: Final = 64 * 1024


class BadGzipError(Exception):
    """The packed bytes are not exactly one sound gzip member.

    Parameters
    ----------
    reason : str
        What is wrong, to follow "because": ``"its checksum is wrong"``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Gunzip:
    """A stream of unpacked bytes over a stream of packed ones.

    At most `size` bytes exist at a time, so a "bomb" (1 KB that unpacks to 1 MB,
    over and over) costs no more than the caller decided to read.

    Parameters
    ----------
    read : callable
        ``read(size) -> bytes``: up to `size` packed bytes, ``b""`` at the end.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read_packed = read
        self._unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        self.position = 0  # unpacked bytes given so far, also when a read fails

    def read(self, size: int) -> bytes:
        """Give `size` (at least 1) unpacked bytes; fewer only at the very end.

        Raises
        ------
        BadGzipError
            When the stream is damaged, cut short, followed by anything, or its
            checksum is wrong. The checksum stands at the end, so it is checked
            by the read that meets the end: read one byte more than expected.
        """
        unpacked = bytearray()
        while len(unpacked) < size and not self._unpacker.eof:
            piece = self._unpack_piece(size - len(unpacked))
            self.position += len(piece)
            unpacked += piece
        if self._unpacker.eof:
            self._expect_end()
        return bytes(unpacked)

    def _unpack_piece(self, size: int) -> bytes:
        packed = self._unpacker.unconsumed_tail or self._read_packed(_CHUNK)
        try:
            piece = self._unpacker.decompress(packed, size)
        except zlib.error as fault:
            raise BadGzipError(_reason(fault)) from fault
        # Without new input zlib may still hold finished output: only when both
        # are dry has the file really ended.
        if not packed and not piece and not self._unpacker.eof:
            raise BadGzipError("its packed data end too early")
        return piece

    def _expect_end(self) -> None:
        rest = self._unpacker.unused_data or self._read_packed(_CHUNK)
        if rest.startswith(GZIP_MAGIC):
            raise BadGzipError("it holds several packed files one after another")
        if rest:
            raise BadGzipError("other bytes follow its packed data")


def _reason(fault: zlib.error) -> str:
    text = str(fault)
    if "data check" in text or "length check" in text:
        return "its checksum is wrong"
    return "its packed data are damaged"
