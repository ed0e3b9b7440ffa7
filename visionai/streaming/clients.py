"""Registry of an application's clients: connection limits by address, token checks, draining."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask

from .. import concurrency
from ..addresses import network_of
from ..database.availability import DATABASE_AWAY, unavailable
from ..errors import DatabaseUnavailable, RateLimited
from ..services import presence
from ..services.sessions import runs
from ..signals import rows_committed
from ..vision.images.base64_text import longest_text
from .client.client import Client
from .client.shared import Shared
from .websocket.protocol import WireLimits

if TYPE_CHECKING:
    from .peers import Peers

BEAT_SECONDS = 1.0
DRAIN_SECONDS, LAST_FRAMES_SECONDS = 5.0, 1.0
"""How long a stop waits for frames, and then for those that are being read already."""

LOOK_SECONDS, STILL_LOOKS = 0.02, 5
"""At a stop nobody waits for an answer once that holds at so many looks: what was sent before has been read by then."""

BESIDE_AN_IMAGE = 65_536
"""Characters of a message that may stand around its image."""


class Clients:
    """Every client of one application, over Socket.IO and `/ws`.

    Reads what `Shared` reads, CORS_ORIGINS, MAX_CLIENTS_PER_ADDRESS, BODY_MAX_SECONDS, BODY_MIN_BYTES_PER_SECOND,
    PING_INTERVAL_SECONDS, PING_TIMEOUT_SECONDS and REDIS_URL.
    """

    def __init__(self, app: Flask) -> None:
        config = app.config
        self.shared = Shared(app)
        self.wire_limits = WireLimits(
            text=longest_text(self.shared.limits.image.max_bytes) + BESIDE_AN_IMAGE,
            binary=self.shared.limits.image.max_bytes,
            hold=self.shared.memory.hold,
            pace=concurrency.Pace(config["BODY_MIN_BYTES_PER_SECOND"], config["BODY_MAX_SECONDS"]),
            ping_interval=config["PING_INTERVAL_SECONDS"],
            ping_timeout=config["PING_TIMEOUT_SECONDS"],
        )
        self.origins: list[str] = config["CORS_ORIGINS"]
        self._most_per_address: int = config["MAX_CLIENTS_PER_ADDRESS"]
        self._peers = _peers(config["REDIS_URL"], self.shared.dashboard.changed)
        self._present: set[Client] = set()
        self._addresses: Counter[str] = Counter()
        self._lock = concurrency.Guard()

    def start(self) -> None:
        """Begin what goes on beside the clients."""
        rows_committed.connect(self._recorded, sender=self.shared.app.extensions["recorder"])
        concurrency.spawn(self.shared.dashboard.run)
        concurrency.spawn(self._look_after)
        concurrency.spawn(self._keep_sessions)
        if self._peers is not None:
            self._peers.start()

    def enter(self, client: Client) -> None:
        """Count a client in."""
        with self._lock:
            self._present.add(client)
        presence.entered()

    def leave(self, client: Client) -> None:
        """Count a client out; leaving twice changes nothing."""
        with self._lock:
            if client not in self._present:
                return
            self._present.discard(client)
        client.leave()
        self.shared.dashboard.leave(client)
        presence.left()

    def take_place(self, address: str) -> None:
        """Let a connection from `address` in; raises RateLimited where there are too many from there."""
        network = network_of(address)
        with self._lock:
            if self._most_per_address and self._addresses[network] >= self._most_per_address:
                raise RateLimited
            self._addresses[network] += 1

    def leave_place(self, address: str) -> None:
        """Count a connection from `address` out."""
        network = network_of(address)
        with self._lock:
            self._addresses[network] -= 1
            if self._addresses[network] <= 0:
                del self._addresses[network]

    def drain(self) -> None:
        """Take no more frames, wait until those that were accepted are answered, and write what is open of readings.

        It does not wait for ever: what nobody has begun to read by then is answered `busy`.
        """
        self.shared.closing = True
        _wait_until(self._nobody_waits, DRAIN_SECONDS, STILL_LOOKS)
        for client in tuple(self._present):
            client.give_up_waiting()
        _wait_until(self._nobody_waits, LAST_FRAMES_SECONDS)
        for client in tuple(self._present):
            client.leave()

    def _nobody_waits(self) -> bool:
        return not any(client.is_waiting for client in tuple(self._present))

    def wait_until_empty(self, seconds: float) -> None:
        """Wait until every client has left, but not for longer than `seconds`."""
        _wait_until(lambda: not self._present, seconds)

    def _recorded(self, _: object) -> None:
        self.shared.dashboard.changed()
        if self._peers is not None:
            self._peers.recorded()

    def _look_after(self) -> None:
        """Look after open readings and tokens of connections; does not return."""
        while True:
            concurrency.sleep(BEAT_SECONDS)
            for client in tuple(self._present):
                with contextlib.suppress(DatabaseUnavailable):
                    client.look_after(time.monotonic())

    def _keep_sessions(self) -> None:
        """Say again and again that the clients of recorded sessions are there; does not return."""
        while True:
            concurrency.sleep(runs.KEEP_ALIVE_SECONDS)
            try:
                self.keep_sessions()
            except DATABASE_AWAY as error:
                unavailable(error)

    def keep_sessions(self) -> None:
        """Say that the clients of recorded sessions are there, and tell those whose session is theirs no longer."""
        tokens = self.shared.holders.tokens
        if not tokens:
            return
        with self.shared.app.app_context():
            theirs = runs.keep_alive(tokens)
        self.shared.holders.lose(set(tokens) - theirs)


def _wait_until(condition: Callable[[], bool], seconds: float, looks: int = 1) -> None:
    """Wait until `condition` holds at so many looks in a row, but not for longer than `seconds`."""
    deadline, held = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        held = held + 1 if condition() else 0
        if held == looks:
            return
        concurrency.sleep(LOOK_SECONDS)


def clients_of(app: Flask) -> Clients:
    """Return the clients that `init_app` bound to `app`."""
    clients: Clients = app.extensions["clients"]
    return clients


def _peers(url: str, on_recorded: Callable[[], None]) -> Peers | None:
    """Return the other processes, None where there are none: a server alone imports no Redis, which takes 6 MB."""
    if not url:
        return None
    from .peers import Peers

    return Peers(url, on_recorded)
