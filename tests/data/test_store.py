"""The store: prepared once, mapped read-only ever after, repaired when damaged."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from softmax_core.data import places, store
from softmax_core.data.catalogue import DATASETS
from softmax_core.data.idx import write_images, write_labels
from softmax_core.data.prepared import write_prepared
from softmax_core.data.store import (
    Dataset,
    fetch,
    is_available,
    open_dataset,
    open_folder,
    prepare,
    store_notice,
)
from softmax_core.errors import UserError
from tests.data import local_mirror, small_mnist
from tests.data.idx_zoo import make_folder, random_images


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as in a new process, with a cache folder of its own and no SOFTMAX_DATA."""
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setattr(store, "_SHARED", store._Shared())
    return tmp_path / "cache"


def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_SHARED", store._Shared())


def assert_same(one: Dataset, other: Dataset) -> None:
    assert one.info == other.info
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.arrays[name])


def is_mapped(array: np.ndarray) -> bool:
    return isinstance(array.base, np.memmap)


@pytest.mark.parametrize("name", ["mnist-5k", "digits"])
def test_an_embedded_set_opens_without_any_preparation(name: str) -> None:
    dataset = open_dataset(name)
    assert dataset.info is DATASETS[name]
    assert dataset.train_images.shape == (dataset.info.n_train, dataset.info.n_features)
    assert store_notice() is None
    assert is_available(name)


def test_the_second_open_in_a_process_gives_the_same_object() -> None:
    assert open_dataset("digits") is open_dataset("digits")


def test_a_new_process_maps_the_prepared_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = open_dataset("digits")
    new_process(monkeypatch)
    monkeypatch.setattr(places.Source, "read", property(lambda _: pytest.fail("read again")))
    second = open_dataset("digits")
    assert_same(first, second)
    assert all(is_mapped(array) for array in second.arrays.values())


@pytest.mark.parametrize("name", ["train_images", "train_labels", "test_images", "test_labels"])
def test_writing_to_shared_data_raises(name: str) -> None:
    array = open_dataset("digits").arrays[name]
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        array.setflags(write=True)


def test_many_threads_asking_at_once_prepare_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(folder: Path, dataset: Dataset, fingerprint: str) -> None:
        calls.append(folder)
        write_prepared(folder, dataset, fingerprint)

    monkeypatch.setattr(store, "write_prepared", counted)
    with ThreadPoolExecutor(16) as pool:
        opened = list(pool.map(open_dataset, ["digits"] * 64))
    assert len(calls) == 1
    assert all(dataset is opened[0] for dataset in opened)


def test_a_folder_of_ones_own_opens_and_describes_itself(tmp_path: Path) -> None:
    dataset = open_folder(make_folder(tmp_path / "own", n_train=30, n_test=12))
    assert dataset.info.class_names == ("0", "1", "2")
    assert dataset.info.image_shape == (6, 6)
    assert (dataset.info.n_train, dataset.info.n_test) == (30, 12)
    assert dataset.info.title == "own"
    np.testing.assert_array_equal(dataset.train_images, random_images(30).reshape(30, 36))
    assert is_available(dataset.info.name)
    assert is_mapped(dataset.train_images)


def test_the_dotted_file_names_are_found_too(tmp_path: Path) -> None:
    own = make_folder(tmp_path / "own")
    for path in list(own.iterdir()):
        path.rename(own / path.name.replace("-idx", ".idx"))
    assert open_folder(own).info.n_train == 30


def test_a_changed_folder_is_prepared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    own = make_folder(tmp_path / "own", seed=1)
    before = open_folder(own)
    make_folder(own, n_train=33, seed=2)
    new_process(monkeypatch)
    after = open_folder(own)
    assert before.info.n_train == 30
    assert after.info.n_train == 33
    assert len(list(next(cache.iterdir()).glob("*.npy"))) == 4


def test_prepare_notices_a_change_in_the_same_process(tmp_path: Path) -> None:
    own = make_folder(tmp_path / "own", seed=1)
    name = open_folder(own).info.name
    make_folder(own, n_train=33, seed=2)
    assert open_dataset(name).info.n_train == 30
    assert prepare(name).info.n_train == 33
    assert open_dataset(name).info.n_train == 33


def test_prepared_data_outlive_their_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = make_folder(tmp_path / "own")
    before = open_folder(own)
    shutil.rmtree(own)
    new_process(monkeypatch)
    assert_same(before, open_folder(own))


def test_an_incomplete_folder_is_told_what_it_lacks(tmp_path: Path) -> None:
    own = make_folder(tmp_path / "own")
    (own / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(UserError, match=r"own has no t10k-labels-idx1-ubyte \(plain or .gz\)"):
        open_folder(own)


def test_pictures_of_two_sizes_are_refused(tmp_path: Path) -> None:
    own = make_folder(tmp_path / "own")
    write_images(own / "t10k-images-idx3-ubyte.gz", random_images(12, side=7))
    with pytest.raises(UserError, match="6 x 6 pixels and the test pictures 7 x 7"):
        open_folder(own)


def test_a_folder_with_one_class_is_refused(tmp_path: Path) -> None:
    own = make_folder(tmp_path / "own")
    for kind, n in (("train", 30), ("t10k", 12)):
        write_labels(own / f"{kind}-labels-idx1-ubyte", np.zeros(n, np.uint8))
    with pytest.raises(UserError, match="1 classes; a data set here has 2 to 47"):
        open_folder(own)


def test_data_that_are_nowhere_are_answered_with_how_to_get_them() -> None:
    assert not is_available("mnist")
    with pytest.raises(UserError) as caught:
        open_dataset("mnist")
    assert caught.value.code == "data-missing"
    for cure in ("python -m softmax_core fetch mnist", "SOFTMAX_DATA", "mnist-5k"):
        assert cure in caught.value.text


def test_an_unknown_name_is_refused_and_not_available() -> None:
    assert not is_available("nonsense")
    with pytest.raises(UserError, match="There is no data set nonsense"):
        open_dataset("nonsense")


def put_small_mnist(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, content in small_mnist.contents().items():
        (folder / name).write_bytes(content)


def test_published_files_are_found_in_the_folder_of_softmax_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_mnist.publish(monkeypatch)
    put_small_mnist(tmp_path / "data" / "mnist")
    monkeypatch.setenv("SOFTMAX_DATA", str(tmp_path / "data"))
    assert is_available("mnist")
    assert open_dataset("mnist").train_images.shape == (40, 36)


def test_sound_files_that_are_not_the_published_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_mnist.publish(monkeypatch)
    make_folder(tmp_path / "data" / "mnist")
    monkeypatch.setenv("SOFTMAX_DATA", str(tmp_path / "data"))
    with pytest.raises(UserError, match="but not the one of MNIST, 70,000 digits"):
        open_dataset("mnist")


def test_fetched_data_open_at_once_also_where_they_were_missed_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small_mnist.publish(monkeypatch)
    with pytest.raises(UserError):
        open_dataset("mnist")
    with local_mirror.serve() as mirror:
        base = mirror.offers(small_mnist.packed())
        fetched = fetch("mnist", mirrors=(base,))
        assert fetch("mnist", mirrors=(base,)) is not None
        assert sum(mirror.requests.values()) == 4
    assert open_dataset("mnist").train_images.shape == (40, 36)
    assert is_mapped(fetched.train_images)


def test_damage_to_prepared_and_fetched_files_is_repaired_by_fetching(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    small_mnist.publish(monkeypatch)
    with local_mirror.serve() as mirror:
        base = mirror.offers(small_mnist.packed())
        fetch("mnist", mirrors=(base,))
        for path in [*cache.rglob("*.npy"), *cache.rglob("t10k-images*")]:
            path.write_bytes(path.read_bytes()[:-1] + b"!")
        new_process(monkeypatch)
        assert fetch("mnist", mirrors=(base,)).info.n_train == 40
        assert mirror.requests["/t10k-images-idx3-ubyte.gz"] == 2


def test_the_cache_folder_is_the_users_own_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.cache_folder().name == "cache"
    monkeypatch.delenv("SOFTMAX_CACHE")
    assert "softmax-lab" in str(store.cache_folder())


def test_a_cancelled_fetch_leaves_the_store_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    small_mnist.publish(monkeypatch)
    cancel = threading.Event()
    cancel.set()
    with local_mirror.serve() as mirror, pytest.raises(UserError, match="stopped"):
        fetch("mnist", cancel=cancel, mirrors=(mirror.offers(small_mnist.packed()),))
    assert not is_available("mnist")
