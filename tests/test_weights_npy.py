"""W.npy and b.npy: what np.save wrote is read, what we write is what np.save writes."""

from __future__ import annotations

import contextlib
import io
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.training import TrainingConfig
from softmax_core.weights_npy import check_network, read_weights, write_weights
from tests.persist_zoo import npy

RNG = np.random.default_rng(5)
W = RNG.normal(0, 0.1, (784, 10)).astype(np.float32)
B = RNG.normal(0, 0.1, (1, 10)).astype(np.float32)


def saved(array: Any, **options: Any) -> bytes:
    """Write a file as the notebook does."""
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def refused(W_file: bytes, b_file: bytes) -> UserError:
    with pytest.raises(UserError) as error:
        read_weights(W_file, b_file)
    assert error.value.text.endswith("Nothing was changed.")
    return error.value


@pytest.mark.parametrize("shape", [(1, 10), (10,)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_np_save_wrote_is_read(shape: tuple[int, ...], dtype: Any, order: Any) -> None:
    W_file = saved(np.asarray(W.astype(dtype), order=order))
    params = read_weights(W_file, saved(B.astype(dtype).reshape(shape)))
    assert list(params) == ["W", "b"]
    np.testing.assert_array_equal(params["W"], W)
    np.testing.assert_array_equal(params["b"], B[0])
    assert all(p.dtype == np.float32 and p.flags.c_contiguous for p in params.values())
    assert all(p.flags.writeable for p in params.values())


def test_what_is_written_is_np_saves_byte_for_byte() -> None:
    files = write_weights({"W": W, "b": B[0]})
    assert files == {"W.npy": saved(W), "b.npy": saved(B)}
    assert read_weights(*files.values())["W"].tobytes() == W.tobytes()
    column_order = {"W": np.asfortranarray(W), "b": B[0]}
    assert write_weights(column_order) == files


def test_a_network_without_a_bias_is_written_with_one_of_zeros() -> None:
    assert write_weights({"W": W})["b.npy"] == saved(np.zeros((1, 10), np.float32))


def test_other_networks_are_sent_elsewhere() -> None:
    hidden = {"W1": W, "b1": B[0], "W2": W[:10], "b2": B[0]}
    with pytest.raises(UserError, match="network softmax alone"):
        write_weights(hidden)
    for network in ("mlp", "relu-softmax"):
        with pytest.raises(UserError, match="save the run instead"):
            check_network(TrainingConfig(network=network))
    check_network(TrainingConfig())


@pytest.mark.parametrize("value", [np.nan, np.inf, 2 * limits.MAX_WEIGHT])
def test_weights_that_ran_away_are_not_written(value: float) -> None:
    bad = W.copy()
    bad[3, 4] = value
    with pytest.raises(UserError, match="The weights were not saved: W"):
        write_weights({"W": bad, "b": B[0]})


class Bomb:
    """Does something when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("a pickle was opened",)


def test_a_pickle_is_never_opened() -> None:
    objects = saved(np.array([Bomb(), Bomb()], dtype=object), allow_pickle=True)
    assert refused(objects, saved(B)).code == "weights-pickle"
    assert refused(saved(W), objects).text.startswith("b.npy holds program objects")
    assert refused(pickle.dumps(Bomb()), saved(B)).code == "weights-kind"


@pytest.mark.parametrize(
    ("W_file", "b_file", "part"),
    [
        (b"", saved(B), "W.npy is empty"),
        (saved(W), b"PK\x03\x04", "b.npy is not a file that np.save has written"),
        (saved(W)[:-1], saved(B), "announces 31,360 bytes of numbers and holds 31,359"),
        (saved(W) + b"!", saved(B), "holds 31,361"),
        (saved(W), saved(B.astype(np.float16)), "b.npy must hold numbers of the type float32"),
        (saved(W.astype(">f4")), saved(B), "W.npy must hold numbers of the type float32"),
        (saved(W.astype(complex)), saved(B), "W.npy must hold numbers of the type"),
        (saved(W.astype(np.int64)), saved(B), "W.npy must hold numbers of the type"),
        (saved(W[0]), saved(B), "W.npy must be a matrix; it is of 10"),
        (saved(W.reshape(28, 28, 10)), saved(B), "it is of 28 x 28 x 10"),
        (saved(W), saved(B[:, :9]), "W.npy of 784 x 10 needs b.npy of 1 x 10; found 1 x 9"),
        (saved(W), saved(B.T), "found 10 x 1"),
        (saved(W), saved(np.float32(1)), "b.npy is not a file"),
        (saved(B), saved(W), "W.npy of 1 x 10 needs b.npy of 1 x 10; found 784 x 10"),
        (saved(np.ones((784, 1))), saved(np.ones(1)), "2 to 47 columns"),
        (saved(np.ones((4_097, 2))), saved(np.ones(2)), "up to 4,096 rows"),
        (saved(np.ones((600_000, 2))), saved(np.ones(2)), "2,097,152 are the most"),
        (saved(np.ones((0, 10))), saved(B), "holds 0"),
        (npy(W, version=(2, 0)), saved(B), "not a file that np.save has written"),
        (
            npy(W, header="{'descr': '<f4', 'fortran_order': False, 'shape': (10**15, 9), }"),
            saved(B),
            "not a file that np.save has written",
        ),
        (
            npy(W, header="{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 9), }"),
            saved(B),
            "announces 35,999,999,964 bytes",
        ),
        (
            npy(
                W, header="{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (784, 10), }"
            ),
            saved(B),
            "not a file that np.save has written",
        ),
    ],
)
def test_anything_else_is_refused_in_a_sentence(W_file: bytes, b_file: bytes, part: str) -> None:
    assert part in refused(W_file, b_file).text


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("value", "part"),
    [
        (np.nan, "W.npy holds 1 values that are not numbers (first at [3, 4])"),
        (-np.inf, "not numbers"),
        (-3e6, "W.npy holds 3e+06, and 1e+06 is the most"),
    ],
)
def test_numbers_that_cannot_be_weights_are_refused(dtype: Any, value: float, part: str) -> None:
    bad = W.astype(dtype)
    bad[3, 4] = value
    assert part in refused(saved(bad), saved(B)).text


def test_a_number_too_large_for_32_bits_is_refused_without_a_warning() -> None:
    assert "holds 1e+300" in refused(saved(np.full((784, 10), 1e300)), saved(B)).text


@given(st.data())
def test_no_changed_byte_does_more_than_change_a_number(data: st.DataObject) -> None:
    content = bytearray(saved(W[:4]))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UserError):
        params = read_weights(bytes(content), saved(B))
        assert params["W"].shape == (4, 10)
        assert np.abs(params["W"]).max() <= limits.MAX_WEIGHT


@given(st.binary(max_size=300))
def test_no_bytes_are_more_than_refused(content: bytes) -> None:
    refused(content, saved(B))
    refused(b"\x93NUMPY\x01\x00" + content, saved(B))
