"""How many rows a second the recorder commits, figures included, in a process as a server's is (on greenlets).

Rows are offered whenever fewer than half the buffer wait, and counted in the log when the last one is committed.
"""

from __future__ import annotations

import json
import subprocess
import sys

from ..bench import Bench
from ..results import Row, judged
from ..servers import ROOT, Server

TITLE = "Recorder"


def measure(bench: Bench) -> list[Row]:
    """Return the rows a second that were committed."""
    with Server(bench.cluster.new_database(), loaded=False) as server:
        command = [sys.executable, "-m", "benchmarks.recorder_rate", str(bench.scale.seconds)]
        environment = server.environment | {"INSTANCE_PATH": str(server.folder / "recorder")}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    rows, seconds, refused = json.loads(done.stdout)
    note = f" ({rows:,} rows in {seconds:.1f} s, {refused} refused)"
    return [judged("Rows a second, half of them of a hundred users", rows / seconds, "/s", 2_000, 10_000, note)]
