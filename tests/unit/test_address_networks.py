"""Callers are counted by their network: an IPv6 client has 2^64 addresses to choose from."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from visionai.addresses import network_of
from visionai.errors import RateLimited
from visionai.streaming.clients import clients_of

HERE, NEIGHBOUR, ELSEWHERE = "2001:db8:1:2::77", "2001:db8:1:2:aaaa::1", "2001:db8:1:3::77"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.77", "203.0.113.77"),
        ("::ffff:203.0.113.77", "203.0.113.77"),
        (HERE, "2001:db8:1:2::/64"),
        (NEIGHBOUR, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        (None, ""),
        ("nonsense", ""),
    ],
)
def test_a_key_is_an_ipv4_address_or_an_ipv6_network(address: str | None, key: str) -> None:
    assert network_of(address) == key


class TestWithLimits:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"RATE_LIMIT": "2/minute", "LOGIN_ATTEMPTS_PER_MINUTE": "1", "MAX_CLIENTS_PER_ADDRESS": "1"}

    def ask(self, client: FlaskClient, address: str) -> int:
        return client.get("/api/v1/emotions", environ_overrides={"REMOTE_ADDR": address}).status_code

    def test_requests_of_a_network_share_a_limit(self, client: FlaskClient) -> None:
        assert [self.ask(client, address) for address in (HERE, NEIGHBOUR, HERE, ELSEWHERE)] == [200, 200, 429, 200]

    def test_sockets_of_a_network_share_a_limit(self, app: Flask) -> None:
        streams = clients_of(app)
        streams.take_place(HERE)
        with pytest.raises(RateLimited):
            streams.take_place(NEIGHBOUR)
        streams.take_place(ELSEWHERE)
        streams.leave_place(HERE)
        streams.take_place(NEIGHBOUR)

    def test_failed_logins_of_a_network_share_a_limit(self, client: FlaskClient) -> None:
        account = {"username": "nobody", "password": "a wrong one"}
        answers = [
            client.post("/api/v1/auth/login", json=account, environ_overrides={"REMOTE_ADDR": address})
            for address in (HERE, NEIGHBOUR)
        ]
        codes = [answer.json["error"]["code"] for answer in answers]
        assert codes == ["bad_credentials", "rate_limited"]
