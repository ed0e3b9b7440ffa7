"""Who acts: the actor of the audit log, which a request or a command names once and services need not be handed.

It is a context variable: every request, command, thread and greenlet has its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from ...models import ActorKind, User


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and as much of their address as may be kept."""

    kind: ActorKind
    user_id: int | None = None
    name: str | None = None
    address: str | None = None


SERVER = Actor(ActorKind.SERVER)
COMMAND_LINE = Actor(ActorKind.COMMAND_LINE)

_actor: ContextVar[Actor] = ContextVar("actor", default=SERVER)


def current() -> Actor:
    """Return who acts now; where nobody said so, it is the server by itself."""
    return _actor.get()


def begin(actor: Actor) -> None:
    """Let `actor` be who acts, until `end` or the next `begin`."""
    _actor.set(actor)


def end() -> None:
    """Let the server be who acts again."""
    _actor.set(SERVER)


def begin_anonymous(address: str | None) -> None:
    """Let somebody at `address` act who has not said who they are; no more of it is given than may be kept."""
    begin(Actor(ActorKind.NOBODY, address=address))


def identify(user_id: int, name: str) -> None:
    """Let whoever acts be that user, at the address they are at."""
    begin(at_address(user_id, name, current().address))


def at_address(user_id: int, name: str, address: str | None) -> Actor:
    """Return a user as an actor at an address, of which no more is given than may be kept."""
    return Actor(ActorKind.USER, user_id, name, address)


def as_user(user: User) -> Actor:
    """Return `user` as an actor at the address of who acts now, for what they do before they are signed in."""
    return Actor(ActorKind.USER, user.user_id, user.username, current().address)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Let `actor` be who acts within the block."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)
