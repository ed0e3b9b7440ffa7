from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from flask import Flask

from visionai.database.types import utc_now
from visionai.errors import BadCredentials, InvalidToken, NotFound, RateLimited, UsernameTaken, ValidationFailed
from visionai.extensions import db
from visionai.models import AuthSession, Role, User
from visionai.services.accounts import accounts, passwords
from visionai.services.accounts.accounts import Login
from visionai.services.privacy import erasure

pytestmark = pytest.mark.databases

PASSWORD = "una frase larga"
ADDRESS = "203.0.113.7"


@pytest.fixture
def user(app: Flask) -> User:
    return accounts.register("Usuario", PASSWORD)


def sign_in(name: str = "Usuario", password: str = PASSWORD) -> Login:
    return accounts.login(name, password, ADDRESS)


def stands(login: Login) -> bool:
    return accounts.identity(login.user.user_id, login.session_id) is not None


@pytest.mark.parametrize("name", ["ab", "a" * 51, "con espacio", "ñandú", "a\nb", "", "abc\n"])
def test_a_name_that_does_not_fit_is_refused(app: Flask, name: str) -> None:
    with pytest.raises(ValidationFailed) as raised:
        accounts.register(name, PASSWORD)
    assert raised.value.details.keys() == {"username"}


@pytest.mark.parametrize(
    "name",
    ["admin", "Admin", "ROOT", "system", "null", "undefined", "anonymous", "anonimo", "...", "-_-", "none", "nan"],
)
def test_a_name_that_could_be_taken_for_something_else_is_reserved(app: Flask, name: str) -> None:
    with pytest.raises(ValidationFailed) as raised:
        accounts.register(name, PASSWORD)
    assert "reserved" in str(raised.value.details["username"])


@pytest.mark.parametrize("name", ["admins", "roots", "me2", "a.b", "ana_", "systems"])
def test_a_name_that_only_holds_a_reserved_one_is_free(app: Flask, name: str) -> None:
    assert accounts.register(name, PASSWORD).username == name


@pytest.mark.parametrize("name", ["admin", "root", "system"])
def test_the_operator_gives_reserved_names(app: Flask, name: str) -> None:
    assert accounts.create_user(name, PASSWORD).username == name
    assert sign_in(name).user.username == name


@pytest.mark.parametrize("name", ["me", "ME", ".", "..", "...", "._-"])
def test_nobody_gives_names_that_an_address_or_a_filter_means_otherwise(app: Flask, name: str) -> None:
    with pytest.raises(ValidationFailed):
        accounts.create_user(name, PASSWORD)


@pytest.mark.parametrize("password", ["", "12345", "x" * 73, "ñ" * 37])
def test_a_password_that_does_not_fit_is_refused(app: Flask, password: str) -> None:
    with pytest.raises(ValidationFailed) as raised:
        accounts.register("usuario", password)
    assert raised.value.details.keys() == {"password"}


@pytest.mark.parametrize("password", ["123456", "x" * 72, "ñ" * 36, "con\0nulo"])
def test_a_password_that_fits_signs_in(app: Flask, password: str) -> None:
    accounts.register("usuario", password)
    assert stands(sign_in("usuario", password))


def test_a_password_is_kept_as_its_hash_alone(user: User) -> None:
    assert user.hashed_password.startswith("$2b$")
    assert PASSWORD not in user.hashed_password


def test_a_name_is_taken_whatever_its_case(user: User) -> None:
    with pytest.raises(UsernameTaken):
        accounts.register("uSUARIO", PASSWORD)


def test_of_two_who_register_a_name_at_once_one_gets_it(app: Flask) -> None:
    outcomes: list[object] = []

    def register() -> None:
        with app.app_context():
            try:
                outcomes.append(type(accounts.register("usuario", PASSWORD)))
            except UsernameTaken as error:
                outcomes.append(type(error))

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == sorted(map(str, [User, UsernameTaken, UsernameTaken, UsernameTaken]))


def test_a_login_is_an_identity_until_it_ends(user: User) -> None:
    login, other = sign_in(), sign_in("USUARIO")
    identity = accounts.identity(user.user_id, login.session_id)
    assert identity is not None
    assert (identity.username, identity.role, identity.is_active) == ("Usuario", "user", True)
    accounts.logout(login.session_id)
    accounts.logout(login.session_id)
    assert (stands(login), stands(other)) == (False, True)


def test_a_login_is_of_its_user_alone(user: User) -> None:
    assert accounts.identity(user.user_id + 1, sign_in().session_id) is None


def test_a_login_expires(user: User) -> None:
    login = sign_in()
    db.session.get_one(AuthSession, login.session_id).expires_at = utc_now() - timedelta(seconds=1)
    db.session.commit()
    assert not stands(login)
    with pytest.raises(InvalidToken):
        accounts.refresh(login.session_id)


def test_expired_logins_are_removed_at_the_next(user: User) -> None:
    old = sign_in()
    db.session.get_one(AuthSession, old.session_id).expires_at = utc_now()
    db.session.commit()
    new = sign_in()
    assert [one.session_id for one in db.session.query(AuthSession)] == [new.session_id]


@pytest.mark.parametrize(("name", "password"), [("nadie", PASSWORD), ("Usuario", "otra cosa"), ("Usuario", "x" * 100)])
def test_wrong_names_and_passwords_are_refused_alike(user: User, name: str, password: str) -> None:
    with pytest.raises(BadCredentials):
        sign_in(name, password)


@pytest.mark.parametrize("name", ["Usuario", "nadie"])
def test_a_password_is_compared_whether_or_not_there_is_a_user(
    user: User, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    compared: list[bytes] = []

    def compare(password: bytes, kept: bytes) -> bool:
        compared.append(kept[:7])
        return False

    monkeypatch.setattr(passwords.bcrypt, "checkpw", compare)
    with pytest.raises(BadCredentials):
        sign_in(name)
    assert compared == [b"$2b$04$"]


def test_a_password_changed_while_it_was_compared_begins_no_login(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def compare(password: str, kept: str | None) -> bool:
        accounts.reset_password("usuario", "otra frase larga")
        return True

    monkeypatch.setattr(passwords, "matches", compare)
    with pytest.raises(BadCredentials):
        sign_in()


def test_guessing_is_limited_by_name_and_address(user: User) -> None:
    for _ in range(5):
        with pytest.raises(BadCredentials):
            sign_in("usuario", "adivinando")
    with pytest.raises(RateLimited) as raised:
        sign_in("USUARIO", PASSWORD)
    assert 1 <= raised.value.retry_after_seconds <= 60
    assert stands(accounts.login("Usuario", PASSWORD, "203.0.113.8"))


def test_guesses_at_once_are_no_more_than_guesses_one_by_one(app: Flask, user: User) -> None:
    outcomes: list[type] = []

    def guess() -> None:
        with app.app_context():
            try:
                sign_in(password="adivinando")
            except (BadCredentials, RateLimited) as error:
                outcomes.append(type(error))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(BadCredentials) == 5
    assert outcomes.count(RateLimited) == 7


def test_a_success_forgets_the_failures(user: User) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(BadCredentials):
                sign_in(password="adivinando")
        sign_in()


def test_changing_the_password_ends_the_other_logins(user: User) -> None:
    mine, other = sign_in(), sign_in()
    accounts.change_password(user.user_id, PASSWORD, "otra frase larga", mine.session_id)
    assert (stands(mine), stands(other)) == (True, False)
    with pytest.raises(BadCredentials):
        sign_in()
    assert stands(sign_in(password="otra frase larga"))


def test_changing_the_password_needs_the_present_one_and_guessing_it_is_limited(user: User) -> None:
    for error in [BadCredentials] * 5 + [RateLimited]:
        with pytest.raises(error):
            accounts.change_password(user.user_id, "adivinando", "otra frase larga", uuid4())


def test_resetting_a_password_ends_all_logins(user: User) -> None:
    login = sign_in()
    accounts.reset_password("usuario", "otra frase larga")
    assert not stands(login)


def test_deactivating_ends_all_logins_and_lets_none_begin(user: User) -> None:
    login = sign_in()
    accounts.deactivate("usuario")
    assert not stands(login)
    with pytest.raises(BadCredentials):
        sign_in()


def test_a_promotion_holds_for_logins_that_stand(user: User) -> None:
    login = sign_in()
    accounts.set_role("usuario", Role.ADMIN)
    identity = accounts.identity(user.user_id, login.session_id)
    assert identity is not None
    assert identity.role == "admin"


def test_deleting_a_user_ends_their_logins(user: User) -> None:
    login = sign_in()
    erasure.delete_user(user.user_id)
    assert not stands(login)
    with pytest.raises(NotFound):
        accounts.user(user.user_id)


@pytest.mark.parametrize("change", [partial(accounts.set_role, role=Role.USER), accounts.activate, accounts.deactivate])
def test_nobody_can_be_changed_who_is_not_there(app: Flask, change: object) -> None:
    with pytest.raises(NotFound):
        change("nadie")  # type: ignore[operator]


def test_users_are_listed_in_the_order_in_which_they_came(user: User) -> None:
    accounts.create_user("admin", PASSWORD, "admin")
    assert [(one.username, one.role) for one in accounts.list_users()] == [("Usuario", "user"), ("admin", "admin")]
