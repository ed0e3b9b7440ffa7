"""A client of VisionAI's stream over Socket.IO. Un cliente del stream de VisionAI por Socket.IO.

pip install "python-socketio[client]"
python stream_client.py photo.jpg
python stream_client.py --folder photos --user ana
python stream_client.py --camera 0 --url http://localhost:8000
python stream_client.py --health --emotions --model-info
"""

from __future__ import annotations

import sys
from typing import Any

import socketio
from common import ANSWER_SECONDS, Answer, run
from socketio.exceptions import ConnectionError as RefusedError
from socketio.exceptions import SocketIOError

NAMESPACE = "/stream"


class StreamClient:
    """A connection to the namespace `/stream`; each call is acknowledged with its answer."""

    def __init__(self, url: str, token: str | None = None) -> None:
        auth = {"token": token} if token else None
        self._seq = 0
        self._socket = socketio.Client(reconnection=False)
        refusals: list[Any] = []
        self._socket.on("connect_error", refusals.append, namespace=NAMESPACE)
        try:
            self._socket.connect(url, namespaces=[NAMESPACE], transports=["websocket"], auth=auth)
        except RefusedError as error:
            reason = refusals[0].get("message") if refusals and isinstance(refusals[0], dict) else None
            raise RefusedError(reason or error) from error

    def __enter__(self) -> StreamClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.disconnect()

    def ask(self, question: str) -> Answer:
        """Return the answer to `health`, `emotions` or `model_info`."""
        return self._socket.call(question, namespace=NAMESPACE, timeout=ANSWER_SECONDS)

    def predict(self, image: bytes) -> Answer:
        """Return what is seen in a picture; the user is that of the connection's token."""
        self._seq += 1
        frame = {"image": image, "seq": self._seq}
        return self._socket.call("predict", frame, namespace=NAMESPACE, timeout=ANSWER_SECONDS)


if __name__ == "__main__":
    try:
        sys.exit(run(StreamClient, __doc__, "http://localhost:8000"))
    except RefusedError as error:
        sys.exit(f"The server did not accept the connection: {error}")
    except (OSError, SocketIOError) as error:
        sys.exit(f"It did not work: {error or type(error).__name__}")
