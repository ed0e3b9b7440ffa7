"""Keys of a user: made, listed, revoked, and told from what a program shows."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from ...contract.scopes import Scope
from ...database.sessions import reading, writing
from ...database.types import utc_now
from ...errors import (
    N_,
    AdministratorsOnly,
    InvalidKey,
    KeyExpired,
    NotFound,
    TooManyKeys,
    UserNotFound,
    ValidationFailed,
)
from ...models import ApiKey, AuditAction, Role, TargetKind, User
from ..accounts.identity import Identity, KeyGrant
from ..audit import trail
from ..audit.trail import Target
from . import text
from .meter import key_meter

MOST_KEYS = 50
"""How many keys a user may have that are not revoked. As many revoked ones are remembered, the latest."""

MAX_NAME = 80
MAX_RATE = 60_000
MAX_QUOTA = 1_000_000_000

IN_THE_PAST = N_("This is in the past. Choose a later time, or none.")

# What the digest of a key that does not exist is compared with, so that it takes as long as one that does.
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be; `rate` are calls a minute, `daily_quota` calls a day of UTC, None as many as one likes."""

    name: str
    scopes: Sequence[Scope]
    expires_at: datetime | None = None
    rate: int | None = None
    daily_quota: int | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A key that was made, and its text, which nobody can be told again."""

    key: ApiKey
    text: str


def create(user_id: int, wanted: NewKey) -> Issued:
    """Make a key for a user; raises ValidationFailed, AdministratorsOnly, TooManyKeys, UserNotFound."""
    if wanted.expires_at is not None and wanted.expires_at <= utc_now():
        raise ValidationFailed({"expires_at": [IN_THE_PAST]})
    made = text.make()
    with writing() as session:
        _check_owner(session, user_id, wanted.scopes)
        key = ApiKey(
            key_id=made.key_id,
            user_id=user_id,
            name=wanted.name,
            secret_sha256=made.digest,
            scopes=[scope.value for scope in Scope if scope in wanted.scopes],
            expires_at=wanted.expires_at,
            rate=wanted.rate,
            daily_quota=wanted.daily_quota,
        )
        session.add(key)
        session.flush()
        trail.record(session, AuditAction.KEY_CREATED, _target(key.key_id), {"scopes": " ".join(key.scopes)})
        _forget_revoked(session, user_id)
    return Issued(key, str(made))


def keys_of(user_id: int) -> list[ApiKey]:
    """Return the keys of a user, the newest first, the latest revoked ones among them."""
    with reading() as session:
        return list(session.scalars(select(ApiKey).where(ApiKey.user_id == user_id).order_by(*_NEWEST)))


def all_keys() -> list[tuple[ApiKey, str]]:
    """Return the keys of all users with their names, the newest first."""
    with reading() as session:
        found = session.execute(
            select(ApiKey, User.username)
            .join(User, User.user_id == ApiKey.user_id)
            .where(User.deletion_requested_at.is_(None))
            .order_by(*_NEWEST)
        )
        return [(key, username) for key, username in found]


def revoke(key_id: str, user_id: int | None = None) -> None:
    """End a key, of that user where one is given; ending one twice changes nothing. Raises NotFound."""
    with writing() as session:
        key = session.get(ApiKey, key_id)
        if key is None or user_id not in (None, key.user_id):
            raise NotFound
        if key.revoked_at is None:
            key.revoked_at = utc_now()
            trail.record(session, AuditAction.KEY_REVOKED, _target(key_id))


def identify(token: str) -> Identity:
    """Return whose key this is, and what it may do; raises InvalidKey, KeyExpired. One query."""
    shown = text.parse(token)
    if shown is None:
        raise InvalidKey
    found = _found(shown.key_id)
    right = hmac.compare_digest(shown.digest, found.secret_sha256 if found else _NO_DIGEST)
    if found is None or not right or found.revoked_at is not None or not found.is_active:
        raise InvalidKey
    if found.expires_at is not None and found.expires_at <= utc_now():
        raise KeyExpired
    key_meter.seen(found.key_id, found.last_used_at)
    scopes = _scopes_in_force(found.scopes, found.role)
    role = found.role if Scope.ADMIN in scopes else Role.USER.value
    grant = KeyGrant(found.key_id, scopes, found.rate, found.daily_quota, found.used_on, found.used)
    return Identity(found.user_id, found.username, role, found.is_active, None, grant)


_NEWEST = ApiKey.created_at.desc(), ApiKey.key_id


def _found(key_id: str) -> Any:
    with reading() as session:
        return session.connection().execute(_KEY_AND_USER, {"key_id": key_id}).first()


def _key_and_user() -> Select[Any]:
    """Select the key `key_id` with what says who its user is."""
    key = ApiKey
    of_key: tuple[Any, ...] = (key.key_id, key.secret_sha256, key.scopes, key.expires_at, key.revoked_at)
    use = (key.last_used_at, key.rate, key.daily_quota, key.used_on, key.used)
    query = select(*of_key, *use, User.user_id, User.username, User.role, User.is_active)
    return query.join(User, User.user_id == key.user_id).where(key.key_id == bindparam("key_id"))


_KEY_AND_USER = _key_and_user()  # Made once, as every call with a key asks for it.


def _scopes_in_force(names: Sequence[str], role: str) -> frozenset[Scope]:
    """Return the scopes of a key as they hold now: `admin` while its user is an administrator."""
    scopes = frozenset(scope for scope in Scope if scope.value in names)
    return scopes if role == Role.ADMIN else scopes - {Scope.ADMIN}


def _check_owner(session: Session, user_id: int, scopes: Iterable[Scope]) -> None:
    """Hold the account until the end of the transaction, so that two requests do not both make its last key."""
    account = session.get(User, user_id, with_for_update=True)
    if account is None or account.deletion_requested_at is not None:
        raise UserNotFound
    if Scope.ADMIN in scopes and account.role != Role.ADMIN:
        raise AdministratorsOnly
    theirs = select(func.count()).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    if (session.scalar(theirs) or 0) >= MOST_KEYS:
        raise TooManyKeys(limit=MOST_KEYS)


def _forget_revoked(session: Session, user_id: int) -> None:
    """Delete the revoked keys of a user beyond the latest `MOST_KEYS`."""
    key = ApiKey
    revoked = (key.user_id == user_id, key.revoked_at.is_not(None))
    latest = select(key.key_id).where(*revoked).order_by(key.revoked_at.desc(), key.key_id).limit(MOST_KEYS)
    session.execute(delete(key).where(*revoked, key.key_id.not_in(latest)))


def _target(key_id: str) -> Target:
    return Target(TargetKind.KEY, key_id)
