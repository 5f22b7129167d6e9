"""A folder with the four IDX files of a data set."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

from softmax_core.data.catalogue import FOLDER_PREFIX
from softmax_core.data.dataset import Bytes, Dataset, DatasetInfo
from softmax_core.data.idx import check_pair, content_sha256, read_images, read_labels
from softmax_core.data.remote import REMOTE_FILES
from softmax_core.errors import UserError

# The published names, and the ones some programs unpack them to.
_NAMES: Final = (
    ("train-images-idx3-ubyte", "train-images.idx3-ubyte"),
    ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte"),
    ("t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"),
    ("t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"),
)


class IdxFiles(NamedTuple):
    """Where the four files of a data set are."""

    train_images: Path
    train_labels: Path
    test_images: Path
    test_labels: Path


def find_idx_files(folder: Path) -> IdxFiles | None:
    """Find the four files, plain or ``.gz``; None if one is missing."""
    found = [_find(folder, names) for names in _NAMES]
    if None in found:
        return None
    return IdxFiles(*(path for path in found if path is not None))


def missing_idx_files(folder: Path) -> list[str]:
    """List the published names of the files that are not in the folder."""
    return [names[0] for names in _NAMES if _find(folder, names) is None]


def file_fingerprint(files: IdxFiles) -> str:
    """Sum up where files are, their sizes and times: a changed file is noticed cheaply."""
    digest = hashlib.sha256()
    for path in files:
        stat = path.stat()
        digest.update(f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return f"files {digest.hexdigest()}"


def published_fingerprint(name: str) -> str:
    """Identify a published data set by its content: wherever it was read from, it is the same."""
    hashes = "|".join(file.sha256 for file in REMOTE_FILES[name])
    return f"published {hashlib.sha256(hashes.encode()).hexdigest()}"


def read_catalogued(files: IdxFiles, info: DatasetInfo) -> Dataset:
    """Read a published data set and check that its content is the published one.

    Raises
    ------
    UserError
        If a file is damaged, or sound but not the published one.
    """
    arrays = _read_four(files)
    for array, path, published in zip(arrays, files, REMOTE_FILES[info.name], strict=True):
        if content_sha256(array) != published.sha256:
            raise UserError(
                "data-not-published",
                f"{path.name} is a sound IDX file, but not the one of {info.title}. Copy or "
                f"download it again, or open the folder as {FOLDER_PREFIX}PATH if these are "
                "pictures of your own. Your data set is unchanged.",
            )
    return _dataset(info, arrays)


def read_own(files: IdxFiles, name: str) -> Dataset:
    """Read a data set of one's own: its description is made from the files.

    Raises
    ------
    UserError
        If a file is damaged, or the four do not belong together.
    """
    arrays = _read_four(files)
    train_images, train_labels, test_images, test_labels = arrays
    if train_images.shape[1:] != test_images.shape[1:]:
        raise UserError(
            "idx-sizes-differ",
            f"The training pictures have {_size(train_images)} pixels and the test pictures "
            f"{_size(test_images)}: they must be of one size. Your data set is unchanged.",
        )
    n_classes = 1 + int(max(train_labels.max(), test_labels.max()))
    check_pair(train_images, train_labels, n_classes)
    check_pair(test_images, test_labels, n_classes)
    return _dataset(_own_info(name, arrays, n_classes), arrays)


def _find(folder: Path, names: tuple[str, ...]) -> Path | None:
    candidates = [folder / (name + ending) for name in names for ending in ("", ".gz")]
    return next((path for path in candidates if path.is_file()), None)


def _read_four(files: IdxFiles) -> list[Bytes]:
    return [
        read_images(files.train_images),
        read_labels(files.train_labels),
        read_images(files.test_images),
        read_labels(files.test_labels),
    ]


def _dataset(info: DatasetInfo, arrays: list[Bytes]) -> Dataset:
    train_images, train_labels, test_images, test_labels = arrays
    return Dataset(
        info,
        train_images.reshape(len(train_images), -1),
        train_labels,
        test_images.reshape(len(test_images), -1),
        test_labels,
    )


def _own_info(name: str, arrays: list[Bytes], n_classes: int) -> DatasetInfo:
    train_images, _, test_images, _ = arrays
    folder = Path(name.removeprefix(FOLDER_PREFIX)).name
    rows, columns = train_images.shape[1:]
    return DatasetInfo(
        name=name,
        title=folder,
        class_names=tuple(str(label) for label in range(n_classes)),
        image_shape=(rows, columns),
        n_train=len(train_images),
        n_test=len(test_images),
        source=f"the folder {folder}",
        licence="your own",
        description=f"Pictures of {rows} x {columns} pixels in {n_classes} classes.",
    )


def _size(images: Bytes) -> str:
    return f"{images.shape[1]} x {images.shape[2]}"
