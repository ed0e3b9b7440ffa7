"""How scripts, style sheets and templates are written: formatted, typed, short, and each in its room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import javascript

STATIC = javascript.ROOT / "static"
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
SOURCES = [*SCRIPTS, *sorted((STATIC / "css").rglob("*.css")), *sorted((javascript.ROOT / "templates").rglob("*.html"))]
MOST_LINES, MOST_COLUMNS = 300, 120

# A room of static/js → the rooms whose modules its own may import, besides itself. The client is for others too: it
# stands alone, at an address that stays.
ARROWS = {
    "client": set(),
    "visionai-client.js": {"client"},
    "core": {"client", "visionai-client.js"},
    "charts": {"core"},
    "timeline": {"client", "core"},
    "live": {"client", "core", "timeline", "visionai-client.js"},
    "dashboard": {"charts", "core"},
    "home": {"client", "core", "live"},
    "model": {"charts", "core"},
    "sessions": {"client", "core", "timeline"},
    "admin": {"core"},
    "profile": {"core"},
    "webhooks": {"core"},
    "docs": {"core"},
    "pages": {
        "admin",
        "charts",
        "client",
        "core",
        "timeline",
        "live",
        "dashboard",
        "docs",
        "home",
        "model",
        "profile",
        "webhooks",
        "sessions",
        "visionai-client.js",
    },
}
IMPORT = re.compile(r'from "(\.[^"]+)"')


def name(file: Path) -> str:
    return file.relative_to(javascript.ROOT).as_posix()


@pytest.mark.parametrize("check", javascript.CHECKS)
def test_the_tools_find_nothing_in_the_scripts(check: str) -> None:
    try:
        well, said = javascript.run(check)
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    assert well, said


@pytest.mark.parametrize("file", SOURCES, ids=name)
def test_a_file_is_short(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", SOURCES, ids=name)
def test_no_line_is_too_long(file: Path) -> None:
    lines = enumerate(file.read_text().splitlines(), 1)
    assert [number for number, line in lines if len(line) > MOST_COLUMNS] == []


@pytest.mark.parametrize("file", SCRIPTS, ids=name)
def test_a_module_imports_only_what_its_room_may(file: Path) -> None:
    room = room_of(file)
    imported = {room_of((file.parent / target).resolve()) for target in IMPORT.findall(file.read_text())}
    assert imported - {room} <= ARROWS[room]


def room_of(file: Path) -> str:
    return file.relative_to(STATIC / "js").parts[0]


def test_no_modules_import_each_other_in_a_circle() -> None:
    imports = {file: {(file.parent / target).resolve() for target in IMPORT.findall(code_of(file))} for file in SCRIPTS}
    while free := {file for file, targets in imports.items() if not targets & imports.keys()}:
        imports = {file: targets for file, targets in imports.items() if file not in free}
    assert sorted(map(name, imports)) == []


def code_of(file: Path) -> str:
    """Return a script without its comments, whose types may name each other in a circle."""
    return re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
