"""The few bytes of WebSocket and Socket.IO that the load generator speaks, read by libraries that know them."""

from __future__ import annotations

import json

import pytest
from socketio.packet import Packet
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, TextMessage

from benchmarks.load import wire


def read_by_a_server(data: bytes) -> list[str | bytes]:
    """The messages that a WebSocket server finds in `data`."""
    server = Connection(ConnectionType.SERVER)
    server.receive_data(data)
    parts: list[str | bytes] = []
    whole = True
    for event in server.events():
        assert isinstance(event, TextMessage | BytesMessage)
        parts = [*parts, event.data] if whole else [*parts[:-1], parts[-1] + event.data]
        whole = event.message_finished
    return parts


@pytest.mark.parametrize("length", [0, 1, 3, 4, 125, 126, 65_535, 65_536, 70_001])
def test_a_binary_frame_of_any_length_arrives(length: int) -> None:
    payload = bytes(number % 251 for number in range(length))
    assert b"".join(read_by_a_server(wire.masked(wire.BINARY, payload))) == payload


def test_a_frame_to_predict_is_a_socket_io_event_with_an_attachment() -> None:
    (text,) = read_by_a_server(wire.predict(7))
    assert text[0] == "4"
    event = Packet(encoded_packet=text[1:])
    assert event.attachment_count == 1
    event.add_attachment(b"jpeg")
    assert (event.namespace, event.id) == ("/stream", 7)
    assert event.data == ["predict", {"image": b"jpeg", "seq": 7}]


@pytest.mark.parametrize("cut", [1, 2, 5, 500])
@pytest.mark.parametrize("length", [2, 125, 126, 300, 70_000])
def test_frames_of_a_server_are_found_however_they_are_cut(length: int, cut: int) -> None:
    server = Connection(ConnectionType.SERVER)
    data = server.send(TextMessage("x" * length)) + server.send(BytesMessage(b"y"))
    frames = wire.Frames()
    found = [frame for start in range(0, len(data), cut) for frame in frames.feed(data[start : start + cut])]
    assert found == [(wire.TEXT, b"x" * length), (wire.BINARY, b"y")]


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_an_acknowledgement_gives_its_number_and_its_status(separators: tuple[str, str]) -> None:
    body = json.dumps([{"type": "prediction", "status": "success", "seq": 12}], separators=separators)
    assert wire.acknowledged(f"43/stream,12{body}".encode()) == (12, "success")


def test_another_packet_is_no_acknowledgement() -> None:
    assert wire.acknowledged(b'42/stream,["stats",{"status": "success"}]') is None
