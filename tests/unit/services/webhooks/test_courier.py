"""The courier of a process: turns, lanes, and what stays for the next process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.support import receivers
from tests.support.receivers import OK, receiving
from tests.support.waiting import eventually
from tests.unit.services.webhooks.conftest import refreshed
from visionai.models import Webhook, WebhookDelivery
from visionai.services.webhooks import courier, deliveries, webhooks
from visionai.services.webhooks.courier import FOR_FAILING, THREADS, Courier
from visionai.services.webhooks.sending import Failure, Outcome, Parcel, Sender

Deliveries = Callable[[], list[WebhookDelivery]]


class Gate:
    """Sends nothing; tries wait until they are let through, and are remembered by their webhook."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self._open = threading.Event()

    def __call__(self, parcel: Parcel) -> Outcome:
        self.begun.append(parcel.webhook_id)
        self._open.wait(30)
        return Outcome(200)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


def several(user_id: int, webhook: Webhook, count: int) -> None:
    for _ in range(count):
        deliveries.test(user_id, webhook.uid)


def fail_once(webhook: Webhook, user_id: int) -> None:
    """Let a webhook's last try have failed; its delivery waits for another day."""
    deliveries.test(user_id, webhook.uid)
    failing = Courier(lambda parcel: Outcome(failure=Failure.TIMEOUT), 10)
    failing.turn()
    assert eventually(lambda: failing._done)
    failing.settle()
    assert refreshed(webhook).failures == 1


def test_what_is_due_is_sent_and_settled(user_id: int, webhook: Webhook, told: Deliveries) -> None:
    several(user_id, webhook, 3)
    sent: list[Parcel] = []

    def send(parcel: Parcel) -> Outcome:
        sent.append(parcel)
        return Outcome(204, None, 5)

    ours = Courier(send, 10)
    assert eventually(lambda: ours.turn() or all(one.status == "delivered" for one in told()))
    assert [(one.status, one.tries, one.last_status) for one in told()] == [("delivered", 1, 204)] * 3
    assert sorted(parcel.delivery_id for parcel in sent) == [one.delivery_id for one in told()]
    assert ours.busy == 0


def test_a_webhook_has_no_more_than_its_share_of_the_threads(user_id: int, webhook: Webhook, gate: Gate) -> None:
    several(user_id, webhook, THREADS)
    ours = Courier(gate, 10)
    ours.turn()
    ours.turn()
    assert ours.busy == courier.PER_WEBHOOK


def test_receivers_that_hang_leave_room_for_the_others(user_id: int, webhook: Webhook, gate: Gate) -> None:
    hanging = [webhooks.create(user_id, "https://example.org/hangs", ["rule.fired"]) for _ in range(FOR_FAILING + 2)]
    for one in hanging:
        fail_once(one, user_id)
    for one in hanging:
        several(user_id, one, 2)
    ours = Courier(gate, 10)
    ours.turn()
    assert eventually(lambda: len(gate.begun) == FOR_FAILING)
    assert len(set(gate.begun)) == FOR_FAILING
    several(user_id, webhook, 1)
    ours.turn()
    assert eventually(lambda: webhook.webhook_id in gate.begun)
    assert ours.busy == FOR_FAILING + 1


def test_a_real_receiver_that_hangs_delays_nobody(app: Flask, user_id: int, told: Deliveries) -> None:
    app.config["WEBHOOK_PRIVATE_TARGETS"] = True
    with receiving(receivers.hang) as hanging, receiving() as quick:
        ours = Courier(Sender(30.0, private=True).send, 10)
        bad, good = (webhooks.create(user_id, one.url, ["session.ended"]) for one in (hanging, quick))
        several(user_id, bad, 6)
        several(user_id, good, 2)
        assert eventually(lambda: ours.turn() or sum(one.status == "delivered" for one in told()) == 2)
        assert len(quick.requests) == 2
        assert hanging.connections == courier.PER_WEBHOOK
        hanging.answer = lambda connection: connection.sendall(OK)
        app.extensions["webhook_sender"].abort()


@pytest.mark.databases
def test_two_couriers_send_each_once(app: Flask, user_id: int, webhook: Webhook, told: Deliveries) -> None:
    several(user_id, webhook, 20)
    sent: list[int] = []

    def send(parcel: Parcel) -> Outcome:
        sent.append(parcel.delivery_id)
        return Outcome(200)

    def go_on() -> None:
        ours = Courier(send, 10)
        with app.app_context():
            eventually(lambda: ours.turn() or all(one.status == "delivered" for one in told()), seconds=60)

    threads = [threading.Thread(target=go_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [one.delivery_id for one in told()]
    assert {one.status for one in told()} == {"delivered"}


def test_a_try_that_breaks_in_our_own_hands_is_a_failed_one(
    user_id: int, webhook: Webhook, told: Deliveries, caplog: pytest.LogCaptureFixture
) -> None:
    several(user_id, webhook, 1)

    def broken(_: Parcel) -> Outcome:
        raise ZeroDivisionError

    ours = Courier(broken, 10)
    assert eventually(lambda: ours.turn() or told()[0].error)
    assert (told()[0].status, told()[0].error) == ("pending", "internal")
    assert "A delivery broke off" in caplog.text


def test_one_that_is_closed_takes_nothing_more(user_id: int, webhook: Webhook, gate: Gate) -> None:
    several(user_id, webhook, 1)
    ours = Courier(gate, 10)
    ours.close()
    ours.turn()
    assert ours.busy == 0


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Deliveries:
    found: Deliveries = request.getfixturevalue("deliveries")
    return found
