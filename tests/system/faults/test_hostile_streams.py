"""What hostile or broken clients send: refused, with flat memory, and nobody else is harmed."""

from __future__ import annotations

import json
import os
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest
import requests
import websocket
from websocket import ABNF

from tests.support.images import face_jpeg
from tests.support.servers import Server
from tests.system.streaming.conftest import RawClient

pytestmark = pytest.mark.usefixtures("bystander", "flat_memory")

PATHS = {"ws": "/ws", "socket.io": "/socket.io/?EIO=4&transport=websocket"}
Check = Callable[[int], None]


class Line:
    """A WebSocket by hand: whatever one likes may be sent."""

    def __init__(self, server: Server, path: str) -> None:
        self.websocket = websocket.create_connection(server.websocket_url + path, timeout=30)
        self.websocket.recv()
        if "socket.io" in path:
            self.websocket.send("40/stream,")
            self.websocket.recv()
            self.websocket.recv()

    def send_frame(self, payload: bytes, opcode: int = ABNF.OPCODE_BINARY, final: bool = True, rsv1: int = 0) -> None:
        self.websocket.send_frame(ABNF(int(final), rsv1, 0, 0, opcode, 1, payload))

    def close_code(self) -> int:
        """Read until the server says why it closes."""
        with suppress(BrokenPipeError, ConnectionResetError):
            while True:
                opcode, data = self.websocket.recv_data()
                if opcode == ABNF.OPCODE_CLOSE:
                    return int.from_bytes(data[:2], "big")
        return 0

    def events(self) -> Iterator[list[object]]:
        """Yield the Socket.IO events that come, without pings."""
        while True:
            text = self.websocket.recv()
            if text.startswith("42/stream,"):
                yield json.loads(text[len("42/stream,") :])

    def close(self) -> None:
        with suppress(OSError, websocket.WebSocketException):
            self.websocket.close()
        self.websocket.shutdown()


@pytest.fixture(params=PATHS.values(), ids=PATHS)
def line(server: Server, request: pytest.FixtureRequest) -> Iterator[Line]:
    line = Line(server, request.param)
    yield line
    line.close()


@pytest.fixture
def socketio_line(server: Server) -> Iterator[Line]:
    line = Line(server, PATHS["socket.io"])
    yield line
    line.close()


def test_a_compressed_message_that_inflates_to_300_mb_is_refused(line: Line, flat_memory: Check) -> None:
    squeeze = zlib.compressobj(wbits=-15)
    bomb = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(300)) + squeeze.flush(zlib.Z_SYNC_FLUSH)
    line.send_frame(bomb[:-4], rsv1=1)
    assert line.close_code() == 1002
    flat_memory(30)


@pytest.mark.parametrize("opcode", [ABNF.OPCODE_BINARY, ABNF.OPCODE_TEXT], ids=["binary", "text"])
def test_a_message_over_the_limit_is_refused(line: Line, flat_memory: Check, opcode: int) -> None:
    with suppress(OSError):
        line.send_frame(b"x" * (6 << 20), opcode)
    assert line.close_code() == 1009
    flat_memory(30)


def test_a_head_that_announces_gigabytes_is_refused_by_itself(line: Line) -> None:
    line.websocket.sock.sendall(b"\x82\xff" + (1 << 40).to_bytes(8, "big") + b"abcd")
    assert line.close_code() == 1009


@pytest.mark.parametrize(("size", "codes"), [(0, {1008}), (65_536, {1009})], ids=["empty", "full"])
def test_fragments_without_end_are_refused(line: Line, flat_memory: Check, size: int, codes: set[int]) -> None:
    with suppress(OSError):
        line.send_frame(bytes(size), final=False)
        for _ in range(5000):
            line.send_frame(bytes(size), ABNF.OPCODE_CONT, final=False)
    assert line.close_code() in codes | {0}
    flat_memory(30)


def test_two_thousand_connects_without_a_handshake_harm_nobody(server: Server, flat_memory: Check) -> None:
    with ExitStack() as lines:
        for _ in range(2000):
            lines.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        newcomer = RawClient(server.websocket_url + "/ws")
        lines.callback(newcomer.close)
        assert newcomer.ask(face_jpeg())["status"] == "success"
        flat_memory(60)


def test_a_client_that_never_reads_is_let_go(line: Line, server: Server, flat_memory: Check) -> None:
    command = b'{"command": "emotions"}' if line.websocket.headers is None else b""
    with suppress(OSError, websocket.WebSocketException):
        for _ in range(200_000):
            line.send_frame(command or b'42/stream,["emotions"]', ABNF.OPCODE_TEXT)
    flat_memory(30)


def test_an_attachment_that_never_comes_is_answered_once_something_else_does(socketio_line: Line) -> None:
    socketio_line.websocket.send('451-/stream,["predict",{"image":{"_placeholder":true,"num":0}}]')
    socketio_line.websocket.send('42/stream,["emotions"]')
    events = socketio_line.events()
    assert next(events)[1]["error"]["code"] == "validation_failed"
    assert next(events)[0] == "emotions"


def test_an_attachment_that_never_comes_is_answered_in_the_end(socketio_line: Line) -> None:
    socketio_line.websocket.send('451-/stream,["predict",{"image":{"_placeholder":true,"num":0}}]')
    assert next(socketio_line.events())[1]["error"]["code"] == "validation_failed"


MALFORMED = {
    "thousands of attachments": '459999-/stream,["predict"]',
    "an attachment that is not there": '451-/stream,["predict",{"_placeholder":true,"num":7}]',
    "no event": "42/stream,[]",
    "an event that is no list": '42/stream,{"predict":1}',
    "an event without a name": "42/stream,[5]",
    "nothing": "42/stream,",
    "broken JSON": '42/stream,["predict"',
    "deep JSON": "42/stream," + "[" * 50_000,
    "huge JSON": "42/stream,[" + "{}," * 200_000 + "{}]",
    "an unknown kind": "49/stream,",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_packet_is_answered_by_one_error(socketio_line: Line, text: str) -> None:
    socketio_line.websocket.send(text)
    if text.startswith("451-"):
        socketio_line.websocket.send_binary(b"x")
    socketio_line.websocket.send('42/stream,["emotions"]')
    events = socketio_line.events()
    assert next(events)[0] == "error"
    assert next(events)[0] == "emotions"


def test_attachments_of_a_refused_packet_are_dropped_in_silence(socketio_line: Line) -> None:
    socketio_line.websocket.send('45100-/stream,["predict"]')
    for _ in range(100):
        socketio_line.websocket.send_binary(os.urandom(1000))
    socketio_line.websocket.send('42/stream,["emotions"]')
    events = socketio_line.events()
    assert [next(events)[0], next(events)[0]] == ["error", "emotions"]


def test_a_frame_with_an_acknowledgement_that_is_malformed_is_acknowledged(socketio_line: Line) -> None:
    socketio_line.websocket.send('42/stream,17["predict"')
    assert socketio_line.websocket.recv().startswith('43/stream,17[{"type":"error"')


@pytest.mark.parametrize("body", [b"\xff\xfe", b"b!!!", b"4" + b"\x1e4" * 100, b"\0"], ids=repr)
def test_a_malformed_post_of_a_polling_client_leaves_no_trace(server: Server, body: bytes) -> None:
    url = f"{server.url}/socket.io/?EIO=4&transport=polling"
    sid = json.loads(requests.get(url, timeout=30).text[1:])["sid"]
    answer = requests.post(f"{url}&sid={sid}", data=body, timeout=30)
    assert answer.status_code in (200, 400)
