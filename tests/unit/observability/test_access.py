"""Who may read /metrics: this very machine, or whoever has the token."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from visionai.errors import InvalidToken, NotFound
from visionai.observability.access import is_loopback, require_operator

OPEN, MISSING, REFUSED = 200, 404, 401


def ask(peer: str, headers: dict[str, str], token: str = "", proxies: int = 0) -> int:
    """The status of a request from `peer` for something that is an operator's."""
    app = Flask(__name__)
    app.config.update(METRICS_TOKEN=token, TRUSTED_PROXIES=proxies)
    app.add_url_rule("/", "page", lambda: require_operator() or "ok")
    app.register_error_handler(NotFound, lambda error: ("", MISSING))
    app.register_error_handler(InvalidToken, lambda error: ("", REFUSED))
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies)
    return app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": peer}).status_code


@pytest.mark.parametrize(
    ("peer", "headers", "proxies", "status"),
    [
        ("127.0.0.1", {}, 0, OPEN),
        ("::1", {}, 0, OPEN),
        ("127.0.0.1", {}, 1, OPEN),
        ("192.0.2.1", {}, 0, MISSING),
        ("", {}, 0, MISSING),
        # A proxy on this machine that nobody told us of.
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 0, MISSING),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 0, MISSING),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 0, MISSING),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 0, MISSING),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 0, MISSING),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, 0, MISSING),
        ("127.0.0.1", {"X-Forwarded-Anything": ""}, 0, MISSING),
        ("127.0.0.1", {"CF-Connecting-IP": "192.0.2.1"}, 0, MISSING),
        # A browser of this machine that was led here by another name.
        ("127.0.0.1", {"Host": "evil.example"}, 0, MISSING),
        ("127.0.0.1", {"Host": "127.0.0.1:8000"}, 0, OPEN),
        # One that we know of, on this machine and elsewhere.
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 1, MISSING),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 1, MISSING),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 1, MISSING),
        ("192.0.2.9", {"X-Forwarded-For": "127.0.0.1"}, 1, MISSING),
        # A client that forges an entry before the one that the proxy adds, and one where the proxies are miscounted.
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 192.0.2.1"}, 1, MISSING),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 192.0.2.1"}, 2, MISSING),
        ("192.0.2.9", {}, 1, MISSING),
    ],
)
def test_without_a_token_only_this_machine_reads_it(
    peer: str, headers: dict[str, str], proxies: int, status: int
) -> None:
    assert ask(peer, headers, proxies=proxies) == status


@pytest.mark.parametrize(
    ("peer", "sent", "status"),
    [
        ("192.0.2.1", "Bearer right", OPEN),
        ("192.0.2.1", "bearer right", OPEN),
        ("192.0.2.1", "Bearer wrong", REFUSED),
        ("192.0.2.1", "Bearer ", REFUSED),
        ("192.0.2.1", "Basic right", REFUSED),
        ("192.0.2.1", None, REFUSED),
        ("127.0.0.1", None, OPEN),
        ("127.0.0.1", "Bearer right", OPEN),
        ("127.0.0.1", "Bearer wrong", REFUSED),
        ("192.0.2.1", "Bearer ñandú", REFUSED),
    ],
)
def test_with_a_token_whoever_shows_it_reads_it(peer: str, sent: str | None, status: int) -> None:
    headers = {} if sent is None else {"Authorization": sent.encode().decode("latin-1")}
    assert ask(peer, headers, token="right") == status


def test_a_shown_token_is_worth_nothing_where_none_is_set() -> None:
    assert ask("192.0.2.1", {"Authorization": "Bearer "}) == MISSING


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("localhost", False),
        ("", False),
        (None, False),
    ],
)
def test_loopback_addresses_are_known(address: str | None, own: bool) -> None:
    assert is_loopback(address) is own
