"""docs/SECURITY.md goes through every requirement of ASVS 5.0 at levels 1 and 2, once, and names tests that exist."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from visionai import ROOT

TEXT = (ROOT / "docs" / "SECURITY.md").read_text()
ROWS = re.findall(r"^\| ([0-9][^|]*) \| (\w+(?: \w+)?) \| ([^|]+) \|([^|]*)\|$", TEXT, flags=re.MULTILINE)

# How many requirements of levels 1 and 2 each section has; they come first in it, those of level 3 after them.
REQUIREMENTS = """
1.1=2 1.2=9 1.3=11 1.4=3 1.5=2 2.1=3 2.2=3 2.3=4 2.4=1 3.2=2 3.3=4 3.4=6 3.5=5 3.7=2 4.1=3 4.2=1 4.3=2
4.4=4 5.1=1 5.2=3 5.3=2 5.4=3 6.1=3 6.2=12 6.3=4 6.4=4 6.5=5 6.6=3 6.8=4 7.1=3 7.2=4 7.3=2 7.4=5 7.5=2
7.6=2 8.1=2 8.2=3 8.3=1 8.4=1 9.1=3 9.2=4 10.1=2 10.2=2 10.3=4 10.4=11 10.5=5 10.6=2 10.7=3 11.1=2 11.2=3
11.3=3 11.4=4 11.5=1 11.6=1 12.1=3 12.2=2 12.3=4 13.1=1 13.2=5 13.3=2 13.4=5 14.1=2 14.2=4 14.3=3 15.1=3
15.2=3 15.3=7 16.1=1 16.2=5 16.3=4 16.4=3 16.5=3 17.1=1 17.2=4 17.3=2
"""


def named(cell: str) -> list[str]:
    """The requirements of a cell such as "1.2.1, 1.2.3 to 1.2.5"."""
    found: list[str] = []
    for part in cell.split(", "):
        first, _, last = part.partition(" to ")
        section, _, number = first.rpartition(".")
        end = (last or first).rpartition(".")[2]
        found += [f"{section}.{one}" for one in range(int(number), int(end) + 1)]
    return found


def test_every_requirement_is_judged_once() -> None:
    judged = Counter(requirement for row in ROWS for requirement in named(row[0]))
    sections = [word.split("=") for word in REQUIREMENTS.split()]
    expected = {f"{section}.{number}" for section, count in sections for number in range(1, int(count) + 1)}
    assert judged == Counter(expected)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:20])
def test_a_row_has_one_of_the_states_and_a_reason(row: tuple[str, str, str, str]) -> None:
    assert row[1] in ("met", "partly", "not met", "none")
    assert row[2].endswith(".")


def test_every_test_that_is_named_exists() -> None:
    files = re.findall(r"`(tests/[\w/.]+)`", TEXT)
    assert files
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_the_readmes_lead_there() -> None:
    assert all("(docs/SECURITY.md)" in (ROOT / name).read_text() for name in ("README.md", "README.es.md"))
