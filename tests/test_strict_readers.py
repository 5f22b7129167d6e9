"""What comes from outside goes through the readers that were written for it, and no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.source_tree import Module, calls, modules

# Who may call what, because what is read there is our own, or was checked before.
ALLOWED = {
    "np.load": {"softmax_core.data.prepared"},  # memory maps of our own cache
    "np.loadtxt": {"softmax_core.data.embedded"},  # an installed package's file, its hash known
    "np.frombuffer": {
        *("softmax_core.npz", "softmax_core.weights_npy", "softmax_core.data.idx"),
        *("softmax_core.training.taught", "ui.taught", "ui.live.taught", "ui.live.reading"),
        *("ui.live.routes", "ui.live.why_routes"),
    },
    "Image.open": {"softmax_core.data.pictures", "softmax_core.figures.film"},
    "zipfile.ZipFile": {"softmax_core.npz", "softmax_core.data.picture_files"},
    "zlib.decompressobj": {"softmax_core.data.gunzip"},
}
# JSON of our own files; of what comes from outside it is read in run_meta alone.
OWN_JSON = {
    "softmax_core.stored_run",  # a line before a checksum, looked through value by value
    *("softmax_core.data.prepared", "softmax_core.training.recipes.stored"),
    "softmax_core.training.shipped",
}
NEVER = (
    *("np.fromfile", "np.genfromtxt", "np.memmap"),
    *("joblib.load", "torch.load", "marshal.loads", "shelve.open", "yaml.load", "literal_eval"),
    *("gzip.decompress", "gzip.open", "zlib.decompress", "bz2.decompress", "lzma.decompress"),
    *("shutil.unpack_archive", "extractall", "Image.frombytes", "ElementTree.fromstring"),
)
FILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def every_call() -> Iterator[tuple[Module, str, ast.Call]]:
    for module in modules().values():
        for name, node in calls(module):
            yield module, name, node


def test_strict_readers_are_called_where_they_were_written_for() -> None:
    for module, name, node in every_call():
        if name in ALLOWED:
            assert module.name in ALLOWED[name], module.at(node)
    called = {(name, module.name) for module, name, _ in every_call()}
    for name, places in ALLOWED.items():
        assert {(name, place) for place in places} <= called, name


def test_readers_that_trust_what_they_read_are_never_called() -> None:
    for module, name, node in every_call():
        assert not name.endswith(NEVER), module.at(node)


def test_json_from_outside_knows_no_infinity_and_no_name_twice() -> None:
    for module, name, node in every_call():
        if name not in ("json.loads", "json.load"):
            continue
        told = {keyword.arg for keyword in node.keywords}
        strict = {"parse_constant", "object_pairs_hook"} <= told
        assert strict or module.name in OWN_JSON, module.at(node)


def test_pages_convert_no_text_to_numbers_but_through_checked_readers() -> None:
    """Python's float takes "nan", "1_0" and other alphabets; its int the last two."""
    checked = {"ui.live.asking", "ui.address"}
    for module, name, node in every_call():
        if not module.name.startswith("ui.") or module.name in checked or name != "float":
            continue
        texts = [n for n in ast.walk(node) if isinstance(n, ast.Attribute) and n.attr == "get"]
        assert not texts, module.at(node)
    for module in modules().values():
        if module.name.endswith("_routes") or module.name == "ui.live.routes":
            names = {name for name, _ in calls(module)}
            assert "int" not in names, module.name


def test_a_query_is_read_in_one_place() -> None:
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr == "query_params":
                assert module.name in ("ui.live.asking", "ui.state.run"), module.at(node)


def test_files_to_take_home_have_plain_names() -> None:
    found = 0
    for module, name, node in every_call():
        if name != "st.download_button":
            continue
        found += 1
        given = [*node.args[2:3], *(k.value for k in node.keywords if k.arg == "file_name")]
        assert given, module.at(node)
        for text in _texts(given[0]):
            assert FILE_NAME.fullmatch(text), module.at(node)
    assert found >= 6


def _texts(node: ast.expr) -> list[str]:
    """Return the text of a name written in the source; a loop's names are looked at on pages."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))]
    assert isinstance(node, ast.Name), ast.dump(node)
    return []
