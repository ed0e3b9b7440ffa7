"""Many clients of a stream at once, over Socket.IO and `/ws` in turn, each with a frame that is to be answered."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from typing import Any

import websocket

WAIT_SECONDS = 30.0
PATHS = ("/ws", "/socket.io/?EIO=4&transport=websocket")


class Member:
    """A client, connected and, where it `records`, within a session of its own."""

    def __init__(self, url: str, over_socketio: bool, records: bool) -> None:
        self._over_socketio = over_socketio
        self._line = websocket.create_connection(url + PATHS[over_socketio], timeout=WAIT_SECONDS)
        if over_socketio:
            self._line.recv()
            self._line.send("40/stream,")
        self._until("connection")
        if records:
            self._line.send('42/stream,["session_start",{}]' if over_socketio else '{"command": "session_start"}')
            self._until("session")

    def send(self, image: bytes) -> None:
        """Send a frame and wait for nothing."""
        if self._over_socketio:
            self._line.send('451-/stream,["predict",{"image":{"_placeholder":true,"num":0}}]')
        self._line.send_binary(image)

    def answers(self) -> list[dict[str, Any]]:
        """Read until the server hangs up, hang up too, and return the answers that came."""
        found = []
        with suppress(OSError, websocket.WebSocketException):
            while True:
                body = self._next()
                if body.get("type") in ("prediction", "error"):
                    found.append(body)
        self._line.shutdown()
        return found

    def _until(self, kind: str) -> None:
        while self._next().get("type") != kind:
            pass

    def _next(self) -> dict[str, Any]:
        """Return the next message, empty where it is none of ours."""
        opcode, data = self._line.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise websocket.WebSocketConnectionClosedException
        text = data.decode()
        if not self._over_socketio:
            body: dict[str, Any] = json.loads(text)
            return body
        return dict(json.loads(text.removeprefix("42/stream,"))[1]) if text.startswith("42/stream,") else {}


def gathered(websocket_url: str, clients: int) -> list[Member]:
    """Connect so many clients, half of them over Socket.IO, all of which record."""
    return [Member(websocket_url, over_socketio=bool(number % 2), records=True) for number in range(clients)]


def answered(members: list[Member]) -> tuple[list[int], Counter[str], int]:
    """Return how many answers each got before the server hung up, their statuses, and how many were recorded."""
    bodies = [member.answers() for member in members]
    every = [body for of_one in bodies for body in of_one]
    recorded = sum(body.get("recorded", False) for body in every)
    return [len(of_one) for of_one in bodies], Counter(body["status"] for body in every), recorded
