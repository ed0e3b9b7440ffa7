"""Which names the server answers to: a page that had its own name point here (DNS rebinding) is refused."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

EVIL = "evil.example:8000"
PATHS = ["/", "/dashboard", "/api/v1/health", "/api/v1/dashboard/stats", "/metrics", "/static/favicon.svg", "/nowhere"]
STREAMS = ["/ws", "/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=websocket"]
OWN = [
    "localhost",
    "localhost:8000",
    "LOCALHOST",
    "localhost.",
    "127.0.0.1:8000",
    "[::1]:8000",
    "10.1.2.3:8000",
    "[fe80::1]",
]
STRANGE = [
    EVIL,
    "localhost.evil.example",
    "evil.localhost.example",
    "127.0.0.1.evil.example",
    "evil.example.",
    "[",
    "",
    "::1",
]


def ask(app: Flask, path: str, host: str, **headers: str) -> tuple[int, dict]:
    """Return the status and the JSON of an answer to a GET, whichever part of the program gives it."""
    environ = EnvironBuilder(path=path, headers=headers).get_environ()
    environ["HTTP_HOST"] = host
    body, status, _ = run_wsgi_app(app.wsgi_app, environ)
    text = b"".join(body)
    return int(status.split()[0]), app.json.loads(text) if text[:1] == b"{" else {}


def is_refused(answer: tuple[int, dict]) -> bool:
    status, body = answer
    return status == 403 and body["error"]["code"] == "forbidden" and "ALLOWED_HOSTS" in body["error"]["message"]


@pytest.mark.parametrize("path", [*PATHS, *STREAMS])
def test_every_part_refuses_a_name_that_is_not_the_servers(app: Flask, path: str) -> None:
    assert is_refused(ask(app, path, EVIL, Connection="Upgrade", Upgrade="websocket"))


@pytest.mark.parametrize("host", STRANGE)
def test_a_name_that_only_looks_like_the_servers_is_refused(app: Flask, host: str) -> None:
    assert is_refused(ask(app, "/api/v1/emotions", host))


@pytest.mark.parametrize("host", OWN)
def test_the_servers_own_names_and_every_address_are_answered(app: Flask, host: str) -> None:
    assert ask(app, "/api/v1/emotions", host)[0] == 200


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/v1/health/live"])
def test_an_orchestrator_probes_by_address(app: Flask, path: str) -> None:
    assert ask(app, path, "10.244.3.17:8000")[0] == 200


def test_a_client_without_a_host_is_answered(app: Flask) -> None:
    environ = EnvironBuilder(path="/api/v1/emotions").get_environ()
    del environ["HTTP_HOST"]
    assert run_wsgi_app(app.wsgi_app, environ)[1].startswith("200")


def test_a_browser_sees_a_page(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": EVIL, "Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "Content-Security-Policy" in answer.headers


def test_a_header_that_no_proxy_added_changes_nothing(app: Flask) -> None:
    assert is_refused(ask(app, "/api/v1/emotions", EVIL, **{"X-Forwarded-Host": "localhost"}))


class TestSet:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"HOST": "0.0.0.0", "ALLOWED_HOSTS": "visionai.example.org, Other.Example.org"}

    @pytest.mark.parametrize("host", ["visionai.example.org", "other.example.org:443", "10.0.0.1"])
    def test_the_names_that_are_set_are_answered(self, app: Flask, host: str) -> None:
        assert ask(app, "/api/v1/emotions", host)[0] == 200

    @pytest.mark.parametrize("host", ["localhost", "evil.example", "sub.visionai.example.org"])
    def test_no_other_name_is(self, app: Flask, host: str) -> None:
        assert is_refused(ask(app, "/api/v1/emotions", host))


class TestAnywhere:
    @pytest.fixture(
        params=[{"HOST": "0.0.0.0"}, {"HOST": "::"}, {"ALLOWED_HOSTS": "*"}, {"TRUSTED_PROXIES": "1"}], ids=str
    )
    def settings(self, request: pytest.FixtureRequest) -> dict[str, str]:
        return request.param

    def test_any_name_is_answered(self, app: Flask) -> None:
        assert ask(app, "/api/v1/emotions", "visionai.example.org")[0] == 200

    def test_figures_are_not_shown_to_a_name_that_was_pointed_here(self, app: Flask) -> None:
        assert ask(app, "/metrics", EVIL)[0] == 404


class TestBehindAProxy:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"TRUSTED_PROXIES": "1", "ALLOWED_HOSTS": "visionai.example.org"}

    def test_the_name_that_the_proxy_was_asked_for_counts(self, app: Flask) -> None:
        assert ask(app, "/api/v1/emotions", "upstream", **{"X-Forwarded-Host": "visionai.example.org"})[0] == 200
        assert is_refused(ask(app, "/api/v1/emotions", "visionai.example.org", **{"X-Forwarded-Host": "evil.example"}))


class TestListeningOnAName:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"HOST": "127.0.0.53"}

    def test_the_address_that_it_listens_on_is_answered(self, app: Flask) -> None:
        assert ask(app, "/api/v1/emotions", "127.0.0.53:8000")[0] == 200
        assert is_refused(ask(app, "/api/v1/emotions", EVIL))
