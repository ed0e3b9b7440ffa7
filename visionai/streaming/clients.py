"""The streams of one application: its clients, what they share, and their heartbeat."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask

from .. import concurrency
from ..body_memory import body_memory
from ..database.availability import DATABASE_AWAY, unavailable
from ..errors import DatabaseUnavailable, RateLimited
from ..networks import network_of
from ..services import presence
from ..services.accounts import tokens
from ..services.addresses import reduced
from ..services.frames import Limits, frame_limits
from ..services.recording.recorder import recorder
from ..vision.priors import DefaultPriors
from .dashboard import Dashboard
from .peers import Peers
from .websocket.protocol import WireLimits

if TYPE_CHECKING:
    from ..inference.engine import Engine
    from ..services.accounts.accounts import Identity
    from .client.session import ClientSession

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
DRAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """What a client may send: `picture` limits a frame, `max_fps` frames a second while it piles them.

    `log_interval` is the least time between two rows of one client, in seconds. `pace` is how slowly a message may
    come; a client is asked for a sign of life every `ping_interval` seconds and has `ping_timeout` to give one.
    """

    picture: Limits
    max_fps: int
    log_interval: float
    pace: concurrency.Pace
    ping_interval: int
    ping_timeout: int
    hold: Callable[[int], concurrency.Share]
    """Holds memory for so many bytes of a message; raises Busy where there is none."""

    @property
    def wire(self) -> WireLimits:
        """What a WebSocket may carry: base64 makes four bytes of three; what stands around a picture fits the rest."""
        most = self.picture.max_bytes
        return WireLimits(
            text=most * 4 // 3 + 65_536,
            binary=most,
            hold=self.hold,
            pace=self.pace,
            ping_interval=self.ping_interval,
            ping_timeout=self.ping_timeout,
        )

    @property
    def announced(self) -> dict[str, int]:
        """The limits as the client is told them when it connects."""
        return {
            "max_frame_bytes": self.picture.max_bytes,
            "max_pixels": self.picture.max_pixels,
            "max_fps": self.max_fps,
        }


class Streams:
    """Every client of one application, over Socket.IO and `/ws`.

    Reads STREAM_MAX_FRAME_BYTES, STREAM_MAX_FPS, STREAM_LOG_INTERVAL_MS, BODY_MAX_SECONDS,
    BODY_MIN_BYTES_PER_SECOND, BODY_MEMORY_MB, PING_INTERVAL_SECONDS, PING_TIMEOUT_SECONDS, MAX_IMAGE_PIXELS,
    CORS_ORIGINS, MAX_CLIENTS_PER_ADDRESS, SOURCE_IP, DASHBOARD_PUBLIC, PRIOR and REDIS_URL.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.memory = body_memory(app)
        self.limits = StreamLimits(
            frame_limits(app.config),
            app.config["STREAM_MAX_FPS"],
            app.config["STREAM_LOG_INTERVAL_MS"] / 1000,
            concurrency.Pace(app.config["BODY_MIN_BYTES_PER_SECOND"], app.config["BODY_MAX_SECONDS"]),
            app.config["PING_INTERVAL_SECONDS"],
            app.config["PING_TIMEOUT_SECONDS"],
            self.memory.hold,
        )
        self.prior = DefaultPriors.of_setting(app.config["PRIOR"]).frames
        self.origins: list[str] = app.config["CORS_ORIGINS"]
        self.dashboard = Dashboard(app)
        self.closing = False
        self._peers = Peers(app.config["REDIS_URL"], self.dashboard.changed) if app.config["REDIS_URL"] else None
        self._sessions: set[ClientSession] = set()
        self._addresses: Counter[str] = Counter()
        self._turn = concurrency.Guard()

    @property
    def engine(self) -> Engine:
        """What reads the frames."""
        engine: Engine = self.app.extensions["inference"]
        return engine

    def start(self) -> None:
        """Begin what goes on beside the clients."""
        with self.app.app_context():
            recorder.on_commit(self._recorded)
        concurrency.spawn(self.dashboard.run)
        concurrency.spawn(self._check_tokens)
        if self._peers is not None:
            self._peers.start()

    def enter(self, session: ClientSession) -> None:
        """Count a client in."""
        with self._turn:
            self._sessions.add(session)
        presence.entered()

    def leave(self, session: ClientSession) -> None:
        """Count a client out; leaving twice changes nothing."""
        with self._turn:
            if session not in self._sessions:
                return
            self._sessions.discard(session)
        self.dashboard.leave(session)
        presence.left()

    def take_place(self, address: str) -> None:
        """Let a connection from `address` in; raises RateLimited where there are too many from there."""
        most, address = self.app.config["MAX_CLIENTS_PER_ADDRESS"], network_of(address)
        with self._turn:
            if most and self._addresses[address] >= most:
                raise RateLimited
            self._addresses[address] += 1

    def leave_place(self, address: str) -> None:
        """Count a connection from `address` out."""
        address = network_of(address)
        with self._turn:
            self._addresses[address] -= 1
            if self._addresses[address] <= 0:
                del self._addresses[address]

    def identify(self, token: str) -> Identity:
        """Return whose access token this is; raises InvalidToken, TokenExpired, DatabaseUnavailable."""
        try:
            with self.app.app_context():
                return tokens.identify(token)
        except DATABASE_AWAY as error:
            raise unavailable(error) from error

    def kept_address(self, address: str | None) -> str | None:
        """Return as much of a client's address as may be kept."""
        return reduced(address, self.app.config["SOURCE_IP"])

    def drain(self) -> None:
        """Take no more frames and wait until those that were accepted are answered, but not for ever."""
        self.closing = True
        _wait_until(lambda: not any(session.is_waiting for session in tuple(self._sessions)), DRAIN_SECONDS)

    def wait_until_empty(self, seconds: float) -> None:
        """Wait until every client has left, but not for longer than `seconds`."""
        _wait_until(lambda: not self._sessions, seconds)

    def _recorded(self) -> None:
        self.dashboard.changed()
        if self._peers is not None:
            self._peers.recorded()

    def _check_tokens(self) -> None:
        """Look after the tokens of connections; does not return."""
        while True:
            concurrency.sleep(BEAT_SECONDS)
            for session in tuple(self._sessions):
                with contextlib.suppress(DatabaseUnavailable):
                    session.check_token(time.monotonic())


def _wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        concurrency.sleep(0.02)


def streams_of(app: Flask) -> Streams:
    """Return the streams that `init_app` bound to `app`."""
    streams: Streams = app.extensions["streams"]
    return streams
