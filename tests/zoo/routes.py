"""What could be asked of the live view's routes that no page of ours asks."""

from __future__ import annotations

from typing import Any, NamedTuple

from softmax_core.limits import INK_SIDE, MAX_PICTURES_FETCHED

INK = INK_SIDE**2


class Asked(NamedTuple):
    """A request with a good token; what is answered, and a pattern of the sentence."""

    route: str  # its path under /lab, with DELETE before it where that is the method
    query: dict[str, Any]
    status: int
    words: str = ""
    body: bytes = b""


def ink(n_bytes: int, words: str) -> Asked:
    return Asked("ink", {}, 400, words, bytes(n_bytes))


def nudge(words: str = "plain numbers", **value: str) -> Asked:
    return Asked("why", {"section": "nudge", **value}, 400, words)


PICTURE, PICTURES, STEP = ("no such test picture", "no such test pictures", "no such step")
NOT_KEPT, NOT_MADE, A_CLASS = ("not kept any more", "has not been made", "0 to 9")
MANY = ",".join(["1"] * (MAX_PICTURES_FETCHED + 1))

REFUSED: dict[str, Asked] = {
    # A drawing
    "no drawing": ink(0, r"A drawing has 3,136 bytes, and 0 were sent\. Nothing was changed"),
    "a byte of a drawing": ink(1, "and 1 were sent"),
    "a byte less than a drawing": ink(INK - 1, "and 3,135 were sent"),
    "a byte more than a drawing": ink(INK + 1, "and more were sent"),
    "two drawings": ink(2 * INK, "and more were sent"),
    "10 MB for a drawing": ink(10 * 2**20, "and more were sent"),
    # A test picture
    "no number": Asked("picture", {}, 400, PICTURE),
    "an empty number": Asked("picture", {"i": ""}, 400, PICTURE),
    "a picture beyond the last": Asked("picture", {"i": "360"}, 400, PICTURE),
    "a negative picture": Asked("picture", {"i": "-1"}, 400, PICTURE),
    "half a picture": Asked("picture", {"i": "1.5"}, 400, PICTURE),
    "a picture in powers": Asked("picture", {"i": "1e2"}, 400, PICTURE),
    "other digits": Asked("picture", {"i": "\u0663"}, 400, PICTURE),
    "wide digits": Asked("picture", {"i": "\uff13"}, 400, PICTURE),
    "digits above the line": Asked("picture", {"i": "\u00b3"}, 400, PICTURE),
    "a blank before it": Asked("picture", {"i": " 3"}, 400, PICTURE),
    "a line end": Asked("picture", {"i": "3\n"}, 400, PICTURE),
    "an underscore": Asked("picture", {"i": "1_0"}, 400, PICTURE),
    "a plus": Asked("picture", {"i": "+3"}, 400, PICTURE),
    "hexadecimal": Asked("picture", {"i": "0x3"}, 400, PICTURE),
    "16 digits": Asked("picture", {"i": "0" * 15 + "3"}, 400, PICTURE),
    "1,500 digits": Asked("picture", {"i": "9" * 1_500}, 400, PICTURE),
    "not a number": Asked("picture", {"i": "nan"}, 400, PICTURE),
    "a zero byte": Asked("picture", {"i": "3\0"}, 400, PICTURE),
    # Test pictures
    "no pictures": Asked("test-pictures", {}, 400, PICTURES),
    "65 pictures": Asked("test-pictures", {"i": MANY}, 400, PICTURES),
    "nothing between commas": Asked("test-pictures", {"i": "1,,2"}, 400, PICTURES),
    "a picture that is not there": Asked("test-pictures", {"i": "1,360"}, 400, PICTURES),
    "a semicolon": Asked("test-pictures", {"i": "1;2"}, 400, PICTURES),
    "a path": Asked("test-pictures", {"i": "../1"}, 400, PICTURES),
    # A step
    "an empty step": Asked("look", {"s": ""}, 400, STEP),
    "a negative step": Asked("look", {"s": "-3"}, 400, STEP),
    "a step of words": Asked("look", {"s": "<b>"}, 400, STEP),
    "a step of infinity": Asked("look", {"s": "inf"}, 400, STEP),
    "going on from nowhere": Asked("go-on", {}, 409, NOT_KEPT),
    "going on from the future": Asked("go-on", {"s": "999"}, 409, NOT_KEPT),
    "going on from words": Asked("go-on", {"s": "x"}, 409, NOT_KEPT),
    "going on from 15 digits": Asked("go-on", {"s": "9" * 15}, 409, NOT_KEPT),
    "no batch": Asked("batch", {}, 409, NOT_MADE),
    "the batch of no step": Asked("batch", {"s": "0"}, 409, NOT_MADE),
    "a batch of the future": Asked("batch", {"s": "6"}, 409, "Step 6 .* at step 5"),
    "a batch of 15 digits": Asked("batch", {"s": "9" * 15}, 409, "999,999,999,999,999"),
    # Why?
    "no section": Asked("why", {}, 400, "no such section"),
    "another section": Asked("why", {"section": "secrets"}, 400, "no such section"),
    "markup for a section": Asked("why", {"section": "<script>"}, 400, "no such section"),
    "a section of 1,500 letters": Asked("why", {"section": "x" * 1_500}, 400, "no such section"),
    "slid by nothing": nudge(down=""),
    "slid by no number": nudge(down="nan"),
    "slid by infinity": nudge(right="-inf"),
    "slid by 1e309": nudge(down="1e309"),
    "slid by an underscore": nudge(down="1_0"),
    "slid by other digits": nudge(down="\u0661"),
    "slid by a comma": nudge(down="1,5"),
    "slid by a blank": nudge(down="1 "),
    "slid by 1,500 digits": nudge(down="1" * 1_500),
    "slid too far": nudge("down goes from -64 to 64; 65 was", down="65"),
    "slid by 1e99": nudge("right goes from -64 to 64", right="1e99"),
    "shrunk to nothing": nudge("scale goes from 0.25 to 4; 0 was", scale="0"),
    "grown too far": nudge("scale goes from 0.25 to 4; 4.01", scale="4.01"),
    "too thick": nudge("thickness goes from -4 to 4", thickness="4.5"),
    "turned too far": nudge("tilt goes from -180 to 180", tilt="-181"),
    "measured by words": Asked(
        "why/accuracy", {"section": "nudge", "tilt": "x"}, 400, "plain numbers"
    ),
    "measured in no section": Asked("why/accuracy", {}, 400, "no such section"),
    "another picture to keep": Asked(
        "why/picture", {"section": "nudge", "picture": "seven"}, 400, "no such picture"
    ),
    "a path to keep": Asked(
        "why/picture", {"section": "nudge", "picture": "../../etc"}, 400, "no such picture"
    ),
    "a header to keep": Asked(
        "why/picture",
        {"section": "nudge", "picture": 'x"\r\nSet-Cookie: a=b'},
        400,
        "no such picture",
    ),
    # Operate
    "nothing to erase": Asked("why/erase", {"k": "1"}, 400, "64 bytes, and 0 were sent"),
    "a byte less to erase": Asked("why/erase", {"k": "1"}, 400, "and 63 were sent", bytes(63)),
    "a byte more to erase": Asked("why/erase", {"k": "1"}, 400, "more were sent", bytes(65)),
    "10 MB to erase": Asked("why/erase", {"k": "1"}, 400, "more were sent", bytes(10 * 2**20)),
    "erased of no class": Asked("why/erase", {}, 400, A_CLASS, bytes(64)),
    "erased of class 10": Asked("why/erase", {"k": "10"}, 400, A_CLASS, bytes(64)),
    "erased of class -1": Asked("why/erase", {"k": "-1"}, 400, A_CLASS, bytes(64)),
    "erased of 15 digits": Asked("why/erase", {"k": "9" * 15}, 400, A_CLASS, bytes(64)),
    "erased in other digits": Asked("why/erase", {"k": "\u0663"}, 400, A_CLASS, bytes(64)),
    "nothing to swap": Asked("why/swap", {}, 400, "classes"),
    "one class to swap": Asked("why/swap", {"a": "1"}, 400, A_CLASS),
    "a class with itself": Asked("why/swap", {"a": "1", "b": "1"}, 400, "[Tt]wo different classes"),
    "a class with class 10": Asked("why/swap", {"a": "1", "b": "10"}, 400, A_CLASS),
    "a class with words": Asked("why/swap", {"a": "1", "b": "two"}, 400, A_CLASS),
}

# What is passed over: the answer is that to a question without it.
PASSED_OVER: dict[str, Asked] = {
    "a frame of words": Asked("frame", {"v": "x", "g": "y", "s": "z"}, 200),
    "a frame of 15 digits": Asked("frame", {"v": "9" * 15, "g": "9" * 15, "s": "9" * 15}, 200),
    "a frame of negative steps": Asked("frame", {"v": "-1", "g": "-1", "s": "-1"}, 200),
    "a frame of infinity": Asked("frame", {"g": "inf", "s": "nan"}, 200),
    "a frame of other digits": Asked("frame", {"s": "\u0663"}, 200),
    "a cell of words": Asked("judged", {"cell": "a.b"}, 200),
    "a cell of three": Asked("judged", {"cell": "1.2.3"}, 200),
    "a cell beyond all": Asked("judged", {"cell": "99.99"}, 200),
    "a cell of 1,500 letters": Asked("judged", {"cell": "x" * 1_500}, 200),
    "no pictures of a cell": Asked("judged", {"n": "-5"}, 200),
    "10^14 pictures of a cell": Asked("judged", {"n": "9" * 15}, 200),
    "a tag of words": Asked("judged", {"e": "<b>"}, 200),
    "a step of 15 digits": Asked("look", {"s": "9" * 15}, 204),
    "a class that is not there": Asked("why", {"section": "evidence", "k": "999"}, 200),
    "a class of words": Asked("why", {"section": "evidence", "k": "<b>"}, 200),
    "classes of other digits": Asked(
        "why", {"section": "contrast", "a": "\u0663", "b": "\u0664"}, 200
    ),
    "unknown names": Asked("kept", {"x": "<script>", "__class__": "1"}, 200),
    "nothing to cancel": Asked("DELETE film", {"s": "x"}, 204),
}

# Tokens of no run; each is asked of every route.
TOKENS: dict[str, str] = {
    "none": "",
    "a word": "nobody",
    "zeros": "0" * 32,
    "zeros by the thousand": "0" * 1_500,
    "a million letters": "x" * 10**6,
    "markup": "<script>alert(1)</script>",
    "a path": "../../../etc/passwd",
    "a zero byte": "\0" * 32,
    "another alphabet": "\u0661" * 32,
    "a query in it": "a&t=b",
}
