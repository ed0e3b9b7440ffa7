"""`python -m benchmarks`: measure, and write docs/PERFORMANCE.md."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from dataclasses import replace
from types import ModuleType

from . import capacity, measurements, report
from .bench import FULL, QUICK, Bench
from .servers import ROOT, postgresql
from .vision import bare

DOCS = ROOT / "docs"
BARE_SECONDS = 3.0


def main(words: list[str]) -> int:
    """Run what `words` ask for; a whole full run is written, another one printed."""
    named = {module.__name__.rpartition(".")[2]: module for module in measurements.ALL}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="see in a few minutes whether everything runs; writes nothing"
    )
    parser.add_argument("--only", nargs="+", choices=named, metavar="NAME", help=f"some of: {', '.join(named)}")
    parser.add_argument("--update", action="store_true", help="with --only: replace these in docs/PERFORMANCE.md")
    asked = parser.parse_args(words)
    chosen = [named[name] for name in asked.only] if asked.only else list(measurements.ALL)
    machine, speed = report.machine(), round(bare.loop(BARE_SECONDS).p50_ms, 2)
    with postgresql() as cluster:
        bench = Bench(cluster, QUICK if asked.quick else FULL)
        whole = report.Report([])
        try:
            for module in chosen:
                whole.sections.append(replace(_measured(module, bench), machine=machine, bare_ms=speed))
        except Exception:
            # Half an hour of measuring is not to be lost with its last minute.
            print(whole.markdown())
            raise
    if asked.update and not asked.quick:
        whole.over(DOCS, list(named)).write(DOCS)
        capacity.write(DOCS)
    elif asked.quick or asked.only:
        print(whole.markdown())
    else:
        whole.write(DOCS)
        capacity.write(DOCS)
    return 0


def _measured(module: ModuleType, bench: Bench) -> report.Section:
    print(f"{module.TITLE} ...", file=sys.stderr, flush=True)
    begun, when, load = time.perf_counter(), report.now(), os.getloadavg()[0]
    rows = module.measure(bench)
    name, text = module.__name__.rpartition(".")[2], (module.__doc__ or "").strip()
    took = round(time.perf_counter() - begun, 1)
    return report.Section(name, module.TITLE, text, rows, took, when, round(load, 1))


if __name__ == "__main__":
    # Told to stop, take the servers and the database along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(sys.argv[1:]))
