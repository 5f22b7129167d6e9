"""What holds up all that run at once, said where each of them says what it has to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from softmax_core.service.session import Status


class Party(Protocol):
    """A session, a race or a sweep."""

    status: Status
    message: str

    def changed(self) -> None:
        """Note that there is something new to show."""


def tell_trouble(parties: Iterable[Party], trouble: str) -> None:
    """Have whatever runs say it; an empty text takes it back."""
    for party in parties:
        if party.status is Status.RUNNING and party.message != trouble:
            party.message = trouble
            party.changed()
