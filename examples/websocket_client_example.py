"""A client of VisionAI over a plain WebSocket (`/ws`). Un cliente de VisionAI por un WebSocket sencillo (`/ws`).

    pip install websocket-client
    python websocket_client_example.py photo.jpg
    python websocket_client_example.py --folder photos --user ana
    python websocket_client_example.py --camera 0 --url ws://localhost:8000/ws
    python websocket_client_example.py --camera 0 --session "Interview" --participant P-07
    python websocket_client_example.py --health --emotions --model-info

Commands and answers are JSON; a picture goes as base64 with a token beside it, or as a binary message without one.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import websocket
from common import ANSWER_SECONDS, Answer, Recording, SessionOver, come_back, run

PUSHED = {"connection", "auth", "stats"}
"""What the server sends without being asked."""

SESSION_OVER = {"moved", "lost"}
"""What a session is said to be without being asked: gone on elsewhere, or over."""

CUT = (OSError, websocket.WebSocketException)


class WebSocketClient:
    """A connection to `/ws`; answers come in the order of the questions.

    Where it is cut off in a session it connects again and goes on with that session.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url, self._token = url, token
        self._seq = 0
        self.recording: Recording | None = None
        self._connect()

    def __enter__(self) -> WebSocketClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, command: str, **fields: Any) -> Answer:
        """Return the answer to a command such as `health`, `session_start`, `marker` or `predict`."""
        if self._token:
            fields["token"] = self._token
        return self._exchange(json.dumps({"command": command, **fields}))

    def predict(self, image: bytes) -> Answer:
        """Return what is seen in a picture; with a token it goes as base64 and is the user's."""
        self._seq += 1
        if self._token:
            return self.ask("predict", image=base64.b64encode(image).decode(), seq=self._seq)
        return self._exchange(image)

    def _connect(self) -> None:
        """Connect, and take up the session that there is; raises SessionOver where it cannot go on."""
        self._socket = websocket.create_connection(self._url, timeout=ANSWER_SECONDS)
        if self.recording is not None:
            claim = {"command": "session_start", **self.recording.claim}
            self.recording.taken_up(self._send(json.dumps(claim | ({"token": self._token} if self._token else {}))))

    def _exchange(self, message: str | bytes) -> Answer:
        try:
            return self._send(message)
        except CUT:
            if self.recording is None:
                raise
            self._socket.shutdown()
            come_back(self._connect, CUT)
            return self._send(message)

    def _send(self, message: str | bytes) -> Answer:
        if isinstance(message, bytes):
            self._socket.send_binary(message)
        else:
            self._socket.send(message)
        while self._is_pushed(answer := json.loads(self._socket.recv())):
            pass
        return answer

    def _is_pushed(self, message: Answer) -> bool:
        """Tell whether the server says this by itself, and take what it says of the session."""
        if message["type"] == "session" and message["status"] in SESSION_OVER:
            if self.recording is not None:
                self.recording.over = message["status"]
            return True
        return message["type"] in PUSHED


if __name__ == "__main__":
    try:
        sys.exit(run(WebSocketClient, __doc__, "ws://localhost:8000/ws"))
    except SessionOver as error:
        sys.exit(f"The session is over: {error}")
    except CUT as error:
        sys.exit(f"It did not work: {str(error) or type(error).__name__}")
