"""Spans wait in a bounded queue and are sent by a native thread, whatever the collector does."""

from __future__ import annotations

import logging

import pytest

from tests.support.collector import Receiver, collecting
from tests.support.servers import free_port
from tests.support.waiting import eventually
from visionai.observability.tracing import export

from .conftest import Exporting


def names(receiver: Receiver) -> list[str]:
    return [span.name for span in receiver.spans]


def test_a_span_that_ended_arrives(exporting: Exporting, receiver: Receiver) -> None:
    _, tracer = exporting(receiver.url)
    tracer.start_span("one", attributes={"count": 3}).end()
    assert eventually(lambda: names(receiver)) == ["one"]


def test_a_full_batch_does_not_wait_for_its_turn(exporting: Exporting, receiver: Receiver) -> None:
    _, tracer = exporting(receiver.url, queue=3, delay=600.0)
    for name in ("one", "two", "three"):
        tracer.start_span(name).end()
    assert eventually(lambda: names(receiver)) == ["one", "two", "three"]


def test_what_waits_is_sent_at_the_end(
    exporting: Exporting, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "STOP_SECONDS", 30.0)
    exported, tracer = exporting(receiver.url, delay=600.0)
    tracer.start_span("last").end()
    exported.shutdown()
    assert names(receiver) == ["last"]


def test_while_a_collector_hangs_what_does_not_fit_the_queue_is_dropped(
    exporting: Exporting, receiver: Receiver
) -> None:
    receiver.hang()
    _, tracer = exporting(receiver.url, queue=3)
    tracer.start_span("hanging").end()
    receiver.asked.wait()
    for number in range(10):
        tracer.start_span(str(number)).end()
    receiver.let_go.set()
    assert eventually(lambda: len(receiver.spans) == 4)
    assert names(receiver) == ["hanging", "0", "1", "2"]


def test_the_end_breaks_off_what_hangs(exporting: Exporting, receiver: Receiver) -> None:
    receiver.hang()
    exported, tracer = exporting(receiver.url)
    tracer.start_span("hanging").end()
    receiver.asked.wait()
    exported.shutdown()
    assert eventually(lambda: not exported.running)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_a_collector_cannot_take_now_is_sent_again(exporting: Exporting, status: int) -> None:
    with collecting(Receiver(status, status)) as receiver:
        _, tracer = exporting(receiver.url)
        tracer.start_span("patient").end()
        assert eventually(lambda: names(receiver)) == ["patient"]


def test_what_a_collector_refuses_is_not_sent_again(exporting: Exporting) -> None:
    with collecting(Receiver(400)) as receiver:
        _, tracer = exporting(receiver.url)
        tracer.start_span("refused").end()
        assert eventually(lambda: not receiver.answers)
        tracer.start_span("next").end()
        assert eventually(lambda: names(receiver)) == ["next"]


def test_a_collector_that_is_away_is_said_once_and_that_it_is_back(
    exporting: Exporting, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "visionai.observability")
    with collecting(Receiver(400, 400, 400)) as receiver:
        _, tracer = exporting(receiver.url)
        for left in (2, 1, 0):
            tracer.start_span("refused").end()
            assert eventually(lambda left=left: len(receiver.answers) == left)
        tracer.start_span("taken").end()
        assert eventually(lambda: len(caplog.records) == 2)
    away, back = (record.getMessage() for record in caplog.records)
    assert away.endswith("HTTP 400")
    assert back.endswith("again; 3 were dropped so far")


def test_nobody_at_the_address_harms_nobody(exporting: Exporting, caplog: pytest.LogCaptureFixture) -> None:
    exported, tracer = exporting(f"http://127.0.0.1:{free_port()}")
    tracer.start_span("lost").end()
    assert eventually(lambda: "ConnectionRefusedError" in caplog.text)
    exported.shutdown()
    tracer.start_span("later").end()
    assert not exported.running


def test_what_was_not_sampled_is_not_sent(
    exporting: Exporting, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    exported, tracer = exporting(receiver.url)
    tracer.start_span("unsampled").end()
    exported.shutdown()
    assert receiver.bodies == []
