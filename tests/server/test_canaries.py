"""Nobody is ever sent what is another's: marks in everything, and every byte looked through."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.serve import App
from tests.server.canary import KINDS, Canary, Ledger

Students = Callable[[Coroutine[Any, Any, None]], None]


async def _class(url: str, ledger: Ledger, n_students: int, n_messages: int) -> None:
    async def one(number: int) -> None:
        canary = Canary(url, number, ledger, random.Random(number))
        await canary.begin()
        for _ in range(3):
            await canary.act()
        while ledger.n_messages < n_messages:
            await canary.act()
        await canary.end()

    async with asyncio.TaskGroup() as tasks:
        for number in range(n_students):
            tasks.create_task(one(0xA1B20000 + number))


def _check(ledger: Ledger, n_messages: int) -> None:
    assert not ledger.foreign
    assert ledger.n_messages >= n_messages
    # Every kind was seen by its owner, so a foreign one would have been; names of files are told
    # to nobody.
    assert set(ledger.own) == set(KINDS.values()) - {"file"}


def test_six_students_see_nothing_of_each_other(app: App, students: Students) -> None:
    ledger = Ledger()
    students(_class(app.url, ledger, 6, 3_000))
    _check(ledger, 3_000)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_hundred_students_see_nothing_of_each_other(app: App, students: Students) -> None:
    ledger, began = Ledger(), time.monotonic()
    students(_class(app.url, ledger, 100, 100_000))
    seconds = time.monotonic() - began
    print(  # noqa: T201  # what docs/security.md reports
        f"{ledger.n_messages:,} messages, {ledger.n_bytes / 2**20:,.0f} MB, {dict(ledger.own)}, "
        f"{len(ledger.foreign)} foreign, {ledger.n_given_up} given up, "
        f"{app.log().count('page error')} page errors, {seconds:.0f} s"
    )
    _check(ledger, 100_000)


def test_the_ledger_finds_what_is_in_wrong_hands() -> None:
    ledger = Ledger()
    ledger.belongs("0123456789abcdef" * 2, 1)
    ledger.hear(2, b"...canaryk00000001...")
    ledger.hear(2, b"/lab/frame?t=" + b"0123456789abcdef" * 2)
    ledger.hear(1, b'{"digit":"AAAA"}')
    ledger.hear(2, b'{"digit":"AAAA"}')
    assert len(ledger.foreign) == 3
