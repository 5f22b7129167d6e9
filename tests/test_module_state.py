"""No state in modules but the one engine and the one data store.

A module is shared by all students and threads of a server, so what is at its top level must
not change. The rule, by syntax: a list, dict or set there is a constant (``Final``, in
capitals, not empty) that nothing in the project changes; any other value there is made by
something known to make values that cannot change; functions are not cached; and what is left
is in ``STATE``, with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.source_tree import Module, calls, dotted, imports, modules

STATE = {
    "app.app": "the application that the server asks for",
    "softmax_core.data.store._SHARED": "the one data store",
    "softmax_core.data.fetch_job._JOBS": "the data store's downloads: one each, for all who wait",
    "softmax_core.data.fetch_job._GUARD": "guards _JOBS",
    "softmax_core.data.pictures._TURN": "how many pictures may be decoded at once, in all threads",
    "softmax_core.service.cluster_call.version_mark": "the app's own files, read once",
    "softmax_core.service.shared._engines": "the one engine",
    "softmax_core.service.shared._lock": "guards _engines",
    "softmax_core.training.orders._compact": "a pure function of four numbers, 48 at most",
    "softmax_core.training.shipped._shipped": "two files of the app's own, read once",
    "softmax_core.training.threads.keep_one_blas_thread": "once is for good",
    "softmax_core.training.threads._controller": "NumPy's libraries, looked up once",
    "ui.dataset_figures._drawn": "pictures of public data sets, 16 at most",
    "ui.dataset_figures._TURNS": "one thread draws them, the others wait",
    "ui.visitor._renewed": "keys that browsers gave up, until they have heard of it",
    "ui.live.components._heartbeat": "as _live",
    "ui.live.components._live": "registered with Streamlit once per process, as it asks for",
    "ui.live.components._mistakes": "as _live",
    "ui.live.components._pictures": "as _live",
    "ui.live.components._picker": "as _live",
    "ui.live.components._reader": "as _live",
    "ui.live.components._shelf": "as _live",
    "ui.edge._edge": "as components._live",
    "ui.recipes.stored._receipts": "a file of the app's own, read once",
    "ui.live.components._animator": "as _live",
    "ui.live.components._regions": "as _live",
    "ui.live.components._why": "as _live",
    "ui.live.race_components._race": "as components._live",
    "ui.live.race_components._race_reader": "as components._live",
    "ui.live.sweep_components._sweep": "as components._live",
    "ui.live.why_routes._DRAWING": "one picture to keep is drawn at a time, the others wait",
    "ui.live.reading._prepared": "a pure function of the drawing itself, 512 at most",
}

CONTAINERS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
CONTAINER_CALLS = {"list", "dict", "set", "dict.fromkeys", "defaultdict", "deque", "Counter"}
CHANGES = {
    *("append", "extend", "insert", "remove", "pop", "popitem", "clear", "update", "setdefault"),
    *("add", "discard", "sort", "reverse", "intersection_update", "difference_update"),
}
# Make values that cannot change (or loggers, which are the standard library's to share).
VALUES = {
    *("tuple", "frozenset", "float", "int", "str", "bytes", "re.compile", "struct.Struct"),
    *(
        "TypeVar",
        "ParamSpec",
        "get_args",
        "np.float32",
        "np.float64",
        "np.dtype",
        "logging.getLogger",
        "gettext.translation",
    ),
    *("replace", "click.Path", "Path", "read_text", "resolve", "hexdigest"),
}


def test_what_is_at_the_top_of_a_module_does_not_change() -> None:
    found = [f"{module.at(node)} {name}" for module, name, node in changeable()]
    unexpected = [entry for entry in found if entry.split()[-1] not in STATE]
    assert unexpected == []


def test_every_exception_to_the_rule_is_still_there() -> None:
    assert {name for _, name, _ in changeable()} == set(STATE)


def test_nothing_changes_a_constant() -> None:
    constants = {name for module in modules().values() for name in top_level_containers(module)}
    constants -= set(STATE)
    assert len(constants) > 10
    found = [
        f"{module.at(node)} changes {name}"
        for module in modules().values()
        for name, node in changes(module)
        if name in constants
    ]
    assert found == []


def test_no_function_reaches_for_a_global() -> None:
    for module in modules().values():
        for node in ast.walk(module.tree):
            assert not isinstance(node, ast.Global), module.at(node)


def test_no_module_changes_another_when_it_is_imported() -> None:
    found = {
        ast.unparse(target)
        for module in modules().values()
        for node in module.tree.body
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Subscript | ast.Attribute)
    }
    assert not found


def test_no_class_shares_a_container_among_its_instances() -> None:
    for module in modules().values():
        for owner in ast.walk(module.tree):
            for node in owner.body if isinstance(owner, ast.ClassDef) else []:
                if isinstance(node, ast.Assign | ast.AnnAssign):
                    shared = isinstance(node.value, CONTAINERS) or (
                        isinstance(node.value, ast.Call)
                        and dotted(node.value.func) in CONTAINER_CALLS
                    )
                    assert not shared, module.at(node)


def changeable() -> Iterator[tuple[Module, str, ast.AST]]:
    """Yield all that may change while the program runs."""
    for module in modules().values():
        for name, node in assignments(module):
            if may_change(name, node):
                yield module, f"{module.name}.{name}", node
        for function in ast.walk(module.tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and any(
                "cache" in ast.unparse(decorator) for decorator in function.decorator_list
            ):
                yield module, f"{module.name}.{function.name}", function


def assignments(module: Module) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign]]:
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id != "__all__":
                    yield target.id, node


def may_change(name: str, node: ast.Assign | ast.AnnAssign) -> bool:
    value = node.value
    if is_container(value):
        final = isinstance(node, ast.AnnAssign) and "Final" in ast.unparse(node.annotation)
        return not (final and name.isupper()) or is_empty(value)
    if isinstance(value, ast.Call):
        made_by = dotted(value.func) or getattr(value.func, "attr", "")
        return made_by not in VALUES | frozen_classes() and made_by.split(".")[-1] not in VALUES
    return False


def is_container(value: ast.AST | None) -> bool:
    is_call = isinstance(value, ast.Call) and dotted(value.func) in CONTAINER_CALLS
    return isinstance(value, CONTAINERS) or is_call


def is_empty(value: ast.AST | None) -> bool:
    """Tell whether a container is there only to be filled."""
    if isinstance(value, ast.List):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    return isinstance(value, ast.Call) and not value.args


@cache
def frozen_classes() -> set[str]:
    """Names of the project's named tuples and frozen data classes."""
    return {
        node.name
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and (
            any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list)
            or any(dotted(base) == "NamedTuple" for base in node.bases)
        )
    }


def top_level_containers(module: Module) -> Iterator[str]:
    for name, node in assignments(module):
        if is_container(node.value):
            yield f"{module.name}.{name}"


def changes(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield what is changed in place, by its full name as far as that can be seen."""
    full = full_names(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            yield full.get(dotted(node.value), ""), node
        if isinstance(node, ast.AugAssign):
            yield full.get(dotted(node.target), ""), node
    for name, call in calls(module):
        owner, _, method = name.rpartition(".")
        if method in CHANGES:
            yield full.get(owner, ""), call


def full_names(module: Module) -> dict[str, str]:
    """Return what the module's own and imported constants are called, by the name used here."""
    names = {name: f"{module.name}.{name}" for name, _ in assignments(module)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for source, _ in imports(module):
        if source in modules():
            short = source.rpartition(".")[2]
            names |= {f"{short}.{n}": f"{source}.{n}" for n, _ in assignments(modules()[source])}
    return names
