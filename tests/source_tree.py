"""The project's own source as syntax trees, for the tests that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Module:
    """One file of the project."""

    name: str  # dotted; a package by its own name
    path: Path
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        """Say where something stands, as an editor understands it."""
        return f"{self.path.relative_to(PROJECT)}:{getattr(node, 'lineno', 1)}"


@cache
def modules() -> dict[str, Module]:
    """All modules of the app by their dotted names."""
    paths = [PROJECT / "app.py", *PROJECT.glob("softmax_core/**/*.py"), *PROJECT.glob("ui/**/*.py")]
    found = {}
    for path in sorted(paths):
        parts = path.relative_to(PROJECT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def imports(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield the dotted name of everything imported, wherever in the file it is."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise AssertionError(f"{module.at(node)}: a relative import")
            source = node.module or ""
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield (inner if inner in modules() else source), node


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the dotted name of what is called, as it is written."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.AST) -> str:
    """Return ``np.random.default_rng`` for such an expression; "" for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""
