"""Fetch the IDX files of a data set from its mirrors, checked, and stoppable at any time.

pooch does what it is good at: a temporary file beside the target, the hash, the
move into place, and leaving alone what is already there and sound. What it has no
means for is done in the downloader it calls here: unpacking on the way (so that
the hash is that of the content, which every mirror shares), stopping, and limits.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from softmax_core.atomic import remove_stale, why_not_stored
from softmax_core.data.body import Body, MirrorFailedError, open_url
from softmax_core.data.catalogue import dataset_info
from softmax_core.data.gunzip import BadGzipError, Gunzip
from softmax_core.data.remote import MIRRORS, REMOTE_FILES, RemoteFile
from softmax_core.errors import UserError

Progress = Callable[[int, int], None]  # (bytes done, bytes in all), of unpacked content

_CHUNK: Final = 64 * 1024
_POOCHS_OWN: Final = "tmp????????"  # what pooch calls a file that is on its way
_PACKING: Final = 64 * 1024  # packed bytes allowed beyond the size of the content


def download(
    name: str,
    folder: Path,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    mirrors: tuple[str, ...] | None = None,
) -> None:
    """Bring the four IDX files of a data set, unpacked, into a folder.

    Parameters
    ----------
    name : str
        A name in `softmax_core.data.remote.REMOTE_FILES`.
    folder : Path
        Made if need be. Files already there and sound are kept.
    progress : callable, optional
        ``progress(bytes_done, bytes_total)``, called often.
    cancel : threading.Event, optional
        Set it from anywhere to stop; noticed at the next piece that arrives, and
        after `softmax_core.limits.READ_SECONDS` at the latest.
    mirrors : tuple of str, optional
        Base addresses ending in ``/``, tried in order for every file.

    Raises
    ------
    UserError
        If no mirror could give a file, if it was cancelled, or if the folder
        cannot be written. Files that arrived whole stay for the next time.
    """
    remove_stale(folder, _POOCHS_OWN)
    watch = _Watch(progress, sum(file.n_bytes for file in REMOTE_FILES[name]), cancel)
    for file in REMOTE_FILES[name]:
        try:
            _fetch(name, file, folder, mirrors or MIRRORS[name], watch)
        except OSError as fault:  # not the network's: those have become MirrorFailedError
            raise UserError(
                "cache-unwritable",
                f"{dataset_info(name).title} cannot be stored on this computer "
                f"({why_not_stored(fault)}): make room, or name another folder in the environment "
                "variable SOFTMAX_CACHE. The embedded set mnist-5k works without.",
            ) from fault
        watch.finish(file)


class _Watch:
    """Reports how far a download is, and holds the wish to stop it."""

    def __init__(
        self, progress: Progress | None, total: int, cancel: threading.Event | None
    ) -> None:
        self._progress = progress
        self._total = total
        self._finished = 0
        self.cancel = cancel or threading.Event()

    def report(self, n_bytes: int) -> None:
        """Report `n_bytes` of the file now on its way."""
        if self._progress is not None:
            self._progress(self._finished + n_bytes, self._total)

    def finish(self, file: RemoteFile) -> None:
        self.report(file.n_bytes)
        self._finished += file.n_bytes


def _fetch(
    name: str, file: RemoteFile, folder: Path, mirrors: tuple[str, ...], watch: _Watch
) -> None:
    """Try the mirrors in order until one gives the file."""
    import pooch  # lazily: it takes a tenth of a second and is rarely needed

    pooch.get_logger().setLevel(logging.WARNING)  # the page and the terminal report progress
    failures = []
    for mirror in mirrors:
        try:
            pooch.retrieve(
                url=f"{mirror}{file.name}.gz",
                known_hash=f"sha256:{file.sha256}",
                fname=file.name,
                path=folder,
                downloader=_Downloader(file, watch),
            )
        except MirrorFailedError as failure:
            failures.append(f"{_host(mirror)} {failure}")
        except UserError:  # cancelled; it is a ValueError too
            raise
        except ValueError:  # pooch's word for a wrong hash
            failures.append(f"{_host(mirror)} sent other content than the published one")
        else:
            return
    raise UserError(
        "fetch-failed",
        f"{dataset_info(name).title} could not be downloaded: {'; '.join(failures)}. Try again "
        "later, or copy the four IDX files into a folder named by SOFTMAX_DATA. The embedded "
        "sets mnist-5k and digits work without a network.",
    )


class _Downloader:
    """What pooch calls to bring one file: unpacked on the way, and never too long."""

    def __init__(self, file: RemoteFile, watch: _Watch) -> None:
        self._file = file
        self._watch = watch

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        with open_url(url) as raw, Path(output_file).open("wb") as output:
            body = Body(raw, self._file.n_bytes + _PACKING, self._watch.cancel)
            unpacked = Gunzip(body.read)
            try:
                while piece := unpacked.read(_CHUNK):
                    self._check_size(unpacked.position, at_end=False)
                    output.write(piece)
                    self._watch.report(unpacked.position)
            except BadGzipError as fault:
                raise MirrorFailedError(body.explain(fault.reason)) from fault
            self._check_size(unpacked.position, at_end=True)

    def _check_size(self, position: int, *, at_end: bool) -> None:
        expected = self._file.n_bytes
        if position > expected or (at_end and position < expected):
            raise MirrorFailedError(f"sent {position:,} bytes instead of {expected:,}")


def _host(mirror: str) -> str:
    return urlsplit(mirror).hostname or mirror
