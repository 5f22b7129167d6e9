"""Files dropped on the page together, by the names they come with."""

from __future__ import annotations

from typing import Any

import numpy as np

from softmax_core.limits import MAX_UPLOADS
from tests.persist_zoo import META, npy, run_file, vector
from tests.raw_zip import Member
from tests.zoo.case import Case
from tests.zoo.weights import AS_B, AS_W, GOOD_B, GOOD_W

Files = list[tuple[str, bytes]]


def run(**config: Any) -> bytes:
    """A sound run of the small digits, but for these settings."""
    settings = {"dataset": "digits", "network": "softmax", "learning_rate": 0.5, **config}
    return of_digits(META | {"config": settings})


def of_digits(meta: dict[str, Any] | bytes, more: tuple[Member, ...] = ()) -> bytes:
    return run_file(meta, W=np.zeros((64, 10), "<f4"), b=np.zeros(10, "<f4"), more=more)


def one(data: bytes) -> Files:
    return [("run.npz", data)]


MANY = tuple(Member(f"velocity/Abcdefgh{k}.npy", npy(vector())) for k in "abcdefgh")
NAMES, BOTH = "weights-names", "load-both"

TOGETHER: dict[str, Case] = {
    "W.npy and a run": Case([("W.npy", GOOD_W), *one(run())], BOTH, "not both at once"),
    "a picture and b.npy": Case([("seven.png", b"x"), ("b.npy", GOOD_B)], BOTH, "not both"),
    "another name": Case([("theta.npy", GOOD_W), ("b.npy", GOOD_B)], NAMES, "Name the two files"),
    "no name": Case([(".npy", GOOD_W), ("b.npy", GOOD_B)], NAMES, "first letter"),
    "a name of 1 MB": Case([("x" * 2**20 + ".npy", GOOD_W)], NAMES, "Name the two files"),
    "markup for a name": Case([("<img src=x>.npy", GOOD_W)], NAMES, "Name the two files"),
    "a path for a name": Case([("../../W.npy", GOOD_W)], NAMES, "Name the two files"),
    "a name from right to left": Case([("\u202eypn.W.npy", GOOD_W)], NAMES, "Name the two"),
    "another alphabet's W": Case([("\uff37.npy", GOOD_W)], NAMES, "Name the two files"),
    "nine files": Case([*one(run())] * (MAX_UPLOADS + 1), "load-many", "At most 8 new files"),
    "pixels of no data set": Case(
        one(run_file()), "load-shape", "4 pixels in 3 .* 64 pixels in 10"
    ),
    "an unknown data set": Case(one(run(dataset="mnist-6k")), "load-dataset", "not open here"),
    "a folder of the server's": Case(one(run(dataset="folder:/etc")), "load-dataset", "not open"),
    "a folder above": Case(one(run(dataset="folder:../../x")), "load-dataset", "not open here"),
    "somebody's home": Case(one(run(dataset="folder:~root")), "load-dataset", "not open here"),
    "markup for a data set": Case(one(run(dataset="<b>x</b>")), "load-dataset", "not open here"),
    "Markdown for a data set": Case(
        one(run(dataset="![](http://example.org/a.png)")), "load-dataset", "not open here"
    ),
    "a data set without a name": Case(one(run(dataset="")), "load-dataset", "not open here"),
    "a zero byte in a data set": Case(one(run(dataset="folder:\0")), "run-config", "printable"),
    "a line end in a data set": Case(one(run(dataset="digits\n")), "run-config", "printable"),
    "half a letter in a data set": Case(one(run(dataset="\ud800")), "run-config", "printable"),
    "a list for a data set": Case(one(run(dataset=["digits"])), "run-config", "dataset has an"),
    "a setting twice": Case(
        one(of_digits(b'{"format": 1, "format": 1}')), "run-meta", "cannot be read"
    ),
    "a truth for the format": Case(
        one(of_digits(META | {"format": True})), "run-format", "version"
    ),
    "half a format": Case(one(of_digits(META | {"format": 1.0})), "run-format", "version"),
    "minus infinity in the settings": Case(
        one(of_digits(b'{"format": 1, "start_loss": -Infinity}')), "run-meta", "cannot be read"
    ),
    "settings after settings": Case(one(of_digits(b"{} {}")), "run-meta", "cannot be read"),
    "a byte order mark": Case(one(of_digits(b"\xef\xbb\xbf{}")), "run-meta", "cannot be read"),
    "half a sign in the settings": Case(one(of_digits(b'{"\xff": 1}')), "run-meta", "be read"),
    "a beginning that is not there": Case(one(run(init="trained")), "run-config", "trained model"),
    "a drawing of no size": Case(one(run(taught=[[3, ""]])), "run-config", "1 to 4,096 pixels"),
    "a drawing of another size": Case(one(run(taught=[[3, "AAAA"]])), "run-config", "does not fit"),
    "a drawing of class 47": Case(one(run(taught=[[47, "AAAA"]])), "run-config", "class of an"),
    "a drawing of a truth": Case(one(run(taught=[[True, "AAAA"]])), "run-config", "is damaged"),
    "a drawing in other base64": Case(one(run(taught=[[3, "AB=="]])), "run-config", "is damaged"),
    "a drawing of words": Case(one(run(taught=[[3, "a seven"]])), "run-config", "is damaged"),
    "21 drawings": Case(one(run(taught=[[3, "AAAA"]] * 21)), "run-config", "list of at most 20"),
    "drawings that are a word": Case(one(run(taught="seven")), "run-config", "list of at most 20"),
    "ten parts": Case(one(of_digits(META, MANY)), "run-shape", "Abcdefghd of 3, 4 more"),
    "a position beyond its data": Case(
        one(
            of_digits(
                META | {"step": 90_000, "epoch": 1, "position": 1_500, "samples_seen": 95_000}
            )
        ),
        "load-position",
        "",
    ),
}


def all_uploads() -> dict[str, Case]:
    """Every case above, and each of the two weights' files spoilt beside a sound other."""
    together = dict(TOGETHER)
    for name, case in AS_W.items():
        together[f"W.npy: {name}"] = case._replace(data=[("W.npy", case.data), ("b.npy", GOOD_B)])
    for name, case in AS_B.items():
        together[f"b.npy: {name}"] = case._replace(data=[("W.npy", GOOD_W), ("b.npy", case.data)])
    return together
