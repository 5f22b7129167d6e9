"""Addresses of which nothing can be used, each with what the one notice says."""

from __future__ import annotations

from typing import NamedTuple

Query = dict[str, str | list[str]]


class Address(NamedTuple):
    """A query, and a pattern of the notice."""

    query: Query
    words: str


def says(name: str, value: str, shown: str = "", kept: str = "0.1") -> Address:
    """One name with an impossible value, as it is repeated in the sentence."""
    return Address({name: value}, rf"says {name}={shown}\S*, .* possible; {kept} is used")


ADDRESSES: dict[str, Address] = {
    "a word": says("lr", "banana", "banana"),
    "an empty value": says("lr", "", ""),
    "not a number": says("lr", "nan", "nan"),
    "infinity": says("lr", "inf", "inf"),
    "a number beyond all": says("lr", "1e309", "1e309"),
    "an exponent of four digits": says("lr", "1e9999", "1e9999"),
    "an underscore": says("lr", "1_0", r"1\?0"),
    "a comma": says("lr", "0,5", r"0\?5"),
    "other digits": says("lr", "\u0661", r"\?"),
    "wide digits": says("lr", "\uff11", r"\?"),
    "blanks": says("lr", " 0.5", r"\?0.5"),
    "a line end": says("lr", "0.5\n", r"0.5\?"),
    "a zero byte": says("lr", "0.5\0", r"0.5\?"),
    "hexadecimal": says("lr", "0x1", "0x1"),
    "a fraction": says("lr", "1/2", r"1\?2"),
    "half a number": says("lr", "1e", "1e"),
    "two points": says("lr", "1.2.3", "1.2.3"),
    "zero": says("lr", "0", "0"),
    "negative": says("lr", "-0.1", "-0.1"),
    "too large": says("lr", "101", "101"),
    "too small": says("lr", "1e-7", "1e-7"),
    "65 digits": says("lr", "0." + "1" * 63, "0.1{18}"),
    "thousands of digits": Address({"lr": "9" * 5_000}, "has 5,002 characters, 2,000 are the most"),
    "a broken sign": says("lr", "\ufffd", r"\?"),
    "from right to left": says("lr", "\u202e5.0", r"\?5.0"),
    "half a batch": says("batch", "0.5", "0.5", "128"),
    "no batch": says("batch", "0", "0", "128"),
    "a batch too large": says("batch", "100001", "100001", "128"),
    "a batch of 13 digits": says("batch", "1" * 13, "1{13}", "128"),
    "a batch in powers": says("batch", "1e2", "1e2", "128"),
    "an endless run": says("epochs", "1001", "1001", "20"),
    "a seed of 33 bits": says("seed", "4294967296", "4294967296", "0"),
    "a negative seed": says("seed", "-1", "-1", "0"),
    "another network": says("network", "gpt", "gpt", "softmax"),
    "a network in capitals": says("network", "MLP", "MLP", "softmax"),
    "markup": says("network", "<img src=x onerror=alert(1)>", r"\?img\?src\?x", "softmax"),
    "Markdown": says("init", "[x](http://a.org)", r"\?x\?\?http", "small-normal"),
    "a formula": says("init", "$\\frac{1}{2}$", r"\?\?frac\?1", "small-normal"),
    "a beginning that does not fit": Address(
        {"init": "trained", "network": "relu-softmax"}, "init=trained, .* small-normal is used"
    ),
    "a folder of the server's": says("data", "folder:/etc", r"folder\?\?etc", "mnist-5k"),
    "a folder above": says("data", "../../etc", r"..\?..\?etc", "mnist-5k"),
    "a data set's title": says("data", "MNIST, 5,000 digits", "MNIST", "mnist-5k"),
    "a secret of Python's": says("data", "__class__", r"\?\?class", "mnist-5k"),
    "a penalty too large": says("l2", "1.5", "1.5", "0.0"),
    "a momentum of one": says("momentum", "1", "1", "0.0"),
    "257 hidden units": says("hidden", "257", "257", "100"),
    "no hidden units": says("hidden", "0", "0", "100"),
    "another activation": says("activation", "tanh", "tanh", "relu"),
    "two mistakes that cannot be": says(
        "gradient", "one-bias+one-bias", r"one-bias\+one-bias", "exact"
    ),
    "a mistake alone": says("gradient", "+", r"\+", "exact"),
    "9 examples": says("examples", "9", "9", "0"),
    "another speed": says("speed", "light", "light", "watch"),
    "a rate twice": Address({"lr": ["0.2", "0.3"]}, "says lr more than once; 0.1 is used"),
    "a speed three times": Address({"speed": ["slow"] * 3}, "speed more than once; watch is used"),
    "two names": Address({"lr": "x", "batch": "y"}, "lr=x, batch=y, which .* usual values"),
    "five names": Address(
        {"lr": "x", "batch": "y", "epochs": "z", "seed": "!", "l2": "-"},
        "lr=x, batch=y, epochs=z and 2 more",
    ),
    "another version": Address({"v": "99"}, "of another version of Softmax Lab"),
    "no version": Address({"v": ""}, "of another version"),
    "markup for a version": Address({"v": "<script>"}, "of another version"),
    "another version and a word": Address({"v": "2", "lr": "x"}, "another version.* lr=x"),
    "2,001 characters of nothing": Address({"x": "y" * 2_000}, "2,001 characters, 2,000 are"),
    "a name of 3,000 characters": Address({"z" * 3_000: ""}, "3,000 characters"),
    "a thousand names": Address({f"k{i}": "v" for i in range(1_000)}, "characters, 2,000"),
}

# Of each nothing can be raced; the page begins with its usual lanes and says so.
LANES: dict[str, str] = {
    "nothing": "",
    "no values": "lr:",
    "no colon": "lr",
    "one value": "lr:0.5",
    "one value twice": "lr:0.5,0.5",
    "values that are none": "lr:x,y,nan,inf",
    "rates that are not offered": "lr:0.123,0.456",
    "something that is no difference": "epochs:1,2",
    "a data set": "data:digits,mnist",
    "an unknown name": "rate:0.1,0.5",
    "markup": "<script>alert(1)</script>:1,2",
    "markup for values": "lr:<b>,<i>",
    "other digits": "batch:\u0661,\u0662",
    "a path": "../lr:0.1,0.5",
    "161 characters": "lr:0.1,0.5" + "," * 151,
    "10,000 values": "lr:" + ",".join(["0.1"] * 10_000),
    "the long name": "learning_rate:0.1,0.5",
}
