"""Access and refresh tokens (JWT). Both carry the id of their login, so that ending it ends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
from flask import current_app
from flask_jwt_extended import create_access_token, create_refresh_token
from jwt import ExpiredSignatureError, PyJWTError
from jwt.types import Options

from ...errors import InvalidToken, TokenExpired
from . import accounts
from .accounts import Login
from .identity import Identity

# A token is good from the moment it is issued: the clock of the process that reads it may be behind, or was set back.
# For the same reason it has no “nbf” (JWT_ENCODE_NBF).
_FROM_THE_START: Options = {"verify_iat": False}


@dataclass(frozen=True, slots=True)
class Access:
    """An access token and the seconds it lasts."""

    access_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Tokens(Access):
    """The tokens of a login."""

    refresh_token: str


def issue(login: Login) -> Tokens:
    """Return the two tokens of a login."""
    refresh_token = create_refresh_token(str(login.user.user_id), additional_claims=_claims(login))
    access = _access(login)
    return Tokens(access.access_token, access.expires_in, refresh_token)


def refreshed(token: str) -> Access:
    """Return a fresh access token for a refresh token; raises InvalidToken, TokenExpired."""
    _, session_id = _read(token, "refresh")
    return _access(accounts.refresh(session_id))


def identify(token: str) -> Identity:
    """Return whose access token this is; raises InvalidToken, TokenExpired."""
    user_id, session_id = _read(token, "access")
    identity = accounts.identity(user_id, session_id)
    if identity is None:
        raise InvalidToken
    return identity


def _access(login: Login) -> Access:
    lifetime: timedelta = current_app.config["JWT_ACCESS_TOKEN_EXPIRES"]
    token = create_access_token(str(login.user.user_id), additional_claims=_claims(login))
    return Access(token, int(lifetime.total_seconds()))


def _claims(login: Login) -> dict[str, Any]:
    return {"sid": str(login.session_id)}


def _read(token: str, kind: str) -> tuple[int, UUID]:
    """Return the user and the session that a token of that kind names."""
    try:
        secret: str = current_app.config["JWT_SECRET_KEY"]
        claims = jwt.decode(token, secret, [current_app.config["JWT_ALGORITHM"]], options=_FROM_THE_START)
    except ExpiredSignatureError as err:
        raise TokenExpired from err
    except (PyJWTError, ValueError) as err:
        raise InvalidToken from err
    if claims.get("type") != kind:
        raise InvalidToken
    try:
        return int(claims["sub"]), UUID(claims["sid"])
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise InvalidToken from err
