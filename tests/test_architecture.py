"""Imports only go down, and each floor knows no more of the world than it needs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.source_tree import PROJECT, Module, calls, imports, modules

# From the bottom up; a name stands for the module and for everything inside it.
FLOORS = (
    (
        *("softmax_core.atomic", "softmax_core.errors", "softmax_core.limits"),
        "softmax_core.wording",
    ),
    ("softmax_core.nn",),
    ("softmax_core.data",),
    ("softmax_core.npz",),
    ("softmax_core.training",),
    ("softmax_core.explain",),
    ("softmax_core.figures",),
    (
        *("softmax_core.run_counts", "softmax_core.run_meta", "softmax_core.persist"),
        *("softmax_core.stored_run", "softmax_core.weights_npy"),
    ),
    ("softmax_core.service",),
    ("softmax_core.terminal", "softmax_core.__main__"),
    ("ui",),
    ("app",),
)

# What each floor may import besides the standard library and the floors below.
OUTSIDE = {
    "softmax_core.atomic": set[str](),
    "softmax_core.errors": set[str](),
    "softmax_core.limits": set[str](),
    "softmax_core.wording": set[str](),
    "softmax_core.nn": {"numpy"},
    "softmax_core.data": {
        *("numpy", "PIL", "platformdirs", "pooch", "requests", "sklearn", "urllib3"),
    },
    "softmax_core.training": {"numpy", "threadpoolctl"},
    "softmax_core.explain": {"numpy"},
    "softmax_core.figures": {"numpy", "matplotlib", "PIL"},
    "softmax_core.npz": {"numpy"},
    "softmax_core.run_counts": set[str](),
    "softmax_core.run_meta": set[str](),
    "softmax_core.persist": {"numpy"},
    "softmax_core.stored_run": set[str](),
    "softmax_core.weights_npy": {"numpy"},
    "softmax_core.service": {"numpy", "dask", "distributed"},
    "softmax_core.terminal": {"numpy", "click", "rich"},
    "softmax_core.__main__": set[str](),
    # Streamlit brings the protocol buffers that its messages are made of.
    "ui": {"numpy", "streamlit", "streamlit_drawable_canvas", "starlette", "google"},
    "app": {"streamlit"},
}


def is_inside(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}.")


def floor(name: str) -> int:
    """Number of a module's floor; the root package is below all: everything imports it."""
    if name == "softmax_core":
        return -1
    (number,) = [n for n, places in enumerate(FLOORS) for p in places if is_inside(name, p)]
    return number


def inside(*places: str) -> Iterable[Module]:
    return [m for m in modules().values() if any(is_inside(m.name, place) for place in places)]


def test_every_module_has_its_floor_and_the_root_package_imports_nothing() -> None:
    assert len(modules()) > 60
    for name in modules():
        floor(name)
    assert [name for name, _ in imports(modules()["softmax_core"])] == ["__future__"]


def test_imports_only_go_down() -> None:
    upwards = [
        f"{module.at(node)} imports {name}"
        for module in modules().values()
        for name, node in imports(module)
        if name.partition(".")[0] in ("softmax_core", "ui", "app")
        and floor(name) > floor(module.name)
    ]
    assert upwards == []


def test_modules_of_one_floor_do_not_import_each_other_in_a_circle() -> None:
    # Python itself often lets such a circle pass, depending on who is imported first.
    graph = {m.name: {n for n, _ in imports(m) if n in modules()} for m in modules().values()}
    done: set[str] = set()
    while len(done) < len(graph):
        free = {name for name, needs in graph.items() if name not in done and needs <= done}
        assert free, f"a circle among {sorted(set(graph) - done)}"
        done |= free


@pytest.mark.parametrize("place", OUTSIDE)
def test_a_floor_imports_only_the_packages_it_needs(place: str) -> None:
    ours = {"softmax_core", "ui", "app"}
    strangers = [
        f"{module.at(node)} imports {name}"
        for module in inside(place)
        for name, node in imports(module)
        if (top := name.partition(".")[0]) not in ours | OUTSIDE[place]
        and top not in sys.stdlib_module_names
    ]
    assert strangers == []


def test_the_mathematics_needs_of_the_project_only_the_errors_and_the_limits() -> None:
    allowed = ("softmax_core.nn", "softmax_core.errors", "softmax_core.limits")
    assert [
        f"{module.at(node)} imports {name}"
        for module in inside("softmax_core.nn")
        for name, node in imports(module)
        if name.startswith("softmax_core") and not any(is_inside(name, a) for a in allowed)
    ] == []


def test_the_service_knows_no_mathematics() -> None:
    for module in inside("softmax_core.service"):
        for name, node in imports(module):
            assert not is_inside(name, "softmax_core.nn"), module.at(node)
            assert not name.startswith("numpy.") or name == "numpy.typing", module.at(node)
        used = {n.attr for n in ast.walk(module.tree) if isinstance(n, ast.Attribute) and is_np(n)}
        assert used <= {"uint8"}, f"{module.path}: {used}"  # the type of a drawing's bytes


def is_np(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "np"


def test_nobody_uses_pyplot() -> None:
    # It keeps every figure it makes alive, and has one current figure for all threads.
    for module in modules().values():
        for name, node in imports(module):
            assert "pyplot" not in name, module.at(node)
        for node in ast.walk(module.tree):
            assert not isinstance(node, ast.Attribute) or node.attr != "pyplot", module.at(node)


SCRIPT = """
import importlib, pkgutil, sys

BLOCKED = {"streamlit", "streamlit_drawable_canvas", "ui", "dask", "distributed"}

class NoPage:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"blocked: {name}", name=name)

sys.meta_path.insert(0, NoPage())
try:
    import streamlit
except ModuleNotFoundError as refusal:
    assert str(refusal) == "blocked: streamlit", refusal
else:
    raise AssertionError("streamlit was let through")

import softmax_core
for found in pkgutil.walk_packages(softmax_core.__path__, "softmax_core."):
    importlib.import_module(found.name)
    sys.stdout.write(found.name + "\\n")
"""


def test_the_core_works_without_streamlit_and_without_a_cluster() -> None:
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    core = {name for name in modules() if name.startswith("softmax_core.")}
    assert set(result.stdout.split()) == core


# Which calls are not made, or only so.


def faults(*names: str, unless: str = "") -> list[str]:
    """Every call whose name ends so, without this keyword argument set to a plain value."""
    return [
        f"{module.at(node)} calls {name}"
        for module in modules().values()
        for name, node in calls(module)
        if name.endswith(names) and not any(k.arg == unless for k in node.keywords)
    ]


def test_random_numbers_come_from_a_generator_that_was_passed_in() -> None:
    # Each with its own state; RandomState is what published notebooks drew from.
    allowed = {"default_rng", "Generator", "SeedSequence", "PCG64", "RandomState"}
    for module in modules().values():
        for name, node in imports(module):
            assert name != "random", module.at(node)
            assert not name.startswith("numpy.random"), module.at(node)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                is_random = node.value.attr == "random" and is_np(node.value)
                assert not is_random or node.attr in allowed, module.at(node)


def test_arrays_are_never_loaded_with_pickles_in_them() -> None:
    assert faults("np.load", "read_array", "open_memmap", unless="allow_pickle") == []
    for module in modules().values():
        for _, node in calls(module):
            for keyword in node.keywords:
                if keyword.arg == "allow_pickle":
                    assert ast.unparse(keyword.value) == "False", module.at(node)


def test_pickle_is_only_spoken_between_our_own_processes() -> None:
    users = {m.name for m in modules().values() for name, _ in imports(m) if name == "pickle"}
    assert users <= {"softmax_core.service.messages"}


def test_pictures_are_only_opened_in_formats_that_are_named() -> None:
    assert faults("Image.open", unless="formats") == []
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute):
                assert node.attr != "LOAD_TRUNCATED_IMAGES", module.at(node)


def test_no_text_becomes_markup() -> None:
    for module in modules().values():
        for name, node in calls(module):
            assert all(k.arg != "unsafe_allow_html" for k in node.keywords), module.at(node)
            if name in ("st.html", "st.components.v1.html", "components.html"):
                assert all(is_constant(argument) for argument in node.args), module.at(node)


def is_constant(node: ast.AST) -> bool:
    """Tell whether a value is written in the source: texts, and names in capitals."""
    if isinstance(node, ast.JoinedStr):
        return all(is_constant(value) for value in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_constant(node.value)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def test_no_text_becomes_a_program() -> None:
    banned = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
    for module in modules().values():
        for name, node in calls(module):
            assert name not in banned, module.at(node)
            assert all(k.arg != "shell" for k in node.keywords), module.at(node)
