"""The path that a proxy took off a request, or leaves on it, is in links and cookies, where links can have it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from visionai.api import refresh_cookie


@pytest.fixture
def settings() -> dict[str, str]:
    return {"TRUSTED_PROXIES": "1"}


def links(client: FlaskClient, prefix: str) -> list[str]:
    page = client.get("/model", headers={"X-Forwarded-Prefix": prefix}).text
    return re.findall(r'(?:href|src|action)="(/[^"]*)"', page)


@pytest.mark.parametrize("prefix", ["/vision", "/vision/", "/a/b.c_d-e~f", "/other, /vision"])
def test_every_link_has_it(client: FlaskClient, prefix: str) -> None:
    expected = prefix.rpartition(",")[2].strip().rstrip("/")
    assert [link for link in links(client, prefix) if not link.startswith(f"{expected}/")] == []


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/..", "/a/../b", "/.", "evil", "/\\evil", '/"><script>', "/a b", "/a//b", "/é"]
)
def test_what_no_link_can_have_is_not_believed(client: FlaskClient, prefix: str) -> None:
    assert links(client, prefix) == links(client, "")


@pytest.mark.parametrize("settings", [{}], ids=["no proxy"])
def test_nobody_is_believed_where_no_proxy_is_trusted(client: FlaskClient, settings: dict[str, str]) -> None:
    assert links(client, "/vision") == links(client, "")


def test_the_cookie_of_a_login_is_sent_below_it_alone(client: FlaskClient) -> None:
    account = {"username": "ana", "password": "a good long one"}
    headers = {"X-Forwarded-Prefix": "/vision"}
    client.post("/api/v1/auth/register", json=account)
    answer = client.post("/api/v1/auth/login?cookie=true", json=account, headers=headers)
    assert f"Path=/vision{refresh_cookie.PATH}" in answer.headers["Set-Cookie"]


def test_the_chosen_language_is_remembered_below_it_alone(client: FlaskClient) -> None:
    chosen = {"language": "es", "next": "/vision/model"}
    answer = client.post("/language", data=chosen, headers={"X-Forwarded-Prefix": "/vision"})
    assert "Path=/vision/" in answer.headers["Set-Cookie"]
    assert answer.headers["Location"] == "/vision/model"


class TestSetting:
    """`SCRIPT_NAME`, for a proxy that leaves the path on what it passes on."""

    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"SCRIPT_NAME": "/vision/", "TRUSTED_PROXIES": "1"}

    @pytest.mark.parametrize("path", ["/vision/model", "/model"])
    def test_paths_are_served_with_it_and_without_and_every_link_has_it(self, client: FlaskClient, path: str) -> None:
        page = client.get(path)
        found = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
        assert page.status_code == 200
        assert found
        assert [link for link in found if not link.startswith("/vision/")] == []

    @pytest.mark.parametrize(("path", "status"), {"/vision": 200, "/visionary/model": 404, "/vision/x": 404}.items())
    def test_it_ends_where_a_segment_does(self, client: FlaskClient, path: str, status: int) -> None:
        assert client.get(path).status_code == status

    def test_a_proxy_that_says_another_one_is_believed(self, client: FlaskClient) -> None:
        assert [link for link in links(client, "/other") if not link.startswith("/other/")] == []
