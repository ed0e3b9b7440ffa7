"""What the clients of one application share: application, limits, engine, identification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask

from ...addresses import reduced
from ...body_memory import BodyMemory, body_memory
from ...contract import scopes
from ...database.availability import DATABASE_AWAY, unavailable
from ...errors import OutOfScope
from ...inference.engine import Engine
from ...services.accounts.identity import Identity
from ...services.audit import acting
from ...services.keys import callers
from ...services.keys.meter import key_meter
from ...services.recording.recorder import Recorder
from ...vision.images.decoding import Limits
from ...vision.priors import DefaultPriors, Prior
from ..dashboard import Dashboard
from .holders import Holder, Holders
from .run import Run
from .throttle import Throttle

Reply = Callable[[str, dict[str, Any]], None]
"""Takes the name of the answer's event and its body; is called once for whatever a client sent."""


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """What a client may send: `image` limits a frame, `max_fps` frames a second while it piles them.

    `reading_ms` is how long a reading is, 0 for a row a face and frame.
    """

    image: Limits
    max_fps: int
    reading_ms: int

    @property
    def announced(self) -> dict[str, int]:
        """The limits as the client is told them when it connects."""
        return {
            "max_frame_bytes": self.image.max_bytes,
            "max_pixels": self.image.max_pixels,
            "max_fps": self.max_fps,
        }


class Shared:
    """What the clients of `app` share.

    Reads STREAM_MAX_FRAME_BYTES, STREAM_MAX_FPS, STREAM_LOG_INTERVAL_MS, MAX_IMAGE_PIXELS, SOURCE_IP, PRIOR and
    DASHBOARD_PUBLIC.
    """

    def __init__(self, app: Flask) -> None:
        config = app.config
        self.app = app
        self.limits = FrameLimits(
            Limits(config["STREAM_MAX_FRAME_BYTES"], config["MAX_IMAGE_PIXELS"]),
            config["STREAM_MAX_FPS"],
            config["STREAM_LOG_INTERVAL_MS"],
        )
        self.prior: Prior = DefaultPriors.of_setting(config["PRIOR"]).frames
        self.memory: BodyMemory = body_memory(app)
        self.dashboard = Dashboard(app)
        self.holders = Holders()
        self.closing = False
        """Whether the server is about to stop and takes no more frames."""
        self._kept_of_addresses: str = config["SOURCE_IP"]

    @property
    def engine(self) -> Engine:
        """What reads the frames."""
        engine: Engine = self.app.extensions["inference"]
        return engine

    @property
    def recorder(self) -> Recorder:
        """What takes the readings."""
        recorder: Recorder = self.app.extensions["recorder"]
        return recorder

    def identify(self, token: str) -> Identity:
        """Return whose token or key this is; raises InvalidToken, TokenExpired, DatabaseUnavailable."""
        try:
            with self.app.app_context():
                return callers.identify(token)
        except DATABASE_AWAY as error:
            raise unavailable(error) from error

    def connecting(self, token: str) -> Identity:
        """Return whose token or key opens a connection; raises what `identify` does, and OutOfScope."""
        who = self.identify(token)
        if who.key is not None and not who.key.scopes & scopes.OF_STREAMS:
            raise OutOfScope(scope=scopes.Scope.STREAM.value)
        return who

    def admit(self, who: Identity | None, command: str, address: str | None) -> None:
        """Count a command that a key stands behind and hold it to its scopes; `address` is as it may be kept.

        Raises RateLimited, QuotaExceeded, OutOfScope, LoginNeeded.
        """
        if who is None or who.key is None:
            return
        with self.app.app_context(), acting.acting(acting.at_address(who.user_id, who.username, address)):
            key_meter.charge(who.key).check()
            callers.check(who, f"stream.{command}", scopes.of_command(command))

    def kept_address(self, address: str | None) -> str | None:
        """Return as much of a client's address as may be kept."""
        return reduced(address, self._kept_of_addresses)


class Caller(Holder, Protocol):
    """A connected client, as commands and answers see it."""

    shared: Shared
    language: str
    push: Reply
    run: Run | None
    session_starts: Throttle

    @property
    def identity(self) -> Identity | None:
        """Who opened the connection, while the token holds."""

    @property
    def is_waiting(self) -> bool:
        """Whether a frame of this client has yet to be answered."""

    def hold(self, run: Run | None) -> None:
        """Let the frames from now on belong to a recorded session, or to none."""

    def who(self, payload: Any) -> Identity | None:
        """Return whom a payload speaks for; raises InvalidToken."""
