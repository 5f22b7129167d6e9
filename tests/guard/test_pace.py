"""How long what comes too fast has to wait."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.guard.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_taken_at_once_and_then_twenty_a_second() -> None:
    clock = Clock()
    pace = Pace(20, 60, clock)
    assert [pace.wait() for _ in range(60)] == [0.0] * 60
    for _ in range(100):
        wait = pace.wait()
        assert abs(wait - 0.05) < 1e-9
        clock.now += wait
    clock.now += 1000
    assert [pace.wait() for _ in range(60)] == [0.0] * 60  # a long rest earns no more
    assert pace.wait() > 0


@given(st.lists(st.floats(0, 2), min_size=1, max_size=300))
def test_never_more_passes_than_the_burst_and_the_rate_allow(pauses: list[float]) -> None:
    clock = Clock()
    pace = Pace(20, 60, clock)
    passed = []
    for pause in pauses:
        clock.now += pause
        clock.now += pace.wait()
        passed.append(clock.now)
    for i, start in enumerate(passed):
        for j in range(i, len(passed)):
            assert j - i + 1 <= 60 + 20 * (passed[j] - start) + 1 + 1e-6
