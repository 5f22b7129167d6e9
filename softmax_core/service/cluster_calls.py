"""The calls a cluster has not answered yet, and which of them wait for a data set."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from softmax_core.data.store import contents, open_dataset
from softmax_core.service.cluster_call import Order, packed_order


@dataclass(eq=False)
class Call:
    """One call on its way.

    Attributes
    ----------
    future : Future
        What was promised for it.
    body : bytes
        Function, arguments and named arguments, packed.
    inner : Future or None
        The cluster's promise; None while it is not sent.
    lends : str
        The data set that goes with it.
    refusals : int
        How often a worker lacked a data set for it.
    told : bool
        Whoever asked for it has heard what became of it.
    """

    future: Future[Any]
    body: bytes
    inner: Future[bytes] | None = None
    lends: str = ""
    refusals: int = 0
    told: bool = False

    def message(self) -> bytes:
        """Return what a worker needs to make the call.

        Raises
        ------
        UserError
            When the data set that a worker lacks cannot be had on the server either.
        """
        lent = open_dataset(self.lends) if self.lends else None
        return packed_order(Order(self.body, contents(), lent))

    def tell(self, value: Any = None, error: BaseException | None = None) -> None:
        """Keep the promise, unless whoever asked has cancelled it."""
        if self.told:
            return
        self.told = True
        if not self.future.set_running_or_notify_cancel():
            return
        if error is None:
            self.future.set_result(value)
        else:
            self.future.set_exception(error)


class Lending:
    """Which data sets are on their way to a worker, and who waits until they are there.

    One call at a time takes a data set along: ten students who begin together would else have
    it sent ten times.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[Call]] = {}

    def must_wait(self, call: Call, name: str) -> bool:
        """Have a call take a data set along, or wait for the one that does."""
        if name in self._waiting:
            self._waiting[name].append(call)
            return True
        self._waiting[name] = []
        call.lends = name
        return False

    def waits(self, call: Call) -> bool:
        """Tell whether a call waits for one that takes its data set along."""
        return any(call in waiting for waiting in self._waiting.values())

    def arrived(self, call: Call) -> Iterable[Call]:
        """Note that a call has come back; return those that waited for what it took along."""
        name, call.lends = call.lends, ""
        return self._waiting.pop(name, []) if name else []

    def forget(self) -> None:
        """Nothing is on its way any more."""
        self._waiting.clear()
