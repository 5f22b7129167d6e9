"""Where MNIST and Fashion-MNIST are published, and what must arrive."""

from __future__ import annotations

from typing import Final, NamedTuple


class RemoteFile(NamedTuple):
    """One IDX file: published as ``name + ".gz"``, checked as it is unpacked.

    A mirror may pack the same content anew, so only the content has a hash.
    """

    name: str
    n_bytes: int
    sha256: str


def _four_files(hashes: tuple[str, str, str, str]) -> tuple[RemoteFile, ...]:
    """Name the files of a set of 60,000 + 10,000 pictures of 28 x 28."""
    return (
        RemoteFile("train-images-idx3-ubyte", 16 + 60_000 * 28 * 28, hashes[0]),
        RemoteFile("train-labels-idx1-ubyte", 8 + 60_000, hashes[1]),
        RemoteFile("t10k-images-idx3-ubyte", 16 + 10_000 * 28 * 28, hashes[2]),
        RemoteFile("t10k-labels-idx1-ubyte", 8 + 10_000, hashes[3]),
    )


REMOTE_FILES: Final[dict[str, tuple[RemoteFile, ...]]] = {
    "mnist": _four_files(
        (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        )
    ),
    "fashion-mnist": _four_files(
        (
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        )
    ),
}

# Tried in this order. Fashion-MNIST's own home speaks http only; the hash makes
# that safe.
MIRRORS: Final[dict[str, tuple[str, ...]]] = {
    "mnist": (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    "fashion-mnist": (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
}
