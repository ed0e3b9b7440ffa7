"""The clients of the load generator: callbacks on asyncio's transports, so that thousands cost little."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from itertools import cycle, islice

from . import wire
from .plan import Group, Tally

CONNECT_SECONDS = 20.0


class Client(asyncio.Protocol):
    """What all clients share: when to send, and what is noted of the answers."""

    def __init__(self, group: Group, tally: Tally, bodies: Sequence[bytes], number: int) -> None:
        self.group, self.tally = group, tally
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._loop = asyncio.get_running_loop()
        self._bodies = cycle(islice(cycle(bodies), number % max(1, len(bodies)), None)) if bodies else None
        self._transport: asyncio.Transport | None = None
        self._paused = self._stopping = self._closing = False
        self._sent_at: dict[int, float] = {}
        self._count = 0
        self._timed_from = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self._closing:
            self.tally.disconnects += 1
        for future in (self.ready, self.finished):
            if not future.done():
                future.set_result(None)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False

    def begin(self, delay: float, warm_up: float) -> None:
        """Send the first frame in `delay` seconds, if there is one to send; time those sent after `warm_up`."""
        self._timed_from = self._loop.time() + warm_up
        if self.group.frames != 0:
            self._loop.call_later(delay, self._tick)

    def stop(self) -> None:
        """Send nothing more; what is under way may still be answered."""
        self._stopping = True

    def close(self) -> None:
        """Hang up."""
        self._closing = True
        if self._transport is not None:
            self._transport.abort()

    def _tick(self) -> None:
        """Send, and where there is a rate come back; a server that does not read makes us skip a frame."""
        if self._stopping or self._transport is None or self._transport.is_closing():
            return
        if self.group.frames is not None and self._count >= self.group.frames:
            return
        if self._paused:
            self.tally.skipped += 1
        else:
            self._count += 1
            self.tally.sent += 1
            self._sent_at[self._count] = self._loop.time()
            self._send(self._count)
        if self.group.rate:
            self._loop.call_later(1 / self.group.rate, self._tick)

    def _answered(self, number: int, status: str) -> None:
        now, sent = self._loop.time(), self._sent_at.pop(number, 0.0)
        self.tally.answers[status] = self.tally.answers.get(status, 0) + 1
        if sent >= self._timed_from and status in ("success", "no_face", "200"):
            self.tally.latencies_ms.append((now - sent) * 1000)
        if self.group.frames is not None and self._count >= self.group.frames and not self._sent_at:
            if not self.finished.done():
                self.finished.set_result(None)
        elif not self.group.rate:
            self._tick()

    def _send(self, number: int) -> None:
        raise NotImplementedError


class StreamClient(Client):
    """Frames over Socket.IO on a websocket, each with an acknowledgement asked for. Bodies are masked frames."""

    def __init__(self, group: Group, tally: Tally, bodies: Sequence[bytes], number: int) -> None:
        super().__init__(group, tally, bodies, number)
        self._frames: wire.Frames | None = None
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        port = transport.get_extra_info("peername")[1]
        self._transport.write(wire.upgrade(port))  # type: ignore[union-attr]

    def data_received(self, data: bytes) -> None:
        if self._frames is None:
            self._head += data
            head, complete, data = self._head.partition(b"\r\n\r\n")
            if not complete:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self._transport.abort()  # type: ignore[union-attr]
                return
            self._frames = wire.Frames()
        for opcode, payload in self._frames.feed(data):
            self._received(opcode, payload)

    def _received(self, opcode: int, payload: bytes) -> None:
        write: Callable[[bytes], None] = self._transport.write  # type: ignore[union-attr]
        if opcode == wire.PING:
            write(wire.masked(wire.PONG, payload))
        elif opcode == wire.CLOSE:
            self._transport.close()  # type: ignore[union-attr]
        elif payload == b"2":
            write(wire.masked(wire.TEXT, b"3"))
        elif payload.startswith(b"0{"):
            shown = json.dumps({"token": self.group.token}).encode() if self.group.token else b""
            write(wire.masked(wire.TEXT, b"40/stream," + shown))
        elif payload.startswith(b"40/stream,") and not self.ready.done():
            self.ready.set_result(None)
        elif found := wire.acknowledged(payload):
            self._answered(*found)

    def _send(self, number: int) -> None:
        self._transport.writelines((wire.predict(number), next(self._bodies)))  # type: ignore[union-attr, arg-type]


class HTTPClient(Client):
    """Requests on a connection that is kept, one after another. Bodies are whole requests."""

    port = 0

    def __init__(self, group: Group, tally: Tally, bodies: Sequence[bytes], number: int) -> None:
        super().__init__(group, tally, bodies, number)
        self._buffer = b""
        self._reconnecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not self.ready.done():
            self.ready.set_result(None)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Note a request that got no answer; a server may close a kept connection between two of them."""
        self._transport = None
        self._buffer = b""
        if self._sent_at and not self._closing:
            self.tally.disconnects += 1
            self._sent_at.clear()
            self._loop.call_soon(self._tick)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, complete, body = self._buffer.partition(b"\r\n\r\n")
        if not complete:
            return
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        if len(body) < length:
            return
        self._buffer = b""
        if b"\r\nconnection: close" in head.lower():
            self._transport = None
        self._answered(self._count, head[9:12].decode())

    def _tick(self) -> None:
        # A rate is a pause here, not a schedule: a connection carries one request at a time.
        if not self._stopping and (self._transport is None or self._transport.is_closing()):
            self._reconnecting = self._loop.create_task(self._reconnect())
        elif not self._sent_at:
            super()._tick()
        elif self.group.rate:
            self._loop.call_later(1 / self.group.rate, self._tick)

    async def _reconnect(self) -> None:
        await self._loop.create_connection(lambda: self, "127.0.0.1", self.port)
        self._tick()

    def _send(self, _number: int) -> None:
        self._transport.write(next(self._bodies))  # type: ignore[union-attr, arg-type]
