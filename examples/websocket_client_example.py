"""A client of VisionAI over a plain WebSocket (`/ws`). Un cliente de VisionAI por un WebSocket sencillo (`/ws`).

    pip install websocket-client
    python websocket_client_example.py photo.jpg
    python websocket_client_example.py --folder photos --user ana
    python websocket_client_example.py --camera 0 --url ws://localhost:8000/ws
    python websocket_client_example.py --health --emotions --model-info

Commands and answers are JSON; a picture goes as base64 with a token beside it, or as a binary message without one.
"""

from __future__ import annotations

import base64
import json
import sys

import websocket
from common import ANSWER_SECONDS, Answer, run

PUSHED = {"connection", "auth", "stats"}
"""What the server sends without being asked."""


class WebSocketClient:
    """A connection to `/ws`; answers come in the order of the questions."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._socket = websocket.create_connection(url, timeout=ANSWER_SECONDS)
        self._token = token
        self._seq = 0

    def __enter__(self) -> WebSocketClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, question: str) -> Answer:
        """Return the answer to `health`, `emotions` or `model_info`."""
        return self._command(command=question)

    def predict(self, image: bytes) -> Answer:
        """Return what is seen in a picture; with a token it goes as base64 and is the user's."""
        self._seq += 1
        if self._token:
            text = base64.b64encode(image).decode()
            return self._command(command="predict", image=text, token=self._token, seq=self._seq)
        self._socket.send_binary(image)
        return self._answer()

    def _command(self, **fields: object) -> Answer:
        self._socket.send(json.dumps(fields))
        return self._answer()

    def _answer(self) -> Answer:
        while (message := json.loads(self._socket.recv()))["type"] in PUSHED:
            pass
        return message


if __name__ == "__main__":
    try:
        sys.exit(run(WebSocketClient, __doc__, "ws://localhost:8000/ws"))
    except (OSError, websocket.WebSocketException) as error:
        sys.exit(f"It did not work: {error or type(error).__name__}")
