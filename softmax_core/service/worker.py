"""A worker process: reads pickled calls from standard input, answers on standard output.

Started by ``workers.WorkerPool`` as ``python -m softmax_core.service.worker``. It ends by
itself when its input closes, so no worker outlives the server, however that ended.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any, Final

from softmax_core.service.messages import read_message, write_message

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

_NICENESS: Final = 10


def _answer(call: Call) -> tuple[bool, object]:
    function, args, kwargs = call
    try:
        return True, function(*args, **kwargs)
    except Exception as error:
        return False, error


def main() -> None:
    """Serve calls until the input closes."""
    if hasattr(signal, "SIGINT"):
        # Ctrl-C reaches the whole group; the server decides when we end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)  # the web server comes first
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break the stream
    while True:
        try:
            call = read_message(sys.stdin.buffer)
        except EOFError:
            return
        answer = _answer(call)
        try:
            write_message(answers, answer)
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main()
