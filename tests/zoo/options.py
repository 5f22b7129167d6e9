"""Command lines that cannot be followed; ``{folder}`` stands for an empty one."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """The words after the program's name, and a pattern of the sentence."""

    words: tuple[str, ...]
    said: str


def train(*words: str, said: str) -> Line:
    return Line(("train", *words), said)


OPTIONS: dict[str, Line] = {
    "an unknown command": Line(("learn",), "No such command 'learn'"),
    "an unknown option": train("--speed", "9", said="No such option"),
    "an option without its value": train("--epochs", said="requires an argument"),
    "a word too many": train("more", said="unexpected extra argument"),
    # Numbers
    "a rate in words": train("--learning-rate", "fast", said="'fast' is not a valid float"),
    "a rate of nothing": train("--learning-rate", "", said="'' is not a valid float"),
    "a rate that is no number": train("--learning-rate", "nan", said="it is nan"),
    "an infinite rate": train("--learning-rate", "inf", said="it is inf"),
    "a rate beyond all": train("--learning-rate", "1e309", said="it is inf"),
    "a rate with an underscore": train("--learning-rate", "1_0", said="not a valid float"),
    "a rate of other digits": train("--learning-rate", "\u0661", said="not a valid float"),
    "a rate of wide digits": train("--learning-rate", "\uff11", said="not a valid float"),
    "a rate with a blank": train("--learning-rate", " 0.1", said="not a valid float"),
    "a rate with a comma": train("--learning-rate", "0,1", said="not a valid float"),
    "a rate of two points": train("--learning-rate", "1.2.3", said="not a valid float"),
    "a rate of a point": train("--learning-rate", ".", said="not a valid float"),
    "a rate of 5,000 digits": train("--learning-rate", "1" * 5_000, said="'1{40}' is not a valid"),
    "a rate of zero": train("--learning-rate", "0", said="nothing is learned"),
    "a negative rate": train("--learning-rate", "-1", said="climbs the hill"),
    "half a batch": train("--batch-size", "1.5", said="'1.5' is not a valid integer"),
    "no batch": train("--batch-size", "0", said="from 1 to 100,000; it is 0"),
    "a batch in powers": train("--batch-size", "1e2", said="'1e2' is not a valid integer"),
    "a batch in hexadecimal": train("--batch-size", "0x10", said="not a valid integer"),
    "epochs of 5,000 digits": train("--epochs", "9" * 5_000, said="'9{40}' is not a valid"),
    "epochs of 24 digits": train("--epochs", "9" * 24, said="from 1 to 1,000; it is 9{24}"),
    "a seed of 33 bits": train("--seed", "4294967296", said="from 0 to 4,294,967,295"),
    "a negative seed": train("--seed=-1", said="it is -1"),
    "a penalty too large": train("--l2", "2", said="L2 penalty must be between 0 and 1; it is 2.0"),
    "a momentum of one": train("--momentum", "1", said="between 0 and 0.99; it is 1.0"),
    "no hidden units": train("--hidden-units", "0", said="from 1 to 256; it is 0"),
    "nine examples": train("--examples", "9", said="from 10 to 100,000; it is 9"),
    # Words
    "another network": train("--network", "gpt", said="'gpt' is not one of"),
    "a network of nothing": train("--network", "", said="'' is not one of"),
    "another start": train("--init", "ones", said="'ones' is not one of"),
    "another gradient": train("--gradient", "wrong", said="no gradient called 'wrong'"),
    "a gradient of 5,000 letters": train("--gradient", "x" * 5_000, said="called 'x{40}'"),
    "a gradient that says markup": train("--gradient", "a+b\x1b[2J", said="no gradient called"),
    # Data sets and folders
    "an unknown data set": train("--dataset", "mnist-6k", said="no data set mnist-6k"),
    "a data set of nothing": train("--dataset", "", said="no data set"),
    "a data set of 5,000 letters": train("--dataset", "x" * 5_000, said="at most 4,096 printable"),
    "a data set that clears the screen": train("--dataset", "\x1b[2J", said="printable"),
    "a folder that is not there": train(
        "--dataset", "folder:/nowhere", said="folder nowhere has no"
    ),
    "a folder of nothing": train("--dataset", "folder:{folder}", said="has no train-images"),
    "a folder with a zero byte": train("--dataset", "folder:a\0b", said="no such folder"),
    "nobody's home": train("--dataset", "folder:~nobody-here/x", said="no such folder"),
    "a folder of 5,000 letters": train("--dataset", "folder:" + "x" * 5_000, said="no such folder"),
    "a folder of control characters": train("--dataset", "folder:\x1b[2J", said="no such folder"),
    "a folder of half a letter": train("--dataset", "folder:\udcff", said="no such folder"),
    # Files to write and to read
    "a figure of another kind": train("--figure", "{folder}/x.pdf", said=".png or .svg"),
    "a figure without an ending": train("--figure", "{folder}/x", said=".png or .svg"),
    "a run in no folder": train("--save", "/nowhere/run.npz", said="no folder /nowhere"),
    "a run for a folder": train("--save", "{folder}", said="is a directory"),
    "one file for two": train(
        *("--save", "{folder}/x", "--report", "{folder}/x"), said="name the same file"
    ),
    "weights of another network": train(
        *("--network", "mlp", "--save-npy", "{folder}"), said="network softmax alone"
    ),
    "an unknown recipe": train("--recipe", "cake", said="'cake' is not one of"),
    "a version without its recipe": train("--as", "x", said="--as chooses a version"),
    "an unknown version": train(
        *("--recipe", "blobs", "--as", "y" * 500), said="no version|called|one of"
    ),
    "no run": Line(("evaluate",), "Missing argument 'RUN'"),
    "a run that is not there": Line(("evaluate", "{folder}/none.npz"), "does not exist"),
    "a folder for a run": Line(("evaluate", "{folder}"), "is a directory"),
    "no weights in the folder": Line(
        ("evaluate", "--weights", "{folder}", "--dataset", "digits"), "W.npy could not be read"
    ),
    "weights of no data set": Line(("evaluate", "--weights", "{folder}"), "Name it with --dataset"),
    "no pictures": Line(("predict",), "Missing argument 'RUN'"),
    "data to fetch that there are not": Line(("fetch", "imagenet"), "no data set imagenet"),
    "a folder to fetch": Line(("fetch", "folder:{folder}"), "no data set"),
    "nothing to fetch": Line(("fetch",), "Missing argument 'NAME'"),
    "no seeds": Line(("receipts", "--seeds", "0"), "not in the range 1<=x<=100"),
    "1,000 seeds": Line(("receipts", "--seeds", "1000"), "not in the range"),
    "receipts of a cake": Line(("receipts", "--recipe", "cake"), "'cake' is not one of"),
    "a report in no folder": Line(("receipts", "--report", "/nowhere/x.json"), "no folder"),
}
