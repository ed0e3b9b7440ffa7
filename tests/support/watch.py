"""A bystander that asks for a sign of life all the time, and knows how long it ever waited for one."""

from __future__ import annotations

import http.client
import threading
import time
from types import TracebackType

from tests.support.servers import Server

PAUSE_SECONDS = 0.02


class Watch:
    """Ask `/health/live` every 20 ms while the block lasts; `longest` is the longest wait for an answer, in seconds."""

    def __init__(self, server: Server) -> None:
        self.longest = 0.0
        self.refused = 0
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Watch:
        self._ask()  # The first one connects.
        self.longest = 0.0
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            self._ask()

    def _ask(self) -> None:
        asked = time.monotonic()
        self._connection.request("GET", "/api/v1/health/live")
        answer = self._connection.getresponse()
        answer.read()
        self.refused += answer.status != 200
        self.longest = max(self.longest, time.monotonic() - asked)
