"""The arrows of ARCHITECTURE.md, held by reading every import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from visionai import ROOT

PACKAGE = ROOT / "visionai"

# Part of the package → the parts it may import. `errors` and the version number are open to all.
ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "private_files": set(),
    "addresses": set(),
    "signals": set(),
    "vision": set(),
    "concurrency": set(),
    "environment": set(),
    "__main__": {"environment"},
    "locale": set(),
    "body_memory": {"concurrency"},
    "contract": {"concurrency", "locale", "vision"},
    "web": {"body_memory", "concurrency", "contract", "locale"},
    "server": {"concurrency", "contract", "locale"},
    "inference": {"vision", "concurrency", "signals"},
    "extensions": {"inference", "addresses", "web"},
    "database": {"extensions", "concurrency", "private_files"},
    "models": {"database", "extensions", "vision.emotions"},
    "services": {
        "addresses",
        "contract",
        "concurrency",
        "database",
        "extensions",
        "models",
        "private_files",
        "signals",
        "vision",
    },
    "observability": {"body_memory", "server", "signals", "services", "extensions", "web", "vision.results"},
    "api": {
        "addresses",
        "concurrency",
        "contract",
        "database",
        "extensions",
        "locale",
        "services",
        "signals",
        "vision",
        "web",
    },
    "streaming": {
        "addresses",
        "body_memory",
        "concurrency",
        "contract",
        "database",
        "extensions",
        "inference",
        "locale",
        "services",
        "signals",
        "vision",
    },
    "pages": {"services", "extensions", "web", "locale", "vision.emotions"},
    "cli": {"contract", "services", "extensions", "training", "vision", "models.Role"},
    "training": {"vision"},
    "app": {
        "api",
        "cli",
        "extensions",
        "inference",
        "locale",
        "observability",
        "pages",
        "private_files",
        "services",
        "streaming",
        "web",
    },
}

# A third-party package → the only files that may import it.
DOORS = {
    "eventlet": {"concurrency/", "server/worker.py"},
    "tensorflow": {"training/", "vision/"},
    "keras": {"training/", "vision/"},
    "openvino": {"vision/", "training/"},
    "flask": {"!vision/", "!training/", "!errors.py"},
    "sqlalchemy": {"database/", "models/", "services/", "extensions.py", "cli/"},
}

FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(module: str) -> str:
    return module.split(".")[0]


def imports_of(file: Path) -> Iterator[str]:
    """Yield the absolute names of what `file` imports, lazily imported ones included."""
    package = ["visionai", *file.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{name}.{alias.name}" for alias in node.names)


def own_imports(file: Path) -> Iterator[str]:
    yield from (name.removeprefix("visionai.") for name in imports_of(file) if name.startswith("visionai."))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_module_imports_only_along_the_arrows(file: Path) -> None:
    part = part_of(file.relative_to(PACKAGE).with_suffix("").parts[0])
    if part == "__init__":
        return
    allowed = ARROWS[part] | {part, "errors", "__version__"}
    strays = [
        name
        for name in own_imports(file)
        if part_of(name) not in allowed and not any(name == arrow or name.startswith(arrow + ".") for arrow in allowed)
    ]
    assert strays == []


@pytest.mark.parametrize("package", DOORS)
def test_a_guarded_package_is_imported_behind_its_doors_only(package: str) -> None:
    importers = [
        file.relative_to(PACKAGE).as_posix()
        for file in FILES
        if any(part_of(name) == package for name in imports_of(file))
    ]
    allowed = [door for door in DOORS[package] if not door.startswith("!")]
    barred = [door.removeprefix("!") for door in DOORS[package] if door.startswith("!")]
    strays = [name for name in importers if allowed and not name.startswith(tuple(allowed))]
    strays += [name for name in importers if barred and name.startswith(tuple(barred))]
    assert strays == []


def test_every_part_of_the_package_has_its_arrows() -> None:
    parts = {part_of(file.relative_to(PACKAGE).with_suffix("").parts[0]) for file in FILES} - {"__init__"}
    assert parts <= ARROWS.keys()
