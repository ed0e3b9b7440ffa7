"""What the load generator is told to do, as values that travel as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

MOST_CLIENTS, MOST_SECONDS = 5_000, 600


class Kind(StrEnum):
    """How a client of a group speaks: frames over Socket.IO, pictures over REST, or a GET."""

    STREAM = "stream"
    REST = "rest"
    GET = "get"


@dataclass(frozen=True, slots=True)
class Group:
    """Clients that behave alike.

    `rate` is frames a second of each; without one a client sends when it was answered. `frames` bounds how many each
    sends, 0 is none at all (it only stays connected), None leaves it to the plan's time. `path` is for GETs;
    `token` is a token or a key to show.
    """

    name: str
    kind: Kind
    clients: int = 1
    rate: float | None = None
    frames: int | None = None
    path: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Groups that run together for `seconds` at most; answers to what was sent in the first `warm_up` are not timed."""

    port: int
    seconds: float
    groups: list[Group]
    warm_up: float = 1.0

    def __post_init__(self) -> None:
        if sum(group.clients for group in self.groups) > MOST_CLIENTS or self.seconds > MOST_SECONDS:
            raise ValueError(f"A plan has at most {MOST_CLIENTS} clients and {MOST_SECONDS} seconds.")

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON has it."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Plan:
        """Return the plan that `body` holds."""
        groups = [Group(**{**group, "kind": Kind(group["kind"])}) for group in body["groups"]]
        return cls(**{**body, "groups": groups})


@dataclass(slots=True)
class Tally:
    """What a group of clients met: frames sent, answers by status, milliseconds from sending to the answer."""

    sent: int = 0
    skipped: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    latencies_ms: list[float] = field(default_factory=list)
    disconnects: int = 0
    refused: int = 0

    @property
    def answered(self) -> int:
        """How many answers came, whatever they said."""
        return sum(self.answers.values())

    def count(self, status: str) -> int:
        """How many answers had `status`."""
        return self.answers.get(status, 0)
