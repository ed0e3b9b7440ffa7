"""gunicorn worker classes for streams: one on eventlet's greenlets, one on threads.

gunicorn gave up its own eventlet worker in version 26. Both of ours end what is open when they are told to stop,
where gunicorn would wait for clients that never leave.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextvars import Context
from functools import partial
from typing import Any

from gunicorn.workers.base_async import AsyncWorker
from gunicorn.workers.gthread import ThreadWorker

from .. import concurrency
from ..concurrency import KEEP, Pace, PacedSocket, Serve
from ..errors import RequestTimeout
from .draining import Draining
from .refusals import CheckedBody, Refusals

ACCEPT_PAUSE = 0.1
BEAT_SECONDS = 0.5
MAX_SILENT = 1000
"""Connections that may be open without having sent a whole request; the one that waited longest makes room."""

LAST_SECONDS = 4.0
"""What is kept of `graceful_timeout` for the end of the process, which gunicorn's master kills when it is over."""

LAST_WORD_SECONDS = 0.5
"""How long a connection of a drained worker, perhaps just opened, has for its request to arrive."""

PIECE = 1 << 16
MAX_LEFT_UNREAD = 1 << 20
"""Bytes of a refused body that are read so that its connection can go on; beyond, it is closed."""
LINGER_PAUSE = 0.02

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"


class Door:
    """A listener that keeps its name: gunicorn asks for it when a connection that was just accepted is taken up, and
    one that came as the listener closed would be dropped."""

    def __init__(self, listener: Any) -> None:
        self.accept = listener.accept
        self.close = listener.close
        self._name = listener.getsockname()

    def getsockname(self) -> Any:
        """Return the address that is, or was, listened on."""
        return self._name


class EventletWorker(Draining, Refusals, AsyncWorker):
    """Serves every connection in a greenlet of one thread."""

    def init_process(self) -> None:
        """Turn the process to greenlets before anything of the application is imported, then begin."""
        self.heed_exit()
        concurrency.patch()
        concurrency.return_freed_memory()
        concurrency.on_replacement(_leave_by_signal)
        self.keep_quiet()
        self._open = 0
        self._silent: OrderedDict[int, Any] = OrderedDict()
        super().init_process()

    def run(self) -> None:
        """Accept until told to stop; then answer what was accepted, say goodbye and leave."""
        listeners = [Door(concurrency.green_listener(listener.sock)) for listener in self.sockets]
        ends = [concurrency.spawn_until(self._accept, listener) for listener in listeners]
        while self.alive:
            self.notify()
            if self.ppid != os.getppid():
                self.log.info("The parent process has gone; leaving too")
                self.alive = False
            concurrency.sleep(BEAT_SECONDS)
        left = self.cfg.graceful_timeout - self.wsgi.config["STOP_DELAY_SECONDS"]
        deadline = time.monotonic() + left - LAST_SECONDS
        # Until here it accepts: who is left waiting at the door would be cut off, with a request that may be sent.
        for end, listener in zip(ends, listeners, strict=True):
            end()
            listener.close()
        self._leave(deadline)

    def timeout_ctx(self) -> Any:
        """Limit how long a connection may take to send a request."""
        return concurrency.time_limit(self.cfg.keepalive)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Serve a request; meanwhile its connection does not count as silent."""
        self._silent.pop(id(sock), None)
        _pace_body(req, self.wsgi.config)
        try:
            super().handle_request(listener_name, req, sock, addr)
        except StopIteration:  # gunicorn's word for a connection that ends
            self._finish(req.body, sock)
            raise
        if not self._finish(req.body, sock):
            raise StopIteration
        self._silent[id(sock)] = sock

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what went wrong, and let a client that still sends see it."""
        super().handle_error(req, client, addr, exc)
        _linger(client, self.cfg.keepalive)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Leave as on TERM: gunicorn's own way sleeps, which a signal handler must not on the hub."""
        self.handle_exit(sig, frame)

    def _finish(self, body: Any, sock: Any) -> bool:
        """Read what the application left of a body; where that is too much or takes too long, linger: False."""
        read = False
        with self.timeout_ctx():
            read = _read_rest(body)
        if not read:
            _linger(sock, self.cfg.keepalive)
        return read

    def _accept(self, listener: Any) -> None:
        while True:
            try:
                client, address = listener.accept()
            except OSError as error:
                self.log.warning("A connection could not be accepted: %s", error)
                concurrency.sleep(ACCEPT_PAUSE)
                continue
            self._make_room(client)
            if self._open >= self.worker_connections:
                _refuse(client)
            else:
                self._open += 1
                concurrency.spawn(self._serve, listener, client, address)

    def _make_room(self, client: Any) -> None:
        """Count a connection as silent, and hang up on the oldest of too many."""
        self._silent[id(client)] = client
        if len(self._silent) > MAX_SILENT:
            _hang_up(self._silent.popitem(last=False)[1])

    def _serve(self, listener: Any, client: Any, address: Any) -> None:
        """Serve the requests of a connection; a stream that one of them became goes on from where this ends."""
        handed: list[tuple[Serve, Context, Any]] = []
        # gunicorn closes the socket that it was given.
        setattr(client, KEEP, lambda go_on, context: handed.append((go_on, context, client.dup())))
        try:
            client.settimeout(self.cfg.timeout)
            self.handle(listener, client, address)
        finally:
            delattr(client, KEEP)
            self._silent.pop(id(client), None)
            if handed:
                go_on, context, own = handed[0]
                concurrency.spawn_within(context, go_on, own, partial(self._release, own))
            else:
                self._open -= 1

    def _release(self, own: Any) -> None:
        own.close()
        self._open -= 1

    def _leave(self, deadline: float) -> None:
        """End the streams, hang up on connections without a request, and wait for the rest until `deadline`."""
        concurrency.stop()
        if concurrency.draining():
            concurrency.sleep(LAST_WORD_SECONDS)
        for client in list(self._silent.values()):
            _hang_up(client)
        while self._open and time.monotonic() < deadline:
            self.notify()
            concurrency.sleep(ACCEPT_PAUSE)


class ThreadedWorker(Draining, Refusals, ThreadWorker):
    """Serves every connection in a thread."""

    def init_process(self) -> None:
        """Begin, ready to be replaced; does not return."""
        self.heed_exit()
        concurrency.return_freed_memory()
        concurrency.on_replacement(_leave_by_signal)
        self.keep_quiet()
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop, which may have been while the worker booted."""
        if self.alive:
            super().run()
        else:
            concurrency.stop()

    def leave(self, sig: int, frame: Any) -> None:
        """Stop, and let the streams end meanwhile: gunicorn waits for their threads."""
        super().leave(sig, frame)
        concurrency.spawn(concurrency.stop)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept, or not; once it stops, refuse as well: gunicorn would let clients wait at the door until the end."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()

    def handle(self, conn: Any) -> Any:
        """Read and answer a request, whose head must come within `keepalive` seconds."""
        make_parser = conn.init

        def init() -> None:
            make_parser()  # Of a new connection, from which something came; of any other it does nothing.
            # StopIteration is gunicorn's word for a connection that ends.
            _paced(conn.parser.unreader).begin(Pace(seconds=self.cfg.keepalive), StopIteration)

        conn.init = init
        try:
            return super().handle(conn)
        finally:
            conn.init = make_parser

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request, whose body must keep the pace."""
        _pace_body(req, self.wsgi.config)
        kept = super().handle_request(req, conn)
        read = _read_rest(req.body)
        if not read:
            _linger(conn.sock, self.cfg.keepalive)
        return kept and read


def _pace_body(req: Any, config: Mapping[str, Any]) -> None:
    """Hold the sender of a request to a pace from here on; too slow, it is answered 408 and the connection ends.

    What cannot be taken apart counts as the end of the body. While the process drains, the connection ends anyway.
    """
    if concurrency.draining():
        req.force_close()

    def too_slow() -> RequestTimeout:
        req.force_close()
        return RequestTimeout()

    pace = Pace(config["BODY_MIN_BYTES_PER_SECOND"], config["BODY_MAX_SECONDS"])
    _paced(req.unreader).begin(pace, too_slow)
    req.body.reader = CheckedBody(req.body.reader)


def _paced(unreader: Any) -> PacedSocket:
    """Return the socket that a connection's parser reads from, made one that keeps time."""
    if not isinstance(unreader.sock, PacedSocket):
        unreader.sock = PacedSocket(unreader.sock)
    paced: PacedSocket = unreader.sock
    return paced


def _leave_by_signal() -> None:
    """Stop as on TERM from gunicorn's master, which starts another worker when this one has gone."""
    os.kill(os.getpid(), signal.SIGTERM)


def _read_rest(body: Any) -> bool:
    """Read a body to its end, so that the next request can follow; False where more is left than that is worth."""
    with contextlib.suppress(RequestTimeout, OSError):
        return not body.failed and any(not body.read(PIECE) for _ in range(MAX_LEFT_UNREAD // PIECE))
    return False


def _linger(client: Any, seconds: float) -> None:
    """Let a client that still sends see its answer; hung up on at once, it may never read it (RFC 9112, 9.6)."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            client.settimeout(left)
            if not client.recv(MAX_LEFT_UNREAD):
                return
            concurrency.sleep(LINGER_PAUSE)


def _refuse(client: Any) -> None:
    """Say that the server is full, without waiting."""
    with contextlib.suppress(OSError):
        concurrency.send_now(client, _FULL)
    client.close()


def _hang_up(client: Any) -> None:
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)
