"""Compare this tree with other commits: `python -m benchmarks.compare_commits COMMIT... [--turns 8]`; prints tables.

A machine changes more between two runs than one commit from the next. Here each has a server of its own on a database
of its own, and all are loaded at the same moments, so that whatever the machine does meanwhile befalls all of them. A
figure is the median of its turns; in brackets is the median of its ratios to the last commit's, turn by turn. The
figures are of servers that share the cores, and say nothing of one alone.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .load import generator
from .load.plan import Group, Kind
from .results import percentile, readable
from .servers import ROOT, Server, postgresql

THIS_TREE = "this tree"

BUILT = ("static/vendor", "static/samples", "visionai/translations/es/LC_MESSAGES/messages.mo")
"""What a tree holds that is built and not committed; a commit is lent this tree's."""

LOADS = {
    "one": Group("one", Kind.STREAM),
    "sixteen": Group("sixteen", Kind.STREAM, 16),
    "crowd": Group("crowd", Kind.STREAM, 500, 0.05),
}
"""What each server is given at a time: a client or sixteen that send when answered, or pages that are looked at."""

UNITS = {"p50": "ms", "mean": "ms", "processor an answer": "ms", "answers a second": "/s"}

Turn = Mapping[str, float]
"""What one load on one server gave, by the names in `UNITS`."""


def main(words: Sequence[str]) -> None:
    """Run what `words` ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare_commits", description=__doc__)
    parser.add_argument("commits", nargs="+", metavar="COMMIT")
    parser.add_argument("--turns", type=int, default=8, help="how often each load is repeated (default: 8)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long a turn is (default: 10)")
    parser.add_argument("--only", nargs="+", choices=LOADS, default=list(LOADS), metavar="LOAD")
    asked = parser.parse_args(words)
    with ExitStack() as stack:
        trees = {THIS_TREE: ROOT} | {commit: stack.enter_context(_tree_of(commit)) for commit in asked.commits}
        cluster = stack.enter_context(postgresql())
        servers = {name: stack.enter_context(Server(cluster.new_database(), root=tree)) for name, tree in trees.items()}
        for load in asked.only:
            turns = [_turn(servers, LOADS[load], asked.seconds, number) for number in range(asked.turns)]
            print(table(load, turns), flush=True)


def table(load: str, turns: Sequence[Mapping[str, Turn]]) -> str:
    """Return what came of a load in Markdown: `turns` hold the figures of each server, the last one the base."""
    *others, base = turns[0]
    lines = ["", f"| {load} | {' | '.join([*others, base])} |", "| --- |" + " --- |" * len(turns[0])]
    for figure, unit in UNITS.items():
        cells = [
            f"{readable(statistics.median(turn[name][figure] for turn in turns), unit)}"
            f" ({statistics.median(turn[name][figure] / turn[base][figure] for turn in turns):.3f})"
            for name in [*others, base]
        ]
        lines.append(f"| {figure} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _turn(servers: Mapping[str, Server], group: Group, seconds: float, number: int) -> dict[str, Turn]:
    """Load all servers at once, every other time begun the other way round."""
    names = list(servers) if number % 2 == 0 else list(reversed(servers))
    with ThreadPoolExecutor(len(names)) as pool:
        running = {name: pool.submit(generator.run, servers[name], [group], seconds) for name in names}
    return {name: _figures(running[name].result(), seconds) for name in servers}


def _figures(load: generator.Load, seconds: float) -> Turn:
    latencies = [latency for tally in load.tallies.values() for latency in tally.latencies_ms]
    return {
        "p50": percentile(latencies, 0.5),
        "mean": statistics.mean(latencies),
        "processor an answer": load.processor_seconds * 1000 / load.answered,
        "answers a second": load.answered / seconds,
    }


@contextmanager
def _tree_of(commit: str) -> Iterator[Path]:
    """Yield a checkout of a commit."""
    with tempfile.TemporaryDirectory(prefix="visionai-bench-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", "--quiet", str(tree), commit)
        try:
            for name in BUILT:
                _lend(ROOT / name, tree / name)
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _lend(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def _git(*words: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *words], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
