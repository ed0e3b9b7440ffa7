"""A tracer whose spans a collector on loopback takes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Tracer

from tests.support.collector import Receiver, collecting
from visionai.observability.tracing.collector import Collector
from visionai.observability.tracing.export import SpanExport

Exporting = Callable[..., tuple[SpanExport, Tracer]]


@pytest.fixture
def exporting() -> Iterator[Exporting]:
    """Make an export to an address, and a tracer whose spans go there."""
    with ExitStack() as stack:

        def make(url: str, queue: int = 100, delay: float = 0.01) -> tuple[SpanExport, Tracer]:
            export = SpanExport(Collector(url, {}, None, 20.0), queue, delay)
            provider = TracerProvider(shutdown_on_exit=False)
            provider.add_span_processor(export)
            export.start()
            stack.callback(export.shutdown)
            return export, provider.get_tracer("tests")

        yield make


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with collecting(Receiver()) as receiver:
        yield receiver


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of localhost, signed by itself, in one file."""
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    words = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {file}.key -out {file}.crt"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*words.split(), *names], check=True, capture_output=True)
    file.write_text(Path(f"{file}.key").read_text() + Path(f"{file}.crt").read_text())
    return file
