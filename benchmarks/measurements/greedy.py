"""One client that sends 500 frames a second and waits for nothing, beside ten that send five: who waits for it?"""

from __future__ import annotations

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, percentile, readable
from ..servers import Server

TITLE = "A greedy client"


def measure(bench: Bench) -> list[Row]:
    """Return what the greedy client does to the others' latency."""
    polite = Group("polite", Kind.STREAM, 10, rate=5)
    greedy = Group("greedy", Kind.STREAM, 1, rate=500)
    with Server(bench.cluster.new_database()) as server:
        alone = generator.run(server, [polite], bench.scale.seconds).tallies["polite"]
        both = generator.run(server, [polite, greedy], bench.scale.seconds).tallies
    before, beside = percentile(alone.latencies_ms, 0.99), percentile(both["polite"].latencies_ms, 0.99)
    note = f" ({readable(before, 'ms')} alone, {readable(beside, 'ms')} beside it)"
    return [
        judged("p99 of the ten, beside the greedy one against alone", beside / before, "x", 2.0, 1.2, note),
        Row("Answers of the greedy one", ", ".join(f"{n:,} {word}" for word, n in both["greedy"].answers.items())),
    ]
