"""One bad input of the zoo, and what every refusal's sentence is held to."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

LONGEST = 300  # characters of a sentence
KEPT = re.compile(
    r"[Nn]othing was (changed|lost)|data set is unchanged|drawing is (still here|kept)"
    r"|training goes on with|are kept|is used|are used|is as it was",
    re.IGNORECASE,
)
NEVER = ("Traceback", "site-packages", "/tmp/", "/root", "/work", "/home/", "errno")
MARKUP = re.compile(r"<[A-Za-z/!]")


class Case(NamedTuple):
    """A bad input, the code of its refusal, and a pattern that its sentence matches."""

    data: Any
    code: str
    words: str


def assert_clear(text: str, words: str, *, kept: bool = True) -> None:
    """Hold a sentence to what all of them promise.

    Parameters
    ----------
    text : str
    words : str
        A pattern of what it must say, numbers included.
    kept : bool
        Whether it must end with what is kept.
    """
    assert re.search(words, text), text
    assert text.isprintable(), repr(text)
    assert 20 <= len(text) <= LONGEST, (len(text), text)
    assert text.endswith((".", "?")), text
    assert not any(part in text for part in NEVER), text
    assert not MARKUP.search(text), text
    if kept:
        assert KEPT.search(text.rsplit(".", 3)[-2] + text[-160:]), text
