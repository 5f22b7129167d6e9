"""How many bad inputs were made by hand, over all parsers."""

from __future__ import annotations

from tests.persist_zoo import ZOO
from tests.zoo.addresses import ADDRESSES, LANES
from tests.zoo.canvas import PAYLOADS, STATES
from tests.zoo.idx import AS_IMAGES, AS_LABELS, FOLDERS
from tests.zoo.options import OPTIONS
from tests.zoo.pictures import PICTURES
from tests.zoo.routes import PASSED_OVER, REFUSED, TOKENS
from tests.zoo.uploads import TOGETHER
from tests.zoo.weights import AS_B, AS_W

BY_PARSER = {
    "IDX files": len(AS_IMAGES) + len(AS_LABELS),
    "folders": len(FOLDERS),
    "pictures": len(PICTURES),
    "canvas": len(PAYLOADS) + len(STATES),
    "saved runs": len(ZOO) + len(TOGETHER),
    "weights": len(AS_W) + len(AS_B),
    "addresses": len(ADDRESSES),
    "addresses of races": len(LANES),
    "command lines": len(OPTIONS),
    "requests": len(REFUSED) + len(PASSED_OVER) + len(TOKENS),
}


def test_there_are_at_least_250_and_ten_of_every_parser() -> None:
    assert min(BY_PARSER.values()) >= 10
    assert sum(BY_PARSER.values()) >= 250
