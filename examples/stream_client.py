"""A client of VisionAI's stream over Socket.IO. Un cliente del stream de VisionAI por Socket.IO.

pip install "python-socketio[client]"
python stream_client.py photo.jpg
python stream_client.py --folder photos --user ana
python stream_client.py --camera 0 --url http://localhost:8000
python stream_client.py --camera 0 --session "Interview" --participant P-07
python stream_client.py --health --emotions --model-info
"""

from __future__ import annotations

import sys
from queue import Empty, SimpleQueue
from typing import Any

import socketio
from common import ANSWER_SECONDS, Answer, Recording, SessionOver, come_back, run
from socketio.exceptions import ConnectionError as RefusedError
from socketio.exceptions import DisconnectedError, SocketIOError
from socketio.exceptions import TimeoutError as LateError

NAMESPACE = "/stream"


class StreamClient:
    """A connection to the namespace `/stream`; each call is acknowledged with its answer.

    Where it is cut off in a session it connects again and goes on with that session.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url, self._token = url, token
        self._seq = 0
        self.recording: Recording | None = None
        self._connect()

    def __enter__(self) -> StreamClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.disconnect()

    def ask(self, command: str, **fields: Any) -> Answer:
        """Return the answer to a command such as `health`, `session_start`, `marker` or `predict`."""
        try:
            return self._call(command, fields or None)
        except DisconnectedError:
            if self.recording is None:
                raise
            come_back(self._connect, (OSError, RefusedError))
            return self._call(command, fields or None)

    def predict(self, image: bytes) -> Answer:
        """Return what is seen in a picture; the user is that of the connection's token."""
        self._seq += 1
        return self.ask("predict", image=image, seq=self._seq)

    def _connect(self) -> None:
        """Connect, with the session that there is; raises RefusedError, and SessionOver where it cannot go on."""
        auth = {"token": self._token} if self._token else {}
        if self.recording is not None:
            auth |= self.recording.claim
        said: SimpleQueue[Any] = SimpleQueue()
        refusals: list[Any] = []
        self._answers: SimpleQueue[Answer | None] = SimpleQueue()
        self._socket = socketio.Client(reconnection=False)
        self._socket.on("connect_error", refusals.append, namespace=NAMESPACE)
        self._socket.on("disconnect", lambda *_, answers=self._answers: answers.put(None), namespace=NAMESPACE)
        self._socket.on("session", lambda news: self._heard(news, said), namespace=NAMESPACE)
        self._socket.on("error", said.put, namespace=NAMESPACE)
        try:
            self._socket.connect(self._url, namespaces=[NAMESPACE], transports=["websocket"], auth=auth or None)
        except RefusedError as error:
            if not (refusals and isinstance(refusals[0], dict)):
                raise
            # The server itself said no: trying again is of no use.
            raise (SessionOver if self.recording else RefusedError)(refusals[0]["message"]) from error
        if self.recording is not None:
            self.recording.taken_up(said.get(timeout=ANSWER_SECONDS))

    def _heard(self, news: Answer, said: SimpleQueue[Any]) -> None:
        """Take what the server says of the session: the answer to the one that we came with, or that it is over."""
        if news.get("resumed"):
            said.put(news)
        elif self.recording is not None:
            self.recording.over = news["status"]

    def _call(self, event: str, payload: Answer | None) -> Answer:
        """Return an acknowledgement; raises DisconnectedError at once where the connection is cut."""
        if not self._socket.connected:
            raise DisconnectedError("the connection was cut")
        self._socket.emit(event, payload, namespace=NAMESPACE, callback=self._answers.put)
        try:
            answer = self._answers.get(timeout=ANSWER_SECONDS)
        except Empty as error:
            raise LateError from error
        if answer is None:
            raise DisconnectedError("the connection was cut")
        return answer


if __name__ == "__main__":
    try:
        sys.exit(run(StreamClient, __doc__, "http://localhost:8000"))
    except SessionOver as error:
        sys.exit(f"The session is over: {error}")
    except RefusedError as error:
        sys.exit(f"The server did not accept the connection: {error}")
    except (OSError, SocketIOError) as error:
        sys.exit(f"It did not work: {str(error) or type(error).__name__}")
