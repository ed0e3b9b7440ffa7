"""A key for programs against the token of a login: the same client by turns with the one and the other, over REST and
over a stream. The key has a rate and a quota that it does not reach, so that all of its counting is in the figure.
"""

from __future__ import annotations

from .. import rest
from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, percentile, readable
from ..servers import Server

TITLE = "Keys"
TURNS = 4


def measure(bench: Bench) -> list[Row]:
    """Return how much longer an answer takes with a key, in percent of the median with a token."""
    with Server(bench.cluster.new_database()) as server:
        shown = _shown(server)
        return [_row(server, kind, shown, bench.scale.seconds / TURNS) for kind in (Kind.REST, Kind.STREAM)]


def _row(server: Server, kind: Kind, shown: dict[str, str], seconds: float) -> Row:
    latencies: dict[str, list[float]] = {name: [] for name in shown}
    for turn in range(TURNS):
        # Who comes first in a turn comes second in the next.
        for name in sorted(shown, reverse=bool(turn % 2)):
            load = generator.run(server, [Group("one", kind, token=shown[name])], seconds)
            latencies[name] += load.tallies["one"].latencies_ms
    token, key = (percentile(latencies[name], 0.5) for name in ("token", "key"))
    note = f" ({readable(key, 'ms')} against {readable(token, 'ms')})"
    what = "REST, a picture" if kind is Kind.REST else "Socket.IO, a frame"
    return judged(f"{what}: p50 with a key, beyond that with a token", 100 * (key / token - 1), "%", 2, 0, note)


def _shown(server: Server) -> dict[str, str]:
    """Return the token of a user who is made, and a key of theirs."""
    token = rest.sign_in(server)
    wanted = {"name": "program", "scopes": ["predict", "stream"], "rate": 60_000, "daily_quota": 1_000_000_000}
    return {"token": token, "key": rest.post(server, "/keys", wanted, token)["key"]}
