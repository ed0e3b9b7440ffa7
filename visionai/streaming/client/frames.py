"""A frame of a stream, from what a client sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from ...concurrency import Share
from ...errors import N_, MissingImage, ValidationFailed
from ...services.analysis import UNKNOWN_PRIOR, Source
from ...vision.priors import Prior

Reply = Callable[[str, dict[str, Any]], None]
"""Takes the name of the answer's event and its body; is called once for whatever a client sent."""

MAX_SEQ_LENGTH = 64


@dataclass(slots=True)
class Frame:
    """A picture that waits to be read and answered. `arrived` is seconds of the monotonic clock."""

    image: bytes | str
    seq: int | float | str | None
    detect: bool
    record: bool
    prior: Prior
    source: Source
    reply: Reply
    held: Share | None = None
    """The hold on the memory of the picture; it ends with the frame."""

    arrived: float = field(default_factory=time.monotonic)
    uid: UUID = field(default_factory=uuid4)

    @property
    def age_ms(self) -> float:
        """Milliseconds since the frame arrived."""
        return round((time.monotonic() - self.arrived) * 1000, 1)


class FrameSlot:
    """Holds at most one frame: the newest. A native thread may take it while a task puts another."""

    def __init__(self) -> None:
        # Every change is one call of the list, which is atomic: a lock would have to suit greenlets and threads both.
        self._frames: list[Frame] = []

    def __bool__(self) -> bool:
        return bool(self._frames)

    def put(self, frame: Frame) -> Frame | None:
        """Put the newest frame and return the one whose place it took."""
        older = self.take()
        self._frames.append(frame)
        return older

    def take(self) -> Frame | None:
        """Take the frame out; None where there is none."""
        try:
            return self._frames.pop()
        except IndexError:
            return None


def seq_of(payload: Any) -> int | float | str | None:
    """Return the number by which a client tells its answers apart, None where it sent none or no fit one."""
    seq = payload.get("seq") if isinstance(payload, Mapping) else None
    if isinstance(seq, str):
        return seq if len(seq) <= MAX_SEQ_LENGTH else None
    return seq if isinstance(seq, int | float) and not isinstance(seq, bool) and abs(seq) < 2**63 else None


def image_of(payload: Any) -> bytes | str:
    """Return the picture of a `predict` payload, still as it was sent; raises MissingImage, ValidationFailed."""
    image = payload.get("image") if isinstance(payload, Mapping) else payload
    if image is None or image in ("", b""):
        raise MissingImage
    if not isinstance(image, bytes | str):
        raise ValidationFailed({"image": [N_("Give bytes, base64 or a data URL.")]})
    return image


def flag_of(payload: Any, name: str) -> bool:
    """Return the truth value `name` of a payload, true where it is not given; raises ValidationFailed."""
    value = payload.get(name, True) if isinstance(payload, Mapping) else True
    if not isinstance(value, bool):
        raise ValidationFailed({name: [N_("Not a valid boolean.")]})
    return value


def prior_of(payload: Any, default: Prior) -> Prior:
    """Return the prior of a payload, `default` where it names none; raises ValidationFailed."""
    value = payload.get("prior") if isinstance(payload, Mapping) else None
    if value is None:
        return default
    if not isinstance(value, str) or value not in set(Prior):
        raise ValidationFailed({"prior": [UNKNOWN_PRIOR]})
    return Prior(value)


def token_of(payload: Any) -> str | None:
    """Return the token of a payload, None where there is none; raises ValidationFailed."""
    token = payload.get("token") if isinstance(payload, Mapping) else None
    if token is not None and not isinstance(token, str):
        raise ValidationFailed({"token": [N_("Not a valid string.")]})
    return token or None
