"""The data every benchmark uses: MNIST, prepared in a folder that is removed afterwards."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from softmax_core.data.store import Dataset, open_dataset
from softmax_core.errors import UserError

_NO_DATA = (
    "This benchmark needs MNIST: set SOFTMAX_DATA to a folder that holds mnist/ with its four "
    "IDX files."
)


@contextmanager
def mnist() -> Iterator[Dataset]:
    """Open MNIST, for child processes too; end with status 2 where there is none."""
    with tempfile.TemporaryDirectory(prefix="softmax-lab-", ignore_cleanup_errors=True) as folder:
        os.environ["SOFTMAX_CACHE"] = folder
        try:
            dataset = open_dataset("mnist")
        except UserError:
            print(_NO_DATA, file=sys.stderr)
            raise SystemExit(2) from None
        yield dataset
