"""The tables of `docs/ARCHITECTURE.md`: rules on imports, and borrowed ground."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from visionai import ROOT

PAGE = ROOT / "docs" / "ARCHITECTURE.md"

ARROWS, LEVELS = "## Parts and arrows", "## The order inside `services`"
LAZY, DOORS = "## Circles", "## Doors"
BORROWED = "## Borrowed ground"
NOTHING = "nothing"
OPEN = "Open to every part: "


class UnreadablePage(ValueError):
    """The page does not say what a test expects it to; the text names the heading and what is missing."""


Row = Mapping[str, str]


def section(page: str, heading: str) -> str:
    """Return the text under a heading, up to the next of the same level; raises UnreadablePage."""
    _, found, rest = f"\n{page}".partition(f"\n{heading}\n")
    if not found:
        raise UnreadablePage(f"{PAGE.name}: expected the heading “{heading}”, found none.")
    return rest.partition("\n## ")[0]


def table(page: str, heading: str, *columns: str) -> list[Row]:
    """Return the rows of the first table under a heading; raises UnreadablePage where it has other columns."""
    lines = [line for line in section(page, heading).splitlines() if line.startswith("|")]
    if len(lines) < 2:
        raise UnreadablePage(f"{PAGE.name}: expected a table under “{heading}”, found none.")
    head, _, *body = [_cells(line) for line in lines]
    if head != list(columns):
        raise UnreadablePage(f"{PAGE.name}: expected the columns {list(columns)} under “{heading}”, found {head}.")
    for cells in body:
        if len(cells) != len(head):
            raise UnreadablePage(f"{PAGE.name}: a row under “{heading}” has {len(cells)} cells: {cells[0]}")
    return [dict(zip(head, cells, strict=True)) for cells in body]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def names(cell: str) -> list[str]:
    """Return the names in backticks of a cell, none for “nothing”; raises UnreadablePage where it has neither."""
    found = re.findall(r"`([^`]+)`", cell)
    if not found and cell != NOTHING:
        raise UnreadablePage(f"{PAGE.name}: expected names in backticks or “{NOTHING}”, found “{cell}”.")
    return found


def name(cell: str) -> str:
    """Return the only name of a cell; raises UnreadablePage."""
    found = names(cell)
    if len(found) != 1:
        raise UnreadablePage(f"{PAGE.name}: expected one name in backticks, found “{cell}”.")
    return found[0]


@dataclass(frozen=True)
class Rules:
    """Who may import what, as a page says it."""

    arrows: Mapping[str, list[str]]
    """Part of the package → the parts, or modules of parts, that it may import."""

    open_to_all: list[str]
    levels: Mapping[str, int]
    """Folder or file of `services` → its level; imports go from a higher one to a lower one."""

    lazy: list[tuple[str, str]]
    """(file, module) of imports inside a function that may close a circle of files."""

    only: Mapping[str, list[str]]
    """Third-party package → the only places of the package that may import it."""

    never: Mapping[str, list[str]]
    """Third-party package → the places that may not."""

    @classmethod
    def read(cls, page: str) -> Rules:
        """Return the rules of a page; raises UnreadablePage."""
        parts = table(page, ARROWS, "part", "what it is for", "may import")
        levels = table(page, LEVELS, "level", "modules")
        lazy = table(page, LAZY, "file", "imports", "why")
        doors = table(page, DOORS, "package", "only in", "never in")
        open_lines = [line for line in section(page, ARROWS).splitlines() if line.startswith(OPEN)]
        if len(open_lines) != 1:
            raise UnreadablePage(f"{PAGE.name}: expected one line “{OPEN}...” under “{ARROWS}”.")
        return cls(
            arrows={name(row["part"]): names(row["may import"]) for row in parts},
            open_to_all=names(open_lines[0]),
            levels={module: at for at, row in enumerate(levels) for module in names(row["modules"])},
            lazy=[(name(row["file"]), name(row["imports"])) for row in lazy],
            only={name(row["package"]): found for row in doors if (found := names(row["only in"]))},
            never={name(row["package"]): found for row in doors if (found := names(row["never in"]))},
        )
