"""Accounts and logins: registration, passwords, and the sessions that tokens stand for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...database.sessions import reading, writing
from ...database.types import utc_now
from ...errors import BadCredentials, InvalidToken, UsernameTaken, UserNotFound
from ...models import ApiKey, AuditAction, AuthSession, Role, User
from ..audit import acting, trail
from ..audit.trail import Target
from . import administrators, names, passwords
from .identity import Identity as Identity
from .throttle import login_throttle


@dataclass(frozen=True, slots=True)
class Login:
    """A login that succeeded, for which tokens can be issued."""

    user: User
    session_id: UUID


def register(username: str, password: str, address: str | None = None) -> User:
    """Make an account for a stranger; raises ValidationFailed, for reserved names too, UsernameTaken and Busy.

    Whether strangers may is the caller's affair.
    """
    names.check(username)
    names.check_open(username)
    if user_named(username) is not None:
        raise UsernameTaken
    with passwords.turn(address):
        hashed = passwords.hashed(password)
    return _add_user(username, hashed, Role.USER)


def create_user(username: str, password: str, role: str = Role.USER) -> User:
    """Make an account with a role; raises ValidationFailed, and UsernameTaken whatever the case of the name."""
    names.check(username)
    return _add_user(username, passwords.hashed(password), Role(role))


def _add_user(username: str, hashed: str, role: Role) -> User:
    user = User(username=username, hashed_password=hashed, role=role, is_active=True)
    try:
        with writing() as session:
            session.add(user)
            session.flush()
            trail.record(session, AuditAction.USER_CREATED, Target.of_user(user), {"role": role})
    except IntegrityError as err:
        raise UsernameTaken from err
    return user


def login(username: str, password: str, address: str | None) -> Login:
    """Check a name and a password and begin a login.

    Raises BadCredentials alike for an unknown name, a wrong password and an inactive account, RateLimited after too
    many of them, and Busy where too many sign in at once.
    """
    with login_throttle.attempt(username.lower()[:50], address or "") as hashing:
        account = user_named(username)
        right = passwords.matches(password, account.hashed_password if account else None)
        hashing.close()
        if account is None or not right or not account.is_active:
            _note_failure(account)
            raise BadCredentials
        with writing() as session:
            return Login(account, _begin_session(session, account))


def refresh(session_id: UUID) -> Login:
    """Return the login, if it still stands, to issue a fresh access token for; raises InvalidToken."""
    with reading() as session:
        found = session.execute(_USER_OF_LOGIN, {"session_id": session_id, "now": utc_now()}).first()
    if found is None:
        raise InvalidToken
    return Login(found[0], session_id)


def logout(session_id: UUID) -> None:
    """End a login; ending one twice changes nothing."""
    with writing() as session:
        if session.connection().execute(delete(AuthSession).where(AuthSession.session_id == session_id)).rowcount:
            trail.record(session, AuditAction.LOGOUT)


def identity(user_id: int, session_id: UUID) -> Identity | None:
    """Return who is logged in by that session; None where it ended or the user is inactive or gone."""
    asked = {"user_id": user_id, "session_id": session_id, "now": utc_now()}
    with reading() as session:
        found = session.connection().execute(_WHO_IS_LOGGED_IN, asked).first()
    return None if found is None else Identity(found.user_id, found.username, found.role, found.is_active, session_id)


def user(user_id: int) -> User:
    """Return a user; raises NotFound."""
    with reading() as session:
        return _found(session.get(User, user_id))


def user_named(username: str) -> User | None:
    """Return the user of that name, whatever its case, or None."""
    with reading() as session:
        return session.scalar(_by_name(username))


def list_users() -> list[User]:
    """Return all users in the order in which they came, but for those that are being erased."""
    with reading() as session:
        there = select(User).where(User.deletion_requested_at.is_(None))
        return list(session.scalars(there.order_by(User.user_id)))


def change_password(user_id: int, current: str, new: str, keep_session: UUID, address: str | None = None) -> None:
    """Change a password and end the user's other logins; raises BadCredentials, RateLimited, ValidationFailed, Busy."""
    account = user(user_id)
    with login_throttle.attempt(account.username.lower(), address or "", signed_in=True):
        if not passwords.matches(current, account.hashed_password):
            _note_failure(account)
            raise BadCredentials
    with passwords.turn(address):
        hashed = passwords.hashed(new)
    _set_password(account.username, hashed, AuditAction.USER_PASSWORD_CHANGED, keep_session)


def reset_password(username: str, new: str) -> None:
    """Set a password and end all logins of the user; raises NotFound, ValidationFailed."""
    _set_password(username, passwords.hashed(new), AuditAction.USER_PASSWORD_RESET)


def set_role(username: str, role: Role) -> User:
    """Give a user a role; one that they have changes nothing. Raises NotFound and LastAdministrator.

    A promotion holds for the logins that stand, a demotion ends them: nothing goes on under rights that were taken.
    """
    with writing() as session:
        account = _found(session.scalar(_by_name(username)))
        if account.role == role:
            return account
        administrators.keep_one(session, but=account)
        trail.record(session, AuditAction.USER_ROLE, Target.of_user(account), {"before": account.role, "after": role})
        account.role = role
        if role is not Role.ADMIN:
            _end_sessions(session, account.user_id)
        return account


def activate(username: str) -> User:
    """Let a user sign in again; raises NotFound."""
    with writing() as session:
        account = _found(session.scalar(_by_name(username)))
        if not account.is_active:
            account.is_active = True
            trail.record(session, AuditAction.USER_ACTIVATED, Target.of_user(account))
        return account


def deactivate(username: str) -> User:
    """Let a user no longer sign in, and end their logins and keys; raises NotFound and LastAdministrator."""
    with writing() as session:
        account = _found(session.scalar(_by_name(username)))
        if account.is_active:
            administrators.keep_one(session, but=account)
            account.is_active = False
            trail.record(session, AuditAction.USER_DEACTIVATED, Target.of_user(account))
        _end_sessions(session, account.user_id)
        _end_keys(session, account.user_id)
        return account


def _set_password(username: str, hashed: str, action: AuditAction, keep_session: UUID | None = None) -> None:
    with writing() as session:
        account = _found(session.scalar(_by_name(username)))
        account.hashed_password = hashed
        _end_sessions(session, account.user_id, keep_session)
        trail.record(session, action, Target.of_user(account))


def _note_failure(account: User | None) -> None:
    """Write down that somebody gave a wrong password.

    A name that nobody has is not kept: it may well be a password that was typed into the wrong field.
    """
    trail.note(AuditAction.LOGIN_FAILED, Target.of_user(account) if account else None)


def _begin_session(session: Session, checked: User) -> UUID:
    """Add a login, and remove those of the user that have expired.

    Raises BadCredentials where the user is not any more what was `checked`: comparing a password takes a while, and
    who changed it meanwhile must not find a login that began with the old one.
    """
    account = session.get(User, checked.user_id, with_for_update=True)
    if account is None or not account.is_active or account.hashed_password != checked.hashed_password:
        raise BadCredentials
    now = utc_now()
    lifetime: timedelta = current_app.config["JWT_REFRESH_TOKEN_EXPIRES"]
    session.execute(delete(AuthSession).where(AuthSession.user_id == account.user_id, AuthSession.expires_at <= now))
    begun = AuthSession(user_id=account.user_id, created_at=now, expires_at=now + lifetime)
    session.add(begun)
    session.flush()
    trail.record(session, AuditAction.LOGIN, by=acting.as_user(account))
    return begun.session_id


def _end_sessions(session: Session, user_id: int, but: UUID | None = None) -> None:
    theirs = delete(AuthSession).where(AuthSession.user_id == user_id)
    session.execute(theirs if but is None else theirs.where(AuthSession.session_id != but))


def _end_keys(session: Session, user_id: int) -> None:
    theirs = (ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    session.execute(update(ApiKey).where(*theirs).values(revoked_at=utc_now()))


def _standing(*columns: Any) -> Select[Any]:
    """Select something of the user of the login `session_id` that has not ended by `now`, if they are active."""
    return (
        select(*columns)
        .join(AuthSession, AuthSession.user_id == User.user_id)
        .where(AuthSession.session_id == bindparam("session_id"), AuthSession.expires_at > bindparam("now"))
        .where(User.is_active.is_(True))
    )


# Made once: every call asks who is there, and making a query takes longer than answering this one.
_USER_OF_LOGIN = _standing(User)
_WHO_IS_LOGGED_IN = _standing(User.user_id, User.username, User.role, User.is_active).where(
    User.user_id == bindparam("user_id")
)


def _by_name(username: str) -> Select[User]:
    return select(User).where(func.lower(User.username) == username.lower(), User.deletion_requested_at.is_(None))


def _found(account: User | None) -> User:
    if account is None:
        raise UserNotFound
    return account
