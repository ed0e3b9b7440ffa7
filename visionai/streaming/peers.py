"""Hints between the processes of a service over Redis publish/subscribe: rows recorded, clients connected.

Only such hints cross; every process sends its own subscribers its own reading of the database. So nobody gets figures
more often than once a second however many processes there are, and where Redis is away nothing else is missing.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError

from .. import concurrency
from ..services import presence

logger = logging.getLogger(__name__)

CHANNEL = "visionai:peers"
ANNOUNCE_SECONDS = 1.0
STALE_SECONDS = 5.0
"""A process that said nothing for so long is gone."""

_PAUSE_SECONDS = 1.0


class Peers:
    """The other processes. `on_recorded` is called when one of them recorded something; it must not wait."""

    def __init__(self, url: str, on_recorded: Callable[[], None]) -> None:
        self._redis = Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._on_recorded = on_recorded
        self._name = uuid4().hex
        self._recorded = False
        self._others: dict[str, tuple[int, float]] = {}

    def start(self) -> None:
        """Begin to speak and to listen."""
        concurrency.spawn(self._persist, self._announce)
        concurrency.spawn(self._persist, self._listen)

    def recorded(self) -> None:
        """Tell the others, at the next turn, that something was recorded here."""
        self._recorded = True

    def _announce(self) -> None:
        while True:
            recorded, self._recorded = self._recorded, False
            said = {"from": self._name, "clients": presence.here(), "recorded": recorded}
            try:
                self._redis.publish(CHANNEL, json.dumps(said))
            except RedisError:
                self._recorded |= recorded
                raise
            self._forget_stale()
            concurrency.sleep(ANNOUNCE_SECONDS)

    def _listen(self) -> None:
        with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:  # type: ignore[no-untyped-call]
            pubsub.subscribe(CHANNEL)
            # Something may have been recorded while nobody could tell us.
            self._on_recorded()
            while True:
                # A channel that is silent for longer than our own announcements is a connection that died.
                message = pubsub.get_message(timeout=STALE_SECONDS)
                if message is not None:
                    self._hear(json.loads(message["data"]))

    def _hear(self, said: dict[str, Any]) -> None:
        if said["from"] == self._name:
            return
        self._others[said["from"]] = said["clients"], time.monotonic()
        if said["recorded"]:
            self._on_recorded()

    def _forget_stale(self) -> None:
        oldest = time.monotonic() - STALE_SECONDS
        self._others = {name: known for name, known in self._others.items() if known[1] >= oldest}
        presence.elsewhere(sum(clients for clients, _ in self._others.values()), len(self._others))

    def _persist(self, task: Callable[[], None]) -> None:
        """Run a task again and again, however often Redis goes away; say so once for each time."""
        away = False
        while True:
            begun = time.monotonic()
            try:
                task()
            except (RedisError, OSError, ValueError, LookupError) as error:
                away = away and time.monotonic() - begun < STALE_SECONDS
                if not away:
                    logger.warning("Redis does not answer; the processes do not hear each other: %s", error)
                away = True
            self._forget_stale()
            concurrency.sleep(_PAUSE_SECONDS)
