"""The catalogue: names, sizes, and what it says about an unknown name."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from softmax_core.data.catalogue import DATASETS, dataset_info
from softmax_core.data.remote import MIRRORS, REMOTE_FILES
from softmax_core.errors import UserError
from softmax_core.limits import MAX_CLASSES, MAX_IMAGE_SIDE, MAX_SAMPLES


def test_every_data_set_is_within_the_limits() -> None:
    own = ["mnist-5k", "mnist", "fashion-mnist", "digits"]
    derived = ["mnist-5k-upright", "mnist-upright", "mnist-unusual"]
    assert list(DATASETS) == [*own, *derived, "blobs"]
    for name, info in DATASETS.items():
        assert dataset_info(name) is info
        assert info.name == name
        assert 2 <= info.n_classes <= MAX_CLASSES
        assert max(info.image_shape) <= MAX_IMAGE_SIDE
        assert info.n_train <= MAX_SAMPLES
        assert info.n_features == info.image_shape[0] * info.image_shape[1]
        assert info.source
        assert info.licence


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(UserError) as caught:
        dataset_info("imagenet")
    assert caught.value.code == "data-unknown"
    assert all(name in caught.value.text for name in ("imagenet", *DATASETS))


def test_a_hostile_name_is_not_repeated() -> None:
    with pytest.raises(UserError) as caught:
        dataset_info("<b>" * 50)
    assert "<b>" not in caught.value.text


def test_addresses_are_https_but_for_the_one_host_that_speaks_only_http() -> None:
    addresses = [address for mirrors in MIRRORS.values() for address in mirrors]
    assert all(address.endswith("/") for address in addresses)
    plain = [a for a in addresses if urlsplit(a).scheme != "https"]
    assert plain == ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]


def test_the_announced_sizes_are_those_of_the_headers_and_pixels() -> None:
    for name, files in REMOTE_FILES.items():
        info = DATASETS[name]
        assert files[0].n_bytes == 16 + info.n_train * info.n_features
        assert files[3].n_bytes == 8 + info.n_test
        assert all(len(file.sha256) == 64 for file in files)
