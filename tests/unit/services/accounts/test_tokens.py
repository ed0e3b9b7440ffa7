from __future__ import annotations

import time
from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
from flask import Flask
from flask_jwt_extended import create_access_token

from visionai.errors import InvalidToken, TokenExpired
from visionai.services.accounts import accounts, tokens
from visionai.services.accounts.accounts import Login

PASSWORD = "una frase larga"


@pytest.fixture
def login(app: Flask) -> Login:
    accounts.register("usuario", PASSWORD)
    return accounts.login("usuario", PASSWORD, None)


def test_an_access_token_tells_who_asks(login: Login) -> None:
    issued = tokens.issue(login)
    assert tokens.identify(issued.access_token).username == "usuario"
    assert issued.expires_in == 24 * 60 * 60


def test_a_refresh_token_gives_a_fresh_access_token(login: Login) -> None:
    access = tokens.refreshed(tokens.issue(login).refresh_token)
    assert tokens.identify(access.access_token).session_id == login.session_id


def test_one_kind_of_token_is_not_the_other(login: Login) -> None:
    issued = tokens.issue(login)
    with pytest.raises(InvalidToken):
        tokens.identify(issued.refresh_token)
    with pytest.raises(InvalidToken):
        tokens.refreshed(issued.access_token)


def test_both_end_with_their_login(login: Login) -> None:
    issued = tokens.issue(login)
    accounts.logout(login.session_id)
    with pytest.raises(InvalidToken):
        tokens.identify(issued.access_token)
    with pytest.raises(InvalidToken):
        tokens.refreshed(issued.refresh_token)


def test_an_expired_token_is_told_as_such(login: Login) -> None:
    claims = {"sid": str(login.session_id)}
    old = create_access_token(str(login.user.user_id), additional_claims=claims, expires_delta=timedelta(seconds=-1))
    with pytest.raises(TokenExpired):
        tokens.identify(old)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ñ.ñ.ñ", "." * 3])
def test_what_is_no_token_is_refused(app: Flask, token: str) -> None:
    with pytest.raises(InvalidToken):
        tokens.identify(token)


def forged(login: Login, key: str | None, algorithm: str) -> str:
    genuine = tokens.issue(login).access_token
    claims = jwt.decode(genuine, options={"verify_signature": False})
    return jwt.encode(claims, key, algorithm)


def test_a_token_without_a_signature_is_refused(login: Login) -> None:
    with pytest.raises(InvalidToken):
        tokens.identify(forged(login, None, "none"))


def test_a_token_signed_with_another_key_is_refused(login: Login) -> None:
    with pytest.raises(InvalidToken):
        tokens.identify(forged(login, "another secret, as long as ours has to be", "HS256"))


@pytest.mark.parametrize(
    ("subject", "claims"),
    [("1", {}), ("1", {"sid": "x"}), ("1", {"sid": 7}), ("x", {"sid": str(uuid4())}), ("1", {"sid": str(uuid4())})],
)
def test_a_token_of_ours_without_a_login_is_refused(app: Flask, subject: str, claims: dict[str, object]) -> None:
    with pytest.raises(InvalidToken):
        tokens.identify(create_access_token(subject, additional_claims=claims))


def test_a_token_of_a_clock_that_is_ahead_is_good(login: Login) -> None:
    future = int(time.time()) + 3600
    claims = {"sid": str(login.session_id), "iat": future, "exp": future + 60}
    token = create_access_token(str(login.user.user_id), additional_claims=claims)
    assert tokens.identify(token).username == "usuario"
