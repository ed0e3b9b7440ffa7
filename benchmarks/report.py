"""From rows to docs/PERFORMANCE.md and docs/performance.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from visionai import __version__

from .results import Row, readable

PACKAGES = ("openvino", "eventlet", "gunicorn", "flask", "python-socketio", "sqlalchemy", "psycopg2-binary", "numpy")
MARKS = {"beyond": "✓✓ beyond", "reached": "✓ reached", "missed": "✗ missed", "": ""}
HEAD = """# Performance

What a machine does, measured by `make bench` (`python -m benchmarks`). The load generator, PostgreSQL and
the server share its cores, as they would on a small server of one's own; each measurement starts a server of its own on
an empty database. Frames are 640x480 JPEGs with one face that moves, and go the whole way: decode, find, classify,
track, record. Times are from sending to the answer's last byte, seen by the client.

*Bare loop* is the analyzer alone, full search in every frame, one thread, nothing around it. *To reach* and *beyond*
are what we set out for.
"""
TAIL = """
## Repeat it

```bash
make bench                                    # everything, about {minutes} minutes; writes this file
.venv/bin/python -m benchmarks --quick        # a few minutes: whether everything runs, not how fast
.venv/bin/python -m benchmarks --only one_client sixteen            # prints these
.venv/bin/python -m benchmarks --only one_client sixteen --update   # replaces these in this file
.venv/bin/python -m benchmarks.compare_commits HEAD~1               # this tree beside a commit, at the same moments
```

It needs PostgreSQL's server on the machine, Chromium for the pages, and nothing else running on it: every other
program shows in the percentiles. (The load average before a measurement says how many did.) The load generator speaks
to 127.0.0.1 only and is bounded in clients, time and frames. PostgreSQL runs with its own defaults of durability:
what is committed is on the disk. [performance.json](performance.json) has the figures as data.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """A measurement's title, what it does, and its rows; `seconds` is how long it took, `load` how busy it was before.

    `load` is the load average of a minute: programs that wanted a core, on all of them together. `machine` is what
    the figures depend on, empty where it was not kept, and `bare_ms` its bare loop, in milliseconds a frame.
    """

    name: str
    title: str
    text: str
    rows: list[Row]
    seconds: float
    when: str
    load: float
    machine: dict[str, str] = field(default_factory=dict)
    bare_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was measured, each section on a machine of its own where they were measured apart."""

    sections: list[Section]

    def over(self, folder: Path, order: Sequence[str]) -> Report:
        """Return this report with the sections it lacks from the one in `folder`, if there is one; `order` by name."""
        file = folder / "performance.json"
        older = json.loads(file.read_text())["sections"] if file.exists() else []
        sections = {
            section["name"]: Section(**{**section, "rows": [Row(**row) for row in section["rows"]]})
            for section in older
        } | {section.name: section for section in self.sections}
        return Report([sections[name] for name in order if name in sections])

    def write(self, folder: Path) -> None:
        """Write both files into `folder`."""
        (folder / "PERFORMANCE.md").write_text(self.markdown())
        (folder / "performance.json").write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")

    def markdown(self) -> str:
        """Return the report for people."""
        minutes = max(1, round(sum(section.seconds for section in self.sections) / 60))
        machines = self._machines()
        names = {_key(machine): name for name, machine in machines.items()}
        sections = [
            _section(section, names.get(_key(section.machine), "a machine that was not kept"))
            for section in self.sections
        ]
        return "\n".join([HEAD, _machine_table(machines), *sections, TAIL.format(minutes=minutes)])

    def _machines(self) -> dict[str, dict[str, str]]:
        """Return the machines by their names, in the order of the sections."""
        found = {_key(section.machine): section.machine for section in self.sections if section.machine}
        return {f"machine {number}": machine for number, machine in enumerate(found.values(), 1)}


def _key(machine: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(machine.items()))


def machine() -> dict[str, str]:
    """Return what the figures depend on."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "priority": _priority(),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "VisionAI": __version__,
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }


def now() -> str:
    """Return the minute, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _priority() -> str:
    """Return how the run stood against other programs; Linux groups processes by session, each with a nice value."""
    group = Path("/proc/self/autogroup")
    grouped = group.read_text().strip().rpartition(" ")[2] if group.exists() else "0"
    return f"nice {os.nice(0)}, its session {grouped}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _machine_table(machines: Mapping[str, Mapping[str, str]]) -> str:
    facts = list(dict.fromkeys(fact for machine in machines.values() for fact in machine))
    lines = [[f"| {fact}", *(machine.get(fact, "") for machine in machines.values())] for fact in facts]
    head = [["| ", *machines], ["| ---", *("---" for _ in machines)]]
    return "\n".join(" | ".join(line) + " |" for line in [*head, *lines])


def _section(section: Section, machine: str) -> str:
    speed = f", whose bare loop took {readable(section.bare_ms, 'ms')} a frame" if section.bare_ms else ""
    where = f"{section.when}, {machine}{speed}; load average before it {section.load:.1f}."
    head = f"\n## {section.title}\n\n{section.text}\n\n{where}\n"
    if not any(row.verdict for row in section.rows):
        return "\n".join([head, "| | measured |", "| --- | --- |", *map(_plain, section.rows)])
    columns = ["| | measured | to reach | beyond | |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([head, *columns, *map(_judged, section.rows)])


def _plain(row: Row) -> str:
    return f"| {row.what} | {row.measured} |"


def _judged(row: Row) -> str:
    return f"| {row.what} | {row.measured} | {row.to_reach} | {row.beyond} | {MARKS[row.verdict]} |"
