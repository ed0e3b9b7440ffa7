"""Scopes: what a key for programs may do, and which scope each operation and stream command takes.

A login may do all of it. What is not in these tables is refused to keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Scope(StrEnum):
    """What a key may do."""

    PREDICT = "predict"
    STREAM = "stream"
    SESSIONS = "sessions"
    DASHBOARD = "dashboard"
    WEBHOOKS = "webhooks"
    ADMIN = "admin"


class Need(StrEnum):
    """What an operation needs in the place of a scope."""

    NOTHING = "nothing"
    """It asks nobody who they are."""

    ANY_KEY = "any key"
    LOGIN = "login"
    """It concerns the account itself, or issues what a key cannot hold."""


Needed = Scope | Need

OPERATIONS: Mapping[str, Needed] = {
    "auth.register": Need.NOTHING,
    "auth.login": Need.NOTHING,
    "auth.refresh": Need.LOGIN,
    "auth.logout": Need.LOGIN,
    "auth.verify": Need.ANY_KEY,
    "auth.me": Need.ANY_KEY,
    "auth.change_password": Need.LOGIN,
    "auth.export": Need.LOGIN,
    "auth.delete_predictions": Need.LOGIN,
    "auth.delete_user": Need.LOGIN,
}
"""What operations need that differ within their blueprint, by the names that Flask knows them by."""

BLUEPRINTS: Mapping[str, Needed] = {
    "predict": Scope.PREDICT,
    "sessions": Scope.SESSIONS,
    "history": Scope.SESSIONS,
    "dashboard": Scope.DASHBOARD,
    "webhooks": Scope.WEBHOOKS,
    "rules": Scope.WEBHOOKS,
    "calibrations": Scope.ADMIN,
    "admin": Scope.ADMIN,
    "admin users": Scope.ADMIN,
    "audit": Scope.ADMIN,
    "keys": Need.LOGIN,
    "system": Need.NOTHING,
    "asyncapi": Need.NOTHING,
}
"""What all other operations of a blueprint need."""

COMMANDS: Mapping[str, Needed] = {
    "predict": Scope.STREAM,
    "session_start": Scope.SESSIONS,
    "session_end": Scope.SESSIONS,
    "marker": Scope.SESSIONS,
    "subscribe": Scope.DASHBOARD,
    "unsubscribe": Need.NOTHING,
    "emotions": Need.NOTHING,
    "model_info": Need.NOTHING,
    "health": Need.NOTHING,
}
"""What the commands of a stream need."""

OF_STREAMS = frozenset(need for need in COMMANDS.values() if isinstance(need, Scope))
"""A key opens a stream with any of these."""


def of_operation(endpoint: str) -> Needed:
    """Return what an operation needs, `blueprint.name`; one that nobody declared needs a login."""
    return OPERATIONS.get(endpoint) or BLUEPRINTS.get(endpoint.rpartition(".")[0], Need.LOGIN)


def of_command(command: str) -> Needed:
    """Return what a command of a stream needs; one that nobody declared needs a login."""
    return COMMANDS.get(command, Need.LOGIN)
