"""Spans of a real server, as a collector on loopback takes them, and a server whose collector does not."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.support.collector import Receiver, collecting, values_of
from tests.support.images import face_jpeg
from tests.support.servers import ROOT, Server, environment_of, migrate, start_server
from tests.support.waiting import eventually
from tests.system.streaming.conftest import MODES, Client, RawClient

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
STEPS = ["decode", "detect", "classify", "record"]
MARKER = "confidential"


@pytest.fixture(scope="module", params=MODES)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """What a server said of one request of each kind, in spans and log lines, once it has stopped."""
    with collecting(Receiver()) as receiver:
        settings = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
            "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b",
            "OTEL_BSP_SCHEDULE_DELAY": "20",
        }
        folder = tmp_path_factory.mktemp(request.param)
        server = start_server(folder, ASYNC_MODE=request.param, LOG_FORMAT="json", **settings)
        _ask(server)
        # Those that end last; a stop waits no longer than a moment.
        assert eventually(lambda: {"GET /ws", "GET /socket.io"} <= {span.name for span in receiver.spans}, 30.0)
        assert server.stop() == 0
        lines = [json.loads(line) for line in server.log.read_text().splitlines()]
        yield Told(receiver, lines)


def _ask(server: Server) -> None:
    predict = f"{server.url}/api/v1/predict"
    image = face_jpeg()
    requests.post(f"{predict}?note={MARKER}", files={"file": (f"{MARKER}.jpg", image)}, headers=PARENT, timeout=30)
    requests.post(f"{predict}/batch", files=[("files", ("a.jpg", image)), ("files", ("b.jpg", b"no"))], timeout=30)
    requests.get(f"{server.url}/{MARKER}", headers={"Authorization": f"Bearer {MARKER}"}, timeout=10)
    requests.get(f"{server.url}/api/v1/health/live", timeout=10)
    raw = RawClient(f"{server.websocket_url}/ws?note={MARKER}", header=PARENT)
    raw.ask(image)
    raw.ask(b"no image")
    raw.close()
    client = Client(server.url, headers=PARENT)
    client.call("predict", {"image": base64.b64encode(image).decode(), "record": False})
    client.close()


class Told:
    def __init__(self, receiver: Receiver, lines: list[dict]) -> None:
        self.receiver, self.spans, self.lines = receiver, receiver.spans, lines

    def one(self, name: str, matches: Callable[[Span], bool] = lambda span: True) -> Span:
        (span,) = [span for span in self.spans if span.name == name and matches(span)]
        return span

    def below(self, parent: Span) -> list[Span]:
        """The children of a span, as they began."""
        children = [span for span in self.spans if span.parent_span_id == parent.span_id]
        return sorted(children, key=lambda span: (span.start_time_unix_nano, span.end_time_unix_nano))

    def frame(self, transport: str, status: str) -> Span:
        wanted = {"visionai.transport": transport, "visionai.status": status}
        return self.one("frame", lambda span: wanted.items() <= values_of(span.attributes).items())


def test_a_request_goes_on_in_its_callers_trace_under_its_route(told: Told) -> None:
    span = told.one("POST /api/v1/predict")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, CALLER)
    assert span.kind == Span.SpanKind.SPAN_KIND_SERVER
    assert values_of(span.attributes) == {
        "http.request.method": "POST",
        "http.route": "/api/v1/predict",
        "http.response.status_code": 200,
        "url.scheme": "http",
    }


def test_the_steps_of_an_image_are_below_its_request_in_their_order(told: Told) -> None:
    request = told.one("POST /api/v1/predict")
    steps = told.below(request)
    assert [span.name for span in steps] == STEPS
    assert {span.trace_id.hex() for span in steps} == {TRACE}
    ends = [span.end_time_unix_nano for span in steps]
    assert ends == sorted(ends)


def test_the_images_of_a_batch_are_below_its_request(told: Told) -> None:
    batch = told.below(told.one("POST /api/v1/predict/batch"))
    assert [span.name for span in batch] == STEPS


def test_what_matches_no_route_has_none(told: Told) -> None:
    assert values_of(told.one("GET").attributes)["http.response.status_code"] == 404


def test_probes_have_no_spans(told: Told) -> None:
    assert [span for span in told.spans if "health" in span.name] == []


def test_a_stream_is_a_request_for_as_long_as_it_is_open(told: Told) -> None:
    for route in ("/ws", "/socket.io"):
        span = told.one(f"GET {route}")
        assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, CALLER)
        assert values_of(span.attributes)["http.response.status_code"] == 101


@pytest.mark.parametrize(("transport", "steps"), [("ws", STEPS), ("socketio", STEPS[:-1])])
def test_a_frame_is_a_trace_of_its_own_that_names_its_connection(told: Told, transport: str, steps: list[str]) -> None:
    frame = told.frame(transport, "success")
    assert frame.parent_span_id == b""
    assert frame.trace_id.hex() != TRACE
    connection = told.one("GET /ws" if transport == "ws" else "GET /socket.io")
    assert [link.span_id for link in frame.links] == [connection.span_id]
    assert [span.name for span in told.below(frame)] == steps
    assert values_of(frame.attributes)["visionai.faces"] == 1


def test_a_frame_that_is_no_image_is_its_clients_fault(told: Told) -> None:
    frame = told.frame("ws", "error")
    assert values_of(frame.attributes)["error.type"] == "unsupported_format"
    assert frame.status.code == Status.StatusCode.STATUS_CODE_UNSET
    assert told.below(frame) == []


def test_log_lines_carry_the_span_that_was_current(told: Told) -> None:
    lines = {line.get("route"): line for line in told.lines if line["message"] in ("request", "stream ends")}
    for route, name in (("/api/v1/predict", "POST /api/v1/predict"), ("/ws", "GET /ws")):
        assert (lines[route]["trace_id"], lines[route]["span_id"]) == (TRACE, told.one(name).span_id.hex())


def test_spans_are_of_this_service_and_say_nothing_of_what_was_sent(told: Told) -> None:
    assert told.receiver.resource["service.name"] == "visionai"
    assert {headers["api-key"] for headers in told.receiver.headers} == {"a b"}
    assert MARKER.encode() not in b"".join(told.receiver.bodies)
    assert "Traceback" not in json.dumps(told.lines)


@pytest.mark.parametrize("mode", MODES)
def test_a_collector_that_hangs_holds_nobody(mode: str, tmp_path: Path) -> None:
    receiver = Receiver()
    receiver.hang()
    with collecting(receiver):
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_BSP_SCHEDULE_DELAY": "1"}
        server = start_server(tmp_path, ASYNC_MODE=mode, **settings)
        requests.get(server.url, timeout=10)
        receiver.asked.wait()
        assert requests.get(f"{server.url}/api/v1/emotions", timeout=10).status_code == 200
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


LOADED = """
import sys
from visionai.app import create_app, start
app = create_app()
start(app)
app.test_client().get("/api/v1/emotions")
print(any(name.partition(".")[0] == "opentelemetry" for name in sys.modules))
"""


ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}


@pytest.mark.parametrize(("settings", "loaded"), [({}, False), (ENDPOINT, True)], ids=["not set", "set"])
def test_opentelemetry_is_imported_only_where_spans_are_exported(
    settings: dict[str, str], loaded: bool, tmp_path: Path
) -> None:
    environment = environment_of(tmp_path, **settings)
    migrate(tmp_path, environment)
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"{loaded}\n")


WITHOUT = "import sys; sys.modules['opentelemetry'] = None; from visionai.__main__ import main; main()"


def test_without_its_packages_the_start_says_what_to_install(tmp_path: Path) -> None:
    environment = environment_of(tmp_path, **ENDPOINT)
    command = [sys.executable, "-c", WITHOUT]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("pip install -r requirements/telemetry.txt")
