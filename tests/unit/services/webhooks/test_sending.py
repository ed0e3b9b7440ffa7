"""Tries of deliveries to receivers of every kind."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.support import receivers
from tests.support.receivers import Receiver, receiving, saying
from tests.unit.services.webhooks.conftest import a_parcel
from visionai.services.webhooks import sending, wire
from visionai.services.webhooks.sending import Failure, Outcome, Sender

PATIENCE = 20.0
"""Seconds that a try may take, where it is not about that."""


def own() -> Sender:
    """A sender that may go to one's own network."""
    return Sender(PATIENCE, private=True)


def result(outcome: Outcome) -> tuple[int | None, Failure | None]:
    return outcome.status, outcome.failure


def test_the_request_is_signed_as_the_standards_library_reads_it() -> None:
    parcel = a_parcel("", payload='{"type":"session.ended","data":"ñ"}')
    with receiving() as receiver:
        assert result(own().send(_to(receiver, parcel))) == (204, None)
    [request] = receiver.requests
    assert request.line == "POST /hook HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["webhook-id"] == str(parcel.uid)
    assert Webhook(parcel.secret).verify(request.body, request.headers) == {"type": "session.ended", "data": "ñ"}


def test_a_changed_body_does_not_verify() -> None:
    parcel = a_parcel("")
    headers = sending.headers(parcel, datetime.now(UTC))
    with pytest.raises(WebhookVerificationError):
        Webhook(parcel.secret).verify('{"a":1}', headers)


def test_a_request_that_is_sent_again_later_does_not_verify() -> None:
    parcel = a_parcel("")
    headers = sending.headers(parcel, datetime.now(UTC) - timedelta(minutes=6))
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(parcel.secret).verify(parcel.payload, headers)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("HTTP/1.1 200 OK", (200, None)),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted", (202, None)),
        ("HTTP/1.1 410 Gone", (410, Failure.STATUS)),
        ("HTTP/1.1 500 Oops", (500, Failure.STATUS)),
        ("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/", (301, Failure.REDIRECT)),
        ("SSH-2.0-OpenSSH", (None, Failure.BAD_ANSWER)),
    ],
)
def test_the_status_decides(head: str, expected: tuple[int | None, Failure | None]) -> None:
    with receiving(saying(head)) as receiver:
        assert result(own().send(_to(receiver, a_parcel("")))) == expected


def test_a_redirect_is_not_followed() -> None:
    with receiving() as inside, receiving(saying(f"HTTP/1.1 307 Go\r\nLocation: {inside.url}")) as receiver:
        assert own().send(_to(receiver, a_parcel(""))).failure is Failure.REDIRECT
        assert inside.connections == 0


@pytest.mark.parametrize("answer", [receivers.hang, receivers.drip])
def test_a_receiver_that_hangs_or_drips_is_left_at_the_deadline(answer: receivers.Answer) -> None:
    with receiving(answer) as receiver:
        assert result(Sender(0.5, private=True).send(_to(receiver, a_parcel("")))) == (None, Failure.TIMEOUT)


def test_of_an_answer_of_a_gigabyte_nothing_but_the_status_is_read() -> None:
    with receiving(receivers.endless) as receiver:
        assert result(own().send(_to(receiver, a_parcel("")))) == (200, None)


def test_headers_without_end_are_cut() -> None:
    with receiving(receivers.endless_headers) as receiver:
        outcome = own().send(_to(receiver, a_parcel("")))
    assert outcome.failure in (Failure.CONNECTION, Failure.BAD_ANSWER)


def test_nobody_at_the_port_is_a_failed_connection() -> None:
    with receiving() as receiver:
        pass
    assert own().send(_to(receiver, a_parcel(""))).failure is Failure.CONNECTION


def test_a_name_that_does_not_resolve_is_said_so() -> None:
    def resolve(*_: object) -> list[str]:
        raise OSError

    outcome = Sender(PATIENCE, private=False, resolve=resolve).send(a_parcel("https://example.org/"))
    assert result(outcome) == (None, Failure.UNRESOLVED)


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://example.org/", "https://localhost/"])
def test_an_address_that_was_allowed_once_is_checked_again(url: str) -> None:
    assert Sender(PATIENCE, private=False).send(a_parcel(url)).failure is Failure.REFUSED_TARGET


class Alternating:
    """A resolver whose answer is public the first time and loopback ever after, as an attacker's would be."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *_: object) -> list[str]:
        self.asked += 1
        return ["8.8.8.8"] if self.asked == 1 else ["127.0.0.1"]


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[str] = []

    def connect(self: wire.Wire, address: str, port: int, patience: float) -> None:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(wire.Wire, "connect", connect)
    resolve = Alternating()
    sender = Sender(PATIENCE, private=False, resolve=resolve)
    assert sender.send(a_parcel("https://example.org/")).failure is Failure.CONNECTION
    assert (resolve.asked, connected) == (1, ["8.8.8.8"])
    assert sender.send(a_parcel("https://example.org/")).failure is Failure.REFUSED_TARGET
    assert connected == ["8.8.8.8"]


def test_the_next_address_is_tried_where_the_first_takes_nothing() -> None:
    with receiving() as receiver:
        sender = Sender(PATIENCE, private=True, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
        parcel = a_parcel(f"http://hook.example:{receiver.port}/")
        assert result(sender.send(parcel)) == (204, None)
    assert receiver.requests[0].headers["host"] == f"hook.example:{receiver.port}"


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with receiving() as receiver:
        assert result(own().send(_to(receiver, a_parcel("")))) == (204, None)


def test_what_is_being_sent_can_be_broken_off() -> None:
    sender = own()

    def abort(_: object) -> None:
        sender.abort()

    with receiving(abort) as receiver:
        assert sender.send(_to(receiver, a_parcel(""))).failure is not None


class TestTLS:
    @pytest.fixture
    def certificate(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A certificate for hook.example, which this machine trusts, with its key."""
        file, options = tmp_path / "hook.pem", ["-days", "2", "-subj", "/CN=hook.example"]
        names = ["-addext", "subjectAltName=DNS:hook.example"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(file)]
        made = ["openssl", "req", "-x509", *key, *options, *names]
        done = subprocess.run(made, capture_output=True, check=True)
        with file.open("ab") as both:
            both.write(done.stdout)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        sending._trust.cache_clear()
        return file

    @pytest.fixture(autouse=True)
    def _forget(self) -> object:
        yield
        sending._trust.cache_clear()

    def test_the_name_is_verified_and_not_the_address(self, certificate: Path) -> None:
        sender = Sender(PATIENCE, private=True, resolve=lambda *_: ["127.0.0.1"])
        parcel = a_parcel("", payload='{"a":"' + "ñ" * 50_000 + '"}')
        with receiving(certificate=certificate) as receiver:
            here = _to(receiver, parcel, f"https://hook.example:{receiver.port}/hook")
            assert result(sender.send(here)) == (204, None)
            assert receiver.requests[0].body == parcel.payload.encode()
            there = _to(receiver, parcel, f"https://other.example:{receiver.port}/hook")
            assert result(sender.send(there)) == (None, Failure.TLS)
        assert len(receiver.requests) == 1

    def test_one_that_hangs_is_left_at_the_deadline(self, certificate: Path) -> None:
        sender = Sender(1.0, private=True, resolve=lambda *_: ["127.0.0.1"])
        with receiving(receivers.hang, certificate) as receiver:
            outcome = sender.send(_to(receiver, a_parcel(""), f"https://hook.example:{receiver.port}/"))
        assert result(outcome) == (None, Failure.TIMEOUT)

    def test_whoever_is_not_trusted_gets_nothing(self, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        sending._trust.cache_clear()
        sender = Sender(PATIENCE, private=True, resolve=lambda *_: ["127.0.0.1"])
        with receiving(certificate=certificate) as receiver:
            outcome = sender.send(_to(receiver, a_parcel(""), f"https://hook.example:{receiver.port}/"))
        assert result(outcome) == (None, Failure.TLS)
        assert receiver.requests == []


def _to(receiver: Receiver, parcel: sending.Parcel, url: str | None = None) -> sending.Parcel:
    changes = {name: getattr(parcel, name) for name in ("uid", "secret", "payload")}
    return a_parcel(url or receiver.url, **changes)
