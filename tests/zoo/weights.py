"""Pairs of files that are no W.npy and b.npy."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np

from softmax_core.limits import MAX_RUN_BYTES
from tests.persist_zoo import npy, run_file
from tests.zoo.case import Case

W = np.zeros((64, 10), np.float32)
B = np.zeros((1, 10), np.float32)


def saved(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def header(descr: str = "<f4", order: str = "False", shape: str = "(64, 10)") -> bytes:
    return npy(W, header=f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}")


def with_value(value: float, kind: type = np.float32) -> bytes:
    array: np.ndarray[Any, Any] = np.zeros((64, 10), kind)
    array[12, 4] = value
    return saved(array)


GOOD_W, GOOD_B = saved(W), saved(B)
KIND, CUT, SHAPE, TYPE, NUMBERS = (
    *("weights-kind", "weights-cut", "weights-shape"),
    *("weights-type", "weights-numbers"),
)
NOT_SAVED = "not a file that np.save has written"

# What takes the place of W.npy; b.npy is sound.
AS_W: dict[str, Case] = {
    "empty": Case(b"", KIND, "W.npy is empty"),
    "one byte": Case(b"\x93", KIND, NOT_SAVED),
    "words": Case(b"W = zeros(64, 10)", KIND, NOT_SAVED),
    "a saved run": Case(run_file(), KIND, NOT_SAVED),
    "a pickle": Case(b"\x80\x04\x95cos\nsystem\n.", KIND, NOT_SAVED),
    "a magic alone": Case(b"\x93NUMPY\x01\0", KIND, NOT_SAVED),
    "a header alone": Case(GOOD_W[:128], CUT, "announces 2,560 bytes of numbers and holds 0"),
    "half a header": Case(GOOD_W[:60], KIND, NOT_SAVED),
    "cut by one": Case(GOOD_W[:-1], CUT, "2,560 .* 2,559"),
    "a byte more": Case(GOOD_W + b"\0", CUT, "2,560 .* 2,561"),
    "another version": Case(npy(W, version=(2, 0)), KIND, NOT_SAVED),
    "version 9": Case(npy(W, version=(9, 9)), KIND, NOT_SAVED),
    "a header longer than the file": Case(
        b"\x93NUMPY\x01\0" + struct.pack("<H", 65_535) + GOOD_W[10:], KIND, NOT_SAVED
    ),
    "objects": Case(npy(np.array([[None]])), "weights-pickle", "program objects, .* not opened"),
    "half precision": Case(saved(W.astype(np.float16)), TYPE, "float32 or float64"),
    "long doubles": Case(saved(W.astype(np.longdouble)), TYPE, "float32 or float64"),
    "big-endian numbers": Case(saved(W.astype(">f8")), TYPE, "float32 or float64"),
    "whole numbers": Case(saved(W.astype(np.int32)), TYPE, "float32 or float64"),
    "truths": Case(saved(W.astype(bool)), TYPE, "float32 or float64"),
    "complex numbers": Case(saved(W.astype(complex)), TYPE, "float32 or float64"),
    "words in an array": Case(saved(W.astype("U3")), TYPE, "float32 or float64"),
    "dates": Case(saved(W.astype("M8[s]")), TYPE, "float32 or float64"),
    "a table": Case(saved(np.zeros(3, [("a", "f4")])), KIND, NOT_SAVED),
    "nested brackets": Case(npy(W, header="[" * 900), KIND, NOT_SAVED),
    "a header that computes": Case(header(shape="(8*8, 10)"), KIND, NOT_SAVED),
    "10^18 elements": Case(
        header(shape="(999999999, 999999999)"), CUT, "3,999,999,992,000,000,004"
    ),
    "a side of ten digits": Case(header(shape="(9999999999, 0)"), KIND, NOT_SAVED),
    "no rows": Case(header(shape="(0, 10)"), CUT, "announces 0 bytes"),
    "a negative side": Case(header(shape="(-64, -10)"), KIND, NOT_SAVED),
    "a single number": Case(header(shape="()"), KIND, NOT_SAVED),
    "a vector": Case(saved(W.ravel()), SHAPE, "must be a matrix; it is of 640"),
    "three axes": Case(saved(W.reshape(8, 8, 10)), SHAPE, "it is of 8 x 8 x 10"),
    "thirty axes": Case(saved(W.reshape(*[1] * 28, 64, 10)), SHAPE, "it is of 1 x 1"),
    "turned": Case(saved(W.T), SHAPE, "W.npy of 10 x 64 needs b.npy of 1 x 64; found 1 x 10"),
    "26 classes": Case(saved(np.zeros((64, 26))), SHAPE, "of 64 x 26 needs .* 1 x 26"),
    "4,097 pixels": Case(saved(np.zeros((4_097, 10))), SHAPE, "4,097 x 10; .* 4,096 rows"),
    "another data set's": Case(saved(np.zeros((63, 10))), "weights-dataset", "63 numbers .* 64 in"),
    "not a number": Case(with_value(np.nan), NUMBERS, r"1 values .* \(first at \[12, 4\]\)"),
    "infinite": Case(with_value(np.inf), NUMBERS, "not numbers"),
    "minus infinity": Case(with_value(-np.inf, np.float64), NUMBERS, "not numbers"),
    "a huge weight": Case(with_value(-2e6), NUMBERS, r"2e\+06, and 1e\+06 is the most"),
    "beyond 32 bits": Case(with_value(1e300, np.float64), NUMBERS, r"1e\+300"),
    "too large": Case(bytes(MAX_RUN_BYTES + 1), "weights-size", "2,097,153 bytes, and 2,097,152"),
}

# What takes the place of b.npy; W.npy is sound.
AS_B: dict[str, Case] = {
    "empty": Case(b"", KIND, "b.npy is empty"),
    "words": Case(b"b", KIND, f"b.npy is {NOT_SAVED}"),
    "nine classes": Case(saved(B[:, :9]), SHAPE, "needs b.npy of 1 x 10; found 1 x 9"),
    "a column": Case(saved(B.T), SHAPE, "found 10 x 1"),
    "the weights again": Case(GOOD_W, SHAPE, "found 64 x 10"),
    "objects": Case(npy(np.array([None])), "weights-pickle", "b.npy holds program objects"),
    "cut": Case(GOOD_B[:-4], CUT, "b.npy announces 40 bytes of numbers and holds 36"),
    "not a number": Case(saved(B * np.nan), NUMBERS, r"B?b?.npy holds 10 values"),
}
