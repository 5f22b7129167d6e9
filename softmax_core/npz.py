"""Archives of 32-bit numbers: ``.npz`` files written one way only, and read strictly.

An archive is a zip file of members that are stored as they are, one behind the other and
nothing between them: ``meta.json``, then one ``.npy`` file for each array. Nothing is packed:
random weights would shrink by 8 %, to other bytes with every version of the packer, and
without an unpacker there is nothing a small file could swell into.

``np.load`` opens these files but is not used to read them: it accepts strings, shapes of 10^15
elements, names that occur twice and trailing bytes, and its parser of array headers evaluates
Python, with that language's warnings and a tokenizer's errors.
"""

from __future__ import annotations

import io
import math
import re
import struct
import zipfile
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core import limits
from softmax_core.errors import UserError

Floats = NDArray[np.float32]

META: Final = "meta.json"

_NAME: Final = re.compile(r"meta\.json|[a-z]{1,10}/[A-Za-z][A-Za-z0-9]{0,9}\.npy", re.ASCII)
_LOCAL_HEADER_BYTES: Final = 30  # in front of each member, and then its name
_LONGEST_ENTRY: Final = 46 + 32  # of the directory at the end: a member's data and its name
_FIRST: Final = b"PK\x03\x04"
_END: Final = struct.Struct("<4s4H2LH")  # the last record of a zip file
_END_MARK: Final = b"PK\x05\x06"
_ZIP64_MARK: Final = b"PK\x06\x07"  # of a record that may stand before it, for large files
_ZIP64_BYTES: Final = 20
_ARRAY_START: Final = struct.Struct("<6sBBH")  # magic, version, length of the header
_ARRAY_HEADER: Final = re.compile(
    rb"\{'descr': '([^']{1,20})', 'fortran_order': (True|False), "
    rb"'shape': \(([0-9]{1,9}(?:, [0-9]{1,9}){0,30}),?\), \} {0,80}\n"
)


class Archive(NamedTuple):
    """The content of a file."""

    meta: bytes
    arrays: dict[str, Floats]  # by name, such as "params/W", in the order of the file


def write_archive(meta: bytes, arrays: Mapping[str, Floats]) -> bytes:
    """Return the file's bytes; the same content gives the same bytes on every machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, META, meta)
        for name, array in arrays.items():
            body = io.BytesIO()
            contiguous = np.ascontiguousarray(array, dtype="<f4")
            np.lib.format.write_array(body, contiguous, version=(1, 0), allow_pickle=False)
            _add(archive, f"{name}.npy", body.getvalue())
    return buffer.getvalue()


def read_archive(data: bytes) -> Archive:
    """Read a file; its parts are new arrays, in C order, of one or two dimensions.

    Raises
    ------
    UserError
        With one sentence that says what is wrong with the file; no name or text from the
        file is repeated in it.
    """
    directory_start = _check_frame(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_members(infos, directory_start)
            bodies = {info.filename: archive.read(info) for info in infos}
    except UserError:
        raise
    except Exception as error:  # zipfile and struct raise a dozen kinds
        raise _damaged() from error
    if META not in bodies:
        raise refusal("run-meta", "This is not a saved run: there are no settings in it.")
    meta = bodies.pop(META)
    names = {name: name.removesuffix(".npy") for name in bodies}
    return Archive(meta, {names[name]: _array(names[name], body) for name, body in bodies.items()})


class ArrayHeader(NamedTuple):
    """What the beginning of a ``.npy`` file says of its numbers."""

    kind: str  # NumPy's short name of a type, such as "<f4"
    column_order: bool
    shape: tuple[int, ...]
    size: int  # bytes in front of the numbers


def read_array_header(body: bytes) -> ArrayHeader | None:
    """Parse the beginning of a ``.npy`` file as ``np.save`` writes it; None for anything else."""
    if len(body) < _ARRAY_START.size:
        return None
    magic, major, minor, length = _ARRAY_START.unpack_from(body)
    size = _ARRAY_START.size + length
    header = _ARRAY_HEADER.fullmatch(body[_ARRAY_START.size : size])
    if (magic, major, minor) != (b"\x93NUMPY", 1, 0) or header is None:
        return None
    kind, column_order, sides = header.groups()
    shape = tuple(int(side) for side in sides.split(b","))
    return ArrayHeader(kind.decode("latin-1"), column_order == b"True", shape, size)


def refusal(code: str, sentence: str) -> UserError:
    """Make the error for a file that is refused."""
    return UserError(code, f"{sentence} Nothing was changed.")


def _add(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    # A fixed date and system: equal runs are equal files.
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    archive.writestr(info, body, zipfile.ZIP_STORED)


def _check_frame(data: bytes) -> int:
    """Check what can be known without parsing; return where the directory of members begins."""
    if len(data) > limits.MAX_RUN_BYTES:
        raise refusal(
            "run-size",
            f"This file has {len(data):,} bytes; a saved run has at most {limits.MAX_RUN_BYTES:,}.",
        )
    if not data.startswith(_FIRST):
        what = "This is not a saved run" if data else "This file is empty"
        raise refusal("run-kind", f"{what}: choose an .npz file that Softmax Lab has saved.")
    if len(data) < _END.size or data[-_END.size : -_END.size + 4] != _END_MARK:
        raise refusal(
            "run-cut",
            "This saved run is cut short, or something was added to its end. Copy it again.",
        )
    _, _, _, _, n_members, size, start, _ = _END.unpack(data[-_END.size :])
    # zipfile goes by the directory's size, not by the number announced.
    if max(n_members, size // _LONGEST_ENTRY) > limits.MAX_RUN_MEMBERS:
        raise refusal(
            "run-members",
            f"This file announces {n_members:,} parts in {size:,} bytes; a saved run has at most "
            f"{limits.MAX_RUN_MEMBERS}.",
        )
    # zipfile would believe another record, and another directory, in front of the last one.
    if data[: -_END.size][-_ZIP64_BYTES:].startswith(_ZIP64_MARK):
        raise _damaged()
    return int(start)


def _check_members(infos: list[zipfile.ZipInfo], directory_start: int) -> None:
    names = [info.filename for info in infos]
    if not all(_NAME.fullmatch(name) for name in names) or len(set(names)) != len(names):
        raise refusal("run-names", "This file has parts that a saved run has not.")
    end = 0
    for info in infos:
        packed = info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size
        if packed or info.flag_bits:
            raise refusal(
                "run-packed",
                "This file is packed or encrypted; a saved run is neither. Use the file as "
                "Softmax Lab has saved it.",
            )
        if info.header_offset != end:  # members that overlap, or something between them
            raise _damaged()
        end += _LOCAL_HEADER_BYTES + len(info.filename) + info.file_size
    if end != directory_start:
        raise _damaged()


def _array(name: str, body: bytes) -> Floats:
    """Parse a ``.npy`` file; ``name`` has passed ``_NAME``, so it may be shown."""
    header = read_array_header(body)
    if header is None:
        raise refusal("run-array", f"{name} is not an array of numbers as Softmax Lab saves them.")
    if header.kind == "|O":
        raise refusal(
            "run-pickle", f"{name} holds program objects, not numbers. It was not opened."
        )
    if header.kind != "<f4" or header.column_order or len(header.shape) > 2:
        raise refusal(
            "run-array", f"{name} must be a vector or a matrix of 32-bit numbers in row order."
        )
    announced, held = 4 * math.prod(header.shape), len(body) - header.size
    if announced != held or not held:
        raise refusal(
            "run-array", f"{name} announces {announced:,} bytes of numbers and holds {held:,}."
        )
    numbers = np.frombuffer(body, "<f4", offset=header.size)
    return numbers.reshape(header.shape).astype(np.float32)


def _damaged() -> UserError:
    return refusal("run-damaged", "This saved run is damaged. Copy it again from where it was.")
