"""The imports of a package, held against the rules of `docs/ARCHITECTURE.md`.

Every check returns what is wrong, one line each, so that a test compares with an empty list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .architecture_page import Rules

OUTSIDE = {"config"}
"""Modules beside the package that a part needs an arrow for."""


@dataclass(frozen=True)
class Import:
    """An import of a file: the absolute name of what it takes, and whether it happens inside a function."""

    file: str
    name: str
    lazy: bool

    def __str__(self) -> str:
        return f"{self.file} imports {self.name}"


class Package:
    """The files of a package and what they import, `TYPE_CHECKING` blocks and functions included."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*.py"))}

    @cached_property
    def imports(self) -> list[Import]:
        """Every import of every file."""
        return [found for file, path in self.files.items() for found in _imports(self.root.name, file, path)]

    @cached_property
    def own(self) -> list[tuple[Import, str]]:
        """Imports of the package's own parts, each with its name below the package."""
        prefix = f"{self.root.name}."
        return [(each, each.name.removeprefix(prefix)) for each in self.imports if each.name.startswith(prefix)] + [
            (each, each.name) for each in self.imports if each.name.split(".")[0] in OUTSIDE
        ]

    @cached_property
    def parts(self) -> set[str]:
        """The files and folders right below the package, by their names as modules."""
        return {part_of(file) for file in self.files}

    def file_of(self, name: str) -> str:
        """Return the file that defines a name below the package, `__init__.py` where it is none of a module's."""
        steps = name.split(".")
        for length in range(len(steps), 0, -1):
            path = "/".join(steps[:length])
            for file in (f"{path}.py", f"{path}/__init__.py"):
                if file in self.files:
                    return file
        return "__init__.py"


def _imports(package: str, file: str, path: Path) -> Iterator[Import]:
    folder = [package, *file.split("/")[:-1]]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        for imported in _names_of(node, folder):
            yield Import(file, imported, lazy=id(node) in inside)


def _names_of(node: ast.AST, folder: list[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = folder[: len(folder) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        yield from (f"{module}.{alias.name}" for alias in node.names)


def part_of(file: str) -> str:
    """Return the part of the package that a file belongs to."""
    return file.split("/")[0].removesuffix(".py")


def _leads_to(name: str, target: str) -> bool:
    return name == target or name.startswith(f"{target}.")


def strays(rules: Rules, package: Package) -> list[str]:
    """Return the imports that no arrow allows."""
    return [str(each) for each, below in package.own if not _allowed(rules, part_of(each.file), below)]


def _allowed(rules: Rules, part: str, name: str) -> bool:
    targets = [part, *rules.open_to_all, *rules.arrows.get(part, ())]
    return any(_leads_to(name, target) for target in targets)


def unused_arrows(rules: Rules, package: Package) -> list[str]:
    """Return the arrows along which nobody imports."""
    return [
        f"{part} → {target}"
        for part, targets in rules.arrows.items()
        for target in targets
        if not any(part_of(each.file) == part and _leads_to(below, target) for each, below in package.own)
    ]


def unlisted_parts(rules: Rules, package: Package) -> list[str]:
    """Return the parts that are only in the package, or only on the page."""
    return sorted(package.parts ^ rules.arrows.keys())


def circles(rules: Rules, package: Package) -> list[str]:
    """Return the circles of files that import one another, each as its files."""
    permitted = set(rules.lazy)
    graph: dict[str, set[str]] = {file: set() for file in package.files}
    for each, below in package.own:
        target = package.file_of(below)
        if target != each.file and not (each.lazy and _named(each, below, permitted)):
            graph[each.file].add(target)
    return sorted(" ↔ ".join(sorted(circle)) for circle in _components(graph) if len(circle) > 1)


def _named(each: Import, below: str, permitted: set[tuple[str, str]]) -> bool:
    return any(each.file == file and _leads_to(below, module) for file, module in permitted)


def needless_lazy_imports(rules: Rules, package: Package) -> list[str]:
    """Return the lazy imports on the page that are not in the code, or close no circle."""
    needless = []
    for file, module in rules.lazy:
        others = [entry for entry in rules.lazy if entry != (file, module)]
        without = Rules(rules.arrows, rules.open_to_all, rules.levels, others, rules.only, rules.never)
        if circles(without, package) == circles(rules, package):
            needless.append(f"{file} imports {module}")
    return needless


def _components(graph: Mapping[str, set[str]]) -> set[frozenset[str]]:
    """Return the strongly connected components of a graph: nodes that reach one another."""
    reached = {node: _reached(graph, node) for node in graph}
    return {frozenset({node, *(other for other in reached[node] if node in reached.get(other, ()))}) for node in graph}


def _reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def out_of_order(rules: Rules, package: Package) -> list[str]:
    """Return the imports inside `services` that do not go to a lower level."""
    return [
        str(each)
        for each, below in package.own
        if (here := _service_of(each.file)) and (there := _service_of(package.file_of(below)))
        if here != there and rules.levels.get(there, 0) >= rules.levels.get(here, 0)
    ]


def unlisted_services(rules: Rules, package: Package) -> list[str]:
    """Return the folders and files of `services` that are only in the package, or only on the page."""
    return sorted({service for file in package.files if (service := _service_of(file))} ^ rules.levels.keys())


def _service_of(file: str) -> str | None:
    """Return the folder or file of `services` that a file is in, None for others and for its `__init__`."""
    steps = file.split("/")
    if steps[0] != "services" or steps[1] == "__init__.py":
        return None
    return f"{steps[1]}/" if len(steps) > 2 else steps[1]


def behind_no_door(rules: Rules, package: Package) -> list[str]:
    """Return the imports of guarded packages outside of their doors."""
    return [str(each) for each in package.imports if not _passes(rules, each)]


def _passes(rules: Rules, each: Import) -> bool:
    guarded = each.name.split(".")[0]
    barred = each.file.startswith(tuple(rules.never.get(guarded, ())))
    return not barred and each.file.startswith(tuple(rules.only.get(guarded, ("",))))


def unused_doors(rules: Rules, package: Package) -> list[str]:
    """Return the doors through which nobody goes, and the places on the page that do not exist."""
    unused = [
        f"{guarded}: {door}"
        for guarded, doors in rules.only.items()
        for door in doors
        if not any(each.file.startswith(door) and each.name.split(".")[0] == guarded for each in package.imports)
    ]
    unknown = [
        f"{guarded}: {place}"
        for guarded, places in rules.never.items()
        for place in places
        if not any(file.startswith(place) for file in package.files)
    ]
    return unused + unknown
