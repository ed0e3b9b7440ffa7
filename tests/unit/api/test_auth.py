from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.unit.api.conftest import PASSWORD, Login
from tests.unit.api.images import png
from visionai.services.accounts import accounts

pytestmark = pytest.mark.databases

AUTH = "/api/v1/auth"
CREDENTIALS = {"username": "usuario", "password": PASSWORD}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_registering_answers_with_the_user_and_nothing_secret(client: FlaskClient) -> None:
    answer = client.post(f"{AUTH}/register", json=CREDENTIALS)
    assert answer.status_code == 201
    assert answer.json.keys() == {"user_id", "username", "is_active", "created_at"}
    assert answer.json["username"] == "usuario"
    assert answer.json["is_active"] is True


def test_a_name_is_taken_whatever_its_case(client: FlaskClient, login: Login) -> None:
    login("Usuario")
    answer = client.post(f"{AUTH}/register", json=CREDENTIALS)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "username_taken")


def test_unknown_fields_of_older_clients_are_passed_over(client: FlaskClient) -> None:
    assert client.post(f"{AUTH}/register", json={**CREDENTIALS, "email": "a@example.org"}).status_code == 201


class TestWithRegistrationClosed:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"REGISTRATION": "closed"}

    def test_registering_is_forbidden(self, client: FlaskClient) -> None:
        answer = client.post(f"{AUTH}/register", json=CREDENTIALS)
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "forbidden")


def test_a_login_gives_both_tokens_and_how_long_they_last(app: Flask, client: FlaskClient, login: Login) -> None:
    login()
    answer = client.post(f"{AUTH}/login", json=CREDENTIALS)
    assert answer.json.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("bearer", 24 * 60 * 60)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_wrong_name_wrong_password_and_inactive_user_are_one_answer(client: FlaskClient, login: Login) -> None:
    login("activo")
    login("inactivo")
    accounts.deactivate("inactivo")
    attempts = [
        {"username": "nadie", "password": PASSWORD},
        {"username": "activo", "password": "otra cosa"},
        {"username": "inactivo", "password": PASSWORD},
        {"username": "activo", "password": "x" * 500},
        {"username": "activo", "password": ""},
    ]
    answers = [client.post(f"{AUTH}/login", json=attempt) for attempt in attempts]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert answers[0].json["error"]["code"] == "bad_credentials"


def test_guessing_is_slowed_down_and_told_for_how_long(client: FlaskClient, login: Login) -> None:
    login()
    wrong = {**CREDENTIALS, "password": "adivinando"}
    answers = [client.post(f"{AUTH}/login", json=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].json["error"]["code"] == "rate_limited"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_the_refresh_token_gives_a_new_access_token(client: FlaskClient, login: Login) -> None:
    login()
    tokens = client.post(f"{AUTH}/login", json=CREDENTIALS).json
    answer = client.post(f"{AUTH}/refresh", headers=bearer(tokens["refresh_token"]))
    assert answer.json.keys() == {"access_token", "token_type", "expires_in"}
    assert client.get(f"{AUTH}/verify", headers=bearer(answer.json["access_token"])).status_code == 200


def test_an_access_token_is_no_refresh_token(client: FlaskClient, login: Login) -> None:
    answer = client.post(f"{AUTH}/refresh", headers=login())
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "invalid_token")


def test_refreshing_without_a_token_is_refused(client: FlaskClient) -> None:
    assert client.post(f"{AUTH}/refresh").status_code == 401


def test_logging_out_ends_both_tokens_of_that_login_and_no_other(client: FlaskClient, login: Login) -> None:
    other = login()
    tokens = client.post(f"{AUTH}/login", json=CREDENTIALS).json
    assert client.post(f"{AUTH}/logout", headers=bearer(tokens["access_token"])).status_code == 204
    assert client.get(f"{AUTH}/verify", headers=bearer(tokens["access_token"])).status_code == 401
    assert client.post(f"{AUTH}/refresh", headers=bearer(tokens["refresh_token"])).status_code == 401
    assert client.get(f"{AUTH}/verify", headers=other).status_code == 200


@pytest.mark.parametrize("path", ["verify", "users/me"])
def test_the_user_sees_themselves_with_their_role(client: FlaskClient, login: Login, path: str) -> None:
    answer = client.get(f"{AUTH}/{path}", headers=login())
    assert answer.json.keys() == {"user_id", "username", "is_active", "created_at", "role"}
    assert (answer.json["username"], answer.json["role"]) == ("usuario", "user")


def test_the_scheme_of_the_header_may_be_in_any_case(client: FlaskClient, login: Login) -> None:
    token = login()["Authorization"].removeprefix("Bearer ")
    assert client.get(f"{AUTH}/verify", headers={"Authorization": f"bearer {token}"}).status_code == 200


def test_a_new_password_ends_the_other_logins(client: FlaskClient, login: Login) -> None:
    other, this = login(), login()
    change = {"current_password": PASSWORD, "new_password": "otra frase larga"}
    assert client.put(f"{AUTH}/users/me/password", json=change, headers=this).status_code == 204
    assert client.get(f"{AUTH}/verify", headers=other).status_code == 401
    assert client.get(f"{AUTH}/verify", headers=this).status_code == 200
    renewed = client.post(f"{AUTH}/login", json={**CREDENTIALS, "password": "otra frase larga"})
    assert renewed.status_code == 200


def test_the_password_changes_only_with_the_one_there_is(client: FlaskClient, login: Login) -> None:
    change = {"current_password": "no es esta", "new_password": "otra frase larga"}
    answer = client.put(f"{AUTH}/users/me/password", json=change, headers=login())
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "bad_credentials")


def test_the_export_holds_the_user_their_logins_and_their_predictions(client: FlaskClient, login: Login) -> None:
    headers = login()
    client.post("/api/v1/predict", data=png(64, 48), content_type="image/png", headers=headers)
    text = client.get(f"{AUTH}/users/me/export", headers=headers).get_data(as_text=True)
    assert "usuario" in text
    assert "happy" in text
    assert "hashed_password" not in text
    assert "$2b$" not in text


def test_deleting_the_predictions_leaves_the_user_and_nothing_of_the_figures(client: FlaskClient, login: Login) -> None:
    headers = login()
    client.post("/api/v1/predict", data=png(64, 48), content_type="image/png", headers=headers)
    assert client.delete(f"{AUTH}/users/me/predictions", headers=headers).status_code == 204
    assert client.get("/api/v1/dashboard/stats").json["total_predictions"] == 0
    assert client.get(f"{AUTH}/verify", headers=headers).status_code == 200


def test_deleting_the_user_ends_everything(client: FlaskClient, login: Login) -> None:
    headers = login()
    client.post("/api/v1/predict", data=png(64, 48), content_type="image/png", headers=headers)
    assert client.delete(f"{AUTH}/users/me", headers=headers).status_code == 204
    assert client.get(f"{AUTH}/verify", headers=headers).status_code == 401
    assert client.post(f"{AUTH}/login", json=CREDENTIALS).status_code == 401
    assert client.get("/api/v1/dashboard/recent").json["count"] == 0


class TestTheRefreshCookie:
    WEB = {"X-VisionAI-Client": "web"}

    @pytest.fixture(autouse=True)
    def _signed_in(self, client: FlaskClient, login: Login) -> None:
        login()
        self.answer = client.post(f"{AUTH}/login?cookie=true", json=CREDENTIALS)

    def test_takes_the_place_of_the_token_in_the_body(self) -> None:
        assert self.answer.json.keys() == {"access_token", "token_type", "expires_in"}

    def test_is_kept_from_scripts_other_sites_and_other_addresses(self) -> None:
        cookie = self.answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/api/v1/auth/refresh" in cookie
        assert re.search(r"Max-Age=(\d+)", cookie).group(1) == str(30 * 24 * 60 * 60)  # type: ignore[union-attr]

    def test_is_secure_over_https(self, client: FlaskClient) -> None:
        answer = client.post(f"{AUTH}/login?cookie=true", json=CREDENTIALS, base_url="https://localhost")
        assert "Secure" in answer.headers["Set-Cookie"]

    def test_refreshes_for_a_page_of_ours(self, client: FlaskClient) -> None:
        answer = client.post(f"{AUTH}/refresh", headers=self.WEB)
        assert client.get(f"{AUTH}/verify", headers=bearer(answer.json["access_token"])).status_code == 200

    def test_is_nothing_worth_without_the_header_of_our_pages(self, client: FlaskClient) -> None:
        assert client.post(f"{AUTH}/refresh").status_code == 401

    def test_is_gone_after_logging_out(self, client: FlaskClient) -> None:
        client.post(f"{AUTH}/logout", headers=bearer(self.answer.json["access_token"]))
        assert client.get_cookie("visionai_refresh", path="/api/v1/auth/refresh") is None
        assert client.post(f"{AUTH}/refresh", headers=self.WEB).status_code == 401
