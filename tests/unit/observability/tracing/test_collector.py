"""OTLP over HTTP on a native thread: with TLS and without, in a process of threads and one of greenlets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.collector import Receiver, collecting
from visionai import ROOT
from visionai.observability.tracing.collector import Collector, Unsent


def test_a_batch_is_posted_below_the_address_with_the_headers(receiver: Receiver) -> None:
    Collector(f"{receiver.url}/base/", {"api-key": "k"}, None, 10.0).send(b"")
    assert receiver.paths == ["/base/v1/traces"]
    (headers,) = receiver.headers
    assert (headers["Content-Type"], headers["api-key"]) == ("application/x-protobuf", "k")


def test_a_certificate_that_is_trusted_will_do(certificate: Path) -> None:
    with collecting(Receiver(), certificate) as receiver:
        Collector(receiver.url, {}, certificate, 10.0).send(b"x" * 1_000_000)
        assert len(receiver.bodies[0]) == 1_000_000


def test_a_certificate_of_nobody_known_is_refused(certificate: Path) -> None:
    with collecting(Receiver(), certificate) as receiver:
        with pytest.raises(Unsent, match="CERTIFICATE_VERIFY_FAILED"):
            Collector(receiver.url, {}, None, 10.0).send(b"")
        assert receiver.bodies == []


def test_a_certificate_of_another_name_is_refused(certificate: Path) -> None:
    with collecting(Receiver(), certificate) as receiver:
        with pytest.raises(Unsent, match="CERTIFICATE_VERIFY_FAILED"):
            Collector(receiver.url.replace("localhost", "127.0.0.1"), {}, certificate, 10.0).send(b"")
        assert receiver.bodies == []


PATCHED = """
import sys
from visionai import concurrency
concurrency.patch()
from pathlib import Path
from visionai.observability.tracing.collector import Collector
collector = Collector(sys.argv[1], {}, Path(sys.argv[2]) if sys.argv[2] else None, 10.0)
done = concurrency.Event()
threads = concurrency.NativeThreads(1, waiting=1, name="spans")
threads.submit(collector.send, b"body", on_done=lambda result, error: (print(error), done.set()))
for _ in range(20):
    concurrency.sleep(0.001)
print("went on", flush=True)
done.wait(30)
"""


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_greenlets_go_on_while_a_native_thread_waits_for_the_collector(certificate: Path, tls: bool) -> None:
    receiver = Receiver()
    receiver.hang()
    with collecting(receiver, certificate if tls else None):
        command = [sys.executable, "-c", PATCHED, receiver.url, str(certificate) if tls else ""]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        went_on = process.stdout.readline()
        receiver.let_go.set()
        printed, errors = process.communicate(timeout=60)
    assert (went_on, printed, errors) == ("went on\n", "None\n", "")
    assert receiver.bodies == [b"body"]
