"""Callers: whose bearer token this is, a login's or a key, and whether a key may do what it is used for."""

from __future__ import annotations

from ...contract.scopes import Need, Needed
from ...errors import LoginNeeded, OutOfScope
from ...models import AuditAction, TargetKind
from ..accounts import tokens
from ..accounts.identity import Identity
from ..audit import trail
from ..audit.trail import Target
from . import keys, text
from .meter import key_meter


def identify(token: str) -> Identity:
    """Return whose token or key this is; raises InvalidToken, TokenExpired."""
    return keys.identify(token) if text.is_key(token) else tokens.identify(token)


def check(who: Identity, operation: str, need: Needed) -> None:
    """Raise OutOfScope or LoginNeeded where the caller shows a key that may not do `operation`.

    The first such use of a key in an hour is written into the audit log.
    """
    grant = who.key
    if grant is None or need in (Need.NOTHING, Need.ANY_KEY) or need in grant.scopes:
        return
    if key_meter.first_this_hour(f"refused/{grant.key_id}/{operation}"):
        on = Target(TargetKind.KEY, grant.key_id)
        trail.note(AuditAction.KEY_REFUSED, on, {"operation": operation, "needs": need.value})
    raise LoginNeeded if need is Need.LOGIN else OutOfScope(scope=need.value)
