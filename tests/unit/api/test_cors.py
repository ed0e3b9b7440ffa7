from __future__ import annotations

import pytest
from flask.testing import FlaskClient

FRIEND = "https://app.example"
EMOTIONS = "/api/v1/emotions"


def test_no_other_origin_is_let_in_by_default(client: FlaskClient) -> None:
    answer = client.get(EMOTIONS, headers={"Origin": FRIEND})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


class TestWithAListedOrigin:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"CORS_ORIGINS": f"{FRIEND}, http://localhost:3000"}

    @pytest.mark.parametrize("origin", [FRIEND, "http://localhost:3000"])
    def test_it_may_call(self, client: FlaskClient, origin: str) -> None:
        answer = client.get(EMOTIONS, headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "Origin" in answer.headers["Vary"]

    def test_its_preflight_allows_what_the_api_needs_and_no_credentials(self, client: FlaskClient) -> None:
        asks = {"Origin": FRIEND, "Access-Control-Request-Method": "PUT"}
        answer = client.options("/api/v1/auth/users/me/password", headers=asks)
        assert answer.status_code == 200
        assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
        assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
        assert "X-Session-Receipt" in answer.headers["Access-Control-Allow-Headers"]
        assert "X-VisionAI-Client" not in answer.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers

    def test_it_can_read_errors_too(self, client: FlaskClient) -> None:
        answer = client.get("/api/v1/nothing", headers={"Origin": FRIEND})
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND

    @pytest.mark.parametrize("origin", ["https://evil.example", "https://app.example.evil", "null", None])
    def test_others_and_pages_without_an_origin_get_no_leave(self, client: FlaskClient, origin: str | None) -> None:
        answer = client.get(EMOTIONS, headers={"Origin": origin} if origin else {})
        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_only_the_api_is_open_to_it(self, client: FlaskClient) -> None:
        assert "Access-Control-Allow-Origin" not in client.get("/docs", headers={"Origin": FRIEND}).headers
