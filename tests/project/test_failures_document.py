"""docs/FAILURES.md says of each failure what comes of it, and names tests that exist or that there is none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from visionai import ROOT

PAGE = ROOT / "docs" / "FAILURES.md"
COLUMNS = ["what fails", "what clients see", "what is lost", "what to do", "tests"]
NOT_TESTED = "not tested"


def tables() -> Iterator[list[str]]:
    """Yield the cells of every row of every table, headings included."""
    for line in PAGE.read_text().splitlines():
        if line.startswith("|") and not line.startswith("| ---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


ROWS = [row for row in tables() if row != COLUMNS]


def declared_in(file: Path) -> set[str]:
    """Return the tests of a file, as pytest names them behind the file's name."""
    body = ast.parse(file.read_text()).body
    classes = {node.name: node.body for node in body if isinstance(node, ast.ClassDef)}
    named = [("", body), *((f"{name}::", inner) for name, inner in classes.items())]
    return {
        f"{before}{node.name}"
        for before, nodes in named
        for node in nodes
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_row_says_everything_and_names_tests_that_exist(row: list[str]) -> None:
    assert len(row) == len(COLUMNS)
    assert all(row)
    named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", row[-1])
    assert named or row[-1].startswith(NOT_TESTED)
    assert [name for file, name in named if name not in declared_in(ROOT / file)] == []


def test_every_file_of_faults_is_named() -> None:
    text = PAGE.read_text()
    files = sorted(path.name for path in (ROOT / "tests" / "system" / "faults").glob("test_*.py"))
    assert [name for name in files if f"tests/system/faults/{name}" not in text] == []


def test_the_readmes_lead_there() -> None:
    assert all("(docs/FAILURES.md)" in (ROOT / name).read_text() for name in ("README.md", "README.es.md"))
