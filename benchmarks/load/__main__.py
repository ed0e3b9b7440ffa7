"""The load generator: `python -m benchmarks.load`, a process of its own, so that it does not share the server's.

Reads a plan as one line of JSON, says "connected" when every client is, and ends with the tallies as JSON. It speaks to
127.0.0.1 and nowhere else.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from ..vision import frames
from . import wire
from .clients import CONNECT_SECONDS, Client, HTTPClient, StreamClient
from .plan import Group, Kind, Plan, Tally

HOST = "127.0.0.1"
AT_ONCE = 64
"""Handshakes under way at a time."""
LAST_ANSWERS_SECONDS = 3.0


def bodies_of(group: Group, port: int) -> Sequence[bytes]:
    """Return what the clients of `group` send in turn, ready for the socket."""
    bearer = f"Authorization: Bearer {group.token}\r\n" if group.token else ""
    if group.kind is Kind.GET:
        return [f"GET {group.path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n{bearer}\r\n".encode()]
    if group.frames == 0:
        return []
    if group.kind is Kind.STREAM:
        return [wire.masked(wire.BINARY, jpeg) for jpeg in frames.moving_face()]
    head = "POST /api/v1/predict HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n{}\r\n"
    return [head.format(HOST, port, len(jpeg), bearer).encode() + jpeg for jpeg in frames.moving_face()]


async def connect(plan: Plan, group: Group, tally: Tally) -> list[Client]:
    """Return the clients of a group, connected; those that could not be are counted as refused."""
    bodies = bodies_of(group, plan.port)
    gate = asyncio.Semaphore(AT_ONCE)
    kind = StreamClient if group.kind is Kind.STREAM else HTTPClient
    HTTPClient.port = plan.port

    async def one(number: int) -> Client | None:
        async with gate:
            client = kind(group, tally, bodies, number)
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await asyncio.get_running_loop().create_connection(lambda: client, HOST, plan.port)
                    await client.ready
            except (OSError, TimeoutError):
                tally.refused += 1
                return None
            return client

    return [client for client in await asyncio.gather(*map(one, range(group.clients))) if client is not None]


async def run(plan: Plan) -> dict[str, Tally]:
    """Run `plan` and return a tally for each of its groups, by name."""
    tallies = {group.name: Tally() for group in plan.groups}
    clients = [client for group in plan.groups for client in await connect(plan, group, tallies[group.name])]
    gc.freeze()
    print("connected", flush=True)
    for number, client in enumerate(clients):
        # Paced clients begin spread over their period, as people do.
        delay = (number / len(clients) / client.group.rate) if client.group.rate else 0.0
        client.begin(delay, plan.warm_up)
    bounded = [client.finished for client in clients if client.group.frames]
    if bounded and len(bounded) == len(clients):
        await asyncio.wait(bounded, timeout=plan.seconds)
    else:
        await asyncio.sleep(plan.seconds)
    for client in clients:
        client.stop()
    await asyncio.sleep(min(LAST_ANSWERS_SECONDS, plan.seconds))
    for client in clients:
        client.close()
    return tallies


def main() -> None:
    """Run the plan on standard input."""
    plan = Plan.from_json(json.loads(sys.stdin.readline()))
    tallies = asyncio.run(run(plan))
    print(json.dumps({name: asdict(tally) for name, tally in tallies.items()}), flush=True)


if __name__ == "__main__":
    main()
