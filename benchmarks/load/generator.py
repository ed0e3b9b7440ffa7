"""Starting the load generator and noting what the server took meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from ..servers import ROOT, Server
from .plan import Group, Plan, Tally


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a plan: a tally for each group by name, and the server's processor seconds while it ran."""

    tallies: dict[str, Tally]
    processor_seconds: float

    @property
    def answered(self) -> int:
        """Answers of all groups."""
        return sum(tally.answered for tally in self.tallies.values())


def run(
    server: Server,
    groups: list[Group],
    seconds: float,
    warm_up: float = 1.0,
    meanwhile: Callable[[], None] = lambda: None,
) -> Load:
    """Let `groups` loose on `server`; call `meanwhile` once every client is connected."""
    plan = Plan(server.port, seconds, groups, min(warm_up, seconds / 4))
    command = [sys.executable, "-m", "benchmarks.load"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(plan.to_json()) + "\n")
        process.stdin.flush()
        if process.stdout.readline() != "connected\n":
            raise RuntimeError("The load generator did not connect.")
        before = server.processor_seconds()
        meanwhile()
        answer = process.stdout.readline()
        took = server.processor_seconds() - before
    return Load({name: Tally(**tally) for name, tally in json.loads(answer).items()}, took)
