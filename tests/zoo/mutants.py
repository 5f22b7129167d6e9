"""Bad input by the ten thousand: sound input, spoilt at random, from a number that repeats it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import hypothesis
from hypothesis import strategies as st

from softmax_core.errors import UserError
from tests.zoo.case import assert_clear

BATCH = 50  # inputs from each number that Hypothesis draws: drawing takes longer than reading
CASES = 10_000

EDGES = (b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x80\0\0\0")
NASTY = (
    *(
        "nan",
        "inf",
        "-1",
        "1e999",
        "0x10",
        "1_0",
        "9" * 40,
        "\0",
        "\n",
        " ",
        "+",
        "%",
        "&",
        "=",
        ",",
    ),
    *("\u0661", "\uff11", "\u202e", "\ufffd", "\ud800", "<script>", "![](x)", "../", "e", ".", "-"),
)


def spoilt(rng: Random, sound: Sequence[bytes]) -> bytes:
    """Spoil one of several sound inputs in one to four places."""
    data = bytearray(rng.choice(sound))
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        _spoil(rng, data, sound)
    return bytes(data)


def _spoil(rng: Random, data: bytearray, sound: Sequence[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    length = min(rng.choice((1, 1, 2, 4, 16, 200)), len(data) - at)
    kind = rng.randrange(8)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << rng.randrange(8)
    elif kind == 1 and at < len(data):
        data[at] = rng.randrange(256)
    elif kind == 2:
        del data[at : at + length]
    elif kind == 3:
        data[at:at] = rng.randbytes(rng.randrange(1, 9))
    elif kind == 4:
        data[at:at] = data[at : at + length]
    elif kind == 5:
        del data[at:]
    elif kind == 6:
        edge = rng.choice(EDGES)
        data[at : at + len(edge)] = edge
    else:
        other = rng.choice(sound)
        place = rng.randrange(len(other) + 1)
        data[at : at + length] = other[place : place + length]


def spoilt_text(rng: Random, sound: Sequence[str]) -> str:
    """Spoil a text in one to three places, with what parsers are known to stumble over."""
    text = rng.choice(sound)
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(text) + 1)
        end = min(at + rng.choice((0, 0, 1, 3, 20)), len(text))
        text = text[:at] + rng.choice((*NASTY, "", chr(rng.randrange(1, 0x3000)))) + text[end:]
    return text


def hold(
    make: Callable[[Random], Any],
    read: Callable[[Any], object],
    *,
    kept: bool = True,
    cases: int = CASES,
    repeatable: bool = True,
) -> int:
    """Read inputs that are made at random; each is read or refused in a sentence.

    Parameters
    ----------
    make : callable
        Makes an input with a generator of random numbers.
    read : callable
        Reads it, and asserts that what comes out is sound.
    kept : bool
        As in ``assert_clear``.
    cases : int
    repeatable : bool
        Whether the same inputs are made each time.

    Returns
    -------
    int
        How many were refused.
    """
    made = refused = 0

    @hypothesis.settings(
        max_examples=cases // BATCH,
        derandomize=repeatable,
        database=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],  # a batch is many readings
    )
    @hypothesis.given(st.integers(0, 2**64 - 1))
    def holds(seed: int) -> None:
        nonlocal made, refused
        rng = Random(seed)
        for _ in range(BATCH):
            given = make(rng)
            made += 1
            try:
                read(given)
            except UserError as refusal:
                refused += 1
                assert_clear(refusal.text, "", kept=kept)
            except BaseException as fault:
                fault.add_note(f"seed {seed}: {given!r:.2000}")
                raise

    holds()
    assert made >= cases
    return refused
