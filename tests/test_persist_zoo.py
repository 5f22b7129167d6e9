"""Files that are no sound runs: each is refused with a sentence, at once and in little memory."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from softmax_core.errors import UserError
from softmax_core.persist import SavedRun, read_run, write_run
from softmax_core.training.start import build_network
from tests.persist_zoo import META, ZOO, matrix, meta, npy, run_file, setting, vector
from tests.raw_zip import Member

SECONDS = 0.5  # of this process's own time: other tests may run beside
BYTES = 16 * 2**20


def test_the_sound_file_the_zoo_is_made_from_is_read() -> None:
    saved = read_run(run_file())
    np.testing.assert_array_equal(saved.state.params["W"], matrix())
    assert saved.config.learning_rate == 0.5
    assert saved.config.batch_size == 128  # a setting that came later has its default


@pytest.mark.parametrize("name", ZOO)
def test_a_file_that_is_no_sound_run_is_refused_at_once_with_a_sentence(name: str) -> None:
    data, code, pattern = ZOO[name]
    began = time.process_time()
    with pytest.raises(UserError, match=pattern) as refusal:
        read_run(data)
    assert time.process_time() - began < SECONDS
    assert refusal.value.code == code
    text = refusal.value.text
    assert text.endswith("Nothing was changed.")
    assert text.isprintable()
    assert len(text) < 400
    assert "<img" not in text


def test_no_refusal_takes_much_memory() -> None:
    tracemalloc.start()
    try:
        for data, _, _ in ZOO.values():
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            with pytest.raises(UserError):
                read_run(data)
            assert tracemalloc.get_traced_memory()[1] - before < BYTES
    finally:
        tracemalloc.stop()


SOUND = run_file()
SOUND_WITH_MOMENTUM = run_file(
    more=[Member("velocity/W.npy", npy(matrix())), Member("velocity/b.npy", npy(vector()))]
)


def outcome(data: bytes) -> SavedRun | None:
    """Read a file that may be spoilt; whatever is believed must be sound."""
    try:
        saved = read_run(data)
    except UserError:
        return None
    network = build_network(saved.config, saved.n_features, saved.n_classes)
    for group in (saved.state.params, saved.state.velocity):
        assert not group or {n: a.shape for n, a in group.items()} == network.parameter_shapes()
        assert all(np.isfinite(array).all() for array in group.values())
    assert write_run(saved.config, saved.state)
    return saved


def test_a_file_cut_short_anywhere_is_refused() -> None:
    for length in range(len(SOUND)):
        assert outcome(SOUND[:length]) is None


def test_a_file_with_its_beginning_missing_is_refused() -> None:
    for start in range(1, len(SOUND)):
        assert outcome(SOUND[start:]) is None


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
def test_a_changed_byte_is_refused_or_means_nothing(mask: int) -> None:
    content = write_run(*run_and_settings(SOUND))
    for place in range(len(SOUND)):
        data = bytearray(SOUND)
        data[place] ^= mask
        saved = outcome(bytes(data))
        if saved is not None:  # a date, or one of the fields that nobody reads
            assert write_run(saved.config, saved.state) == content


def run_and_settings(data: bytes) -> tuple[Any, Any]:
    saved = read_run(data)
    return saved.config, saved.state


places = st.integers(0, len(SOUND_WITH_MOMENTUM) - 1)


@settings(max_examples=300)
@given(
    changes=st.lists(st.tuples(places, st.integers(0, 255)), max_size=6),
    cut=st.tuples(places, st.integers(0, 40)),
    inserted=st.binary(max_size=20),
)
@example(changes=[], cut=(0, 0), inserted=b"")
def test_random_damage_never_raises_anything_but_a_refusal(
    changes: list[tuple[int, int]], cut: tuple[int, int], inserted: bytes
) -> None:
    data = bytearray(SOUND_WITH_MOMENTUM)
    for place, value in changes:
        data[place] = value
    start, length = cut
    data[start : start + length] = inserted
    outcome(bytes(data))


@settings(max_examples=200)
@given(data=st.binary(max_size=300))
def test_arbitrary_bytes_never_raise_anything_but_a_refusal(data: bytes) -> None:
    assert outcome(data) is None
    assert outcome(b"PK\x03\x04" + data) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)


@settings(max_examples=300)
@given(data=st.data(), value=json_values)
def test_any_value_for_a_count_or_a_setting_is_refused_or_possible(
    data: st.DataObject, value: Any
) -> None:
    key = data.draw(st.sampled_from([*META, *META["config"]]))
    outcome(setting(**{key: value}) if key in META["config"] else meta(**{key: value}))


@settings(max_examples=300)
@given(place=st.integers(0, 200), inserted=st.binary(max_size=4), length=st.integers(0, 4))
def test_any_damage_to_an_array_under_a_good_checksum_is_refused_or_possible(
    place: int, inserted: bytes, length: int
) -> None:
    body = bytearray(npy(matrix()))
    body[place : place + length] = inserted
    outcome(run_file(W=bytes(body)))
