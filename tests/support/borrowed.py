"""The names that we borrow of libraries' private ground, and what they looked like when we began to.

`docs/ARCHITECTURE.md` says where each is used, and why.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import Any

import engineio
import flask_limiter
import flask_smorest
import socketio
from flask import Flask
from flask_limiter._limits import RuntimeLimit
from flask_limiter.errors import RateLimitExceeded
from flask_socketio import SocketIO
from gunicorn.config import Config
from gunicorn.sock import TCPSocket
from gunicorn.workers.base_async import AsyncWorker
from gunicorn.workers.gthread import TConn
from limits import RateLimitItemPerMinute

from .architecture_page import BORROWED, PAGE, names, table

SIGNATURES = {
    "engineio.base_socket.BaseSocket.__init__": "(self, server, sid)",
    "engineio.socket.Socket.send": "(self, pkt)",
    "engineio.socket.Socket.close": "(self, wait=True, abort=False, reason=None)",
    "engineio.socket.Socket.poll": "(self)",
    "engineio.socket.Socket.handle_post_request": "(self, environ)",
    "engineio.socket.Socket.schedule_ping": "(self)",
    "engineio.socket.Socket._upgrade_websocket": "(self, environ, start_response)",
    "engineio.server.Server.send": "(self, sid, data)",
    "engineio.server.Server.handle_request": "(self, environ, start_response)",
    "engineio.server.Server._handle_connect": "(self, environ, start_response, transport, jsonp_index=None)",
    "engineio.server.Server._trigger_event": "(self, event, *args, **kwargs)",
    "engineio.base_server.BaseServer._log_error_once": "(self, message, message_key)",
    "engineio.base_server.BaseServer._ok": "(self, packets=None, headers=None, jsonp_index=None)",
    "engineio.base_server.BaseServer._upgrades": "(self, sid, transport)",
    "engineio.base_server.BaseServer.generate_id": "(self)",
    "engineio.packet.Packet.encode": "(self, b64=False)",
    "socketio.server.Server._engineio_server_class": "(self)",
    "socketio.server.Server._handle_connect": "(self, eio_sid, namespace, data)",
    "socketio.server.Server._handle_event_internal": "(self, server, sid, eio_sid, data, namespace, id)",
    "socketio.server.Server._handle_eio_message": "(self, eio_sid, data)",
    "socketio.server.Server._handle_eio_disconnect": "(self, eio_sid, reason)",
    "socketio.base_manager.BaseManager.eio_sid_from_sid": "(self, sid, namespace)",
    "socketio.base_manager.BaseManager.sid_from_eio_sid": "(self, eio_sid, namespace)",
    "gunicorn.workers.base.Worker.init_process": "(self)",
    "gunicorn.workers.base.Worker.run": "(self)",
    "gunicorn.workers.base.Worker.notify": "(self)",
    "gunicorn.workers.base.Worker.handle_exit": "(self, sig, frame)",
    "gunicorn.workers.base.Worker.handle_quit": "(self, sig, frame)",
    "gunicorn.workers.base.Worker.handle_error": "(self, req, client, addr, exc)",
    "gunicorn.workers.base_async.AsyncWorker.timeout_ctx": "(self)",
    "gunicorn.workers.gthread.ThreadWorker.set_accept_enabled": "(self, enabled)",
    "gunicorn.workers.base_async.AsyncWorker.handle": "(self, listener, client, addr)",
    "gunicorn.workers.base_async.AsyncWorker.handle_request": "(self, listener_name, req, sock, addr)",
    "gunicorn.workers.gthread.ThreadWorker.init_process": "(self)",
    "gunicorn.workers.gthread.ThreadWorker.run": "(self)",
    "gunicorn.workers.gthread.ThreadWorker.handle_exit": "(self, sig, frame)",
    "gunicorn.workers.gthread.ThreadWorker.handle": "(self, conn)",
    "gunicorn.workers.gthread.ThreadWorker.handle_request": "(self, req, conn)",
    "gunicorn.workers.gthread.TConn.init": "(self)",
    "gunicorn.http.message.Request.force_close": "(self)",
    "gunicorn.http.body.Body.read": "(self, size=None)",
    "gunicorn.http.body.ChunkedReader.read": "(self, size)",
    "gunicorn.glogging.Logger.setup": "(self, cfg)",
    "eventlet.patcher.original": "(modname)",
    "eventlet.hubs.use_hub": "(mod=None)",
    "eventlet.hubs.get_hub": "()",
    "eventlet.hubs.hub.BaseHub.add": "(self, evtype, fileno, cb, tb, mark_as_closed)",
    "eventlet.hubs.hub.BaseHub.remove": "(self, listener)",
    "eventlet.hubs.trampoline": "(fd, read=None, write=None, timeout=None, "
    "timeout_exc=<class 'eventlet.timeout.Timeout'>, mark_as_closed=None)",
    "flask_smorest.spec.APISpecMixin._register_pagination_header": "(self)",
    "flask_smorest.spec.DocBlueprintMixin._openapi_json": "(self)",
    "flask_smorest.utils.prepare_response": "(response, spec, content_type)",
    "flask_limiter._manager.LimitManager.set_default_limits": "(self, limits)",
    "webargs.flaskparser.FlaskParser._raw_load_json": "(self, req)",
    "webargs.flaskparser.is_json_request": "(req)",
    "marshmallow.fields.Field._deserialize": "(self, value, attr, data, **kwargs)",
    "marshmallow.fields.String._deserialize": "(self, value, attr, data, **kwargs)",
    "marshmallow.fields.AwareDateTime._deserialize": "(self, value, attr, data, **kwargs)",
    "werkzeug.wrappers.request.Request._get_file_stream": "(self, total_content_length, content_type, filename=None, "
    "content_length=None)",
    "werkzeug.serving.WSGIRequestHandler.log": "(self, type, message, *args)",
    "flask.app.Flask.log_exception": "(self, exc_info)",
    "prometheus_client.exposition.choose_encoder": "(accept_header)",
    "PIL.BmpImagePlugin.BmpImageFile": "(fp, filename=None)",
    "PIL.GifImagePlugin.GifImageFile": "(fp, filename=None)",
    "PIL.JpegImagePlugin.JpegImageFile": "(fp, filename=None)",
    "PIL.PngImagePlugin.PngImageFile": "(fp, filename=None)",
    "PIL.WebPImagePlugin.WebPImageFile": "(fp, filename=None)",
    "http.server.BaseHTTPRequestHandler.send_error": "(self, code, message=None, explain=None)",
    "logging.Formatter.formatMessage": "(self, record)",
}
"""A function → its parameters, as they were when we began to call or override it."""

THERE = {
    "engineio.packet": ["OPEN", "CLOSE", "PING", "PONG", "MESSAGE", "UPGRADE", "NOOP"],
    "engineio.exceptions": ["ContentTooLongError", "EngineIOError"],
    "engineio.server.Server": ["reason"],
    "socketio.packet": ["EVENT", "ACK"],
    "gunicorn.arbiter.Arbiter": ["WORKER_BOOT_ERROR"],
    "gunicorn.http.errors": [
        "ConfigurationProblem",
        "InvalidResponseHeader",
        "InvalidResponseHeaderName",
        "ParseException",
    ],
    "eventlet.greenio": ["GreenSocket"],
    "eventlet.hubs.hub.BaseHub": ["READ"],
    "webargs.core": ["missing"],
    "werkzeug.local.LocalProxy": ["_get_current_object"],
    "prometheus_client.metrics_core": ["CounterMetricFamily", "GaugeMetricFamily", "Metric"],
    "http.server.BaseHTTPRequestHandler": ["error_message_format"],
    "logging": ["_lock", "threading"],
    "logging._StderrHandler": ["stream"],
    "_queue": ["Empty", "SimpleQueue"],
    "_socket": ["AF_INET", "AF_INET6", "SHUT_RDWR", "SOCK_STREAM", "getaddrinfo", "socket"],
}
"""A module or class → attributes that it has."""

MENTIONED = {
    "gunicorn.workers.base.Worker.load_wsgi": ["wsgi"],
    "gunicorn.workers.base_async.AsyncWorker.handle": ["StopIteration"],
    "gunicorn.workers.gthread.ThreadWorker.handle": ["StopIteration"],
    "gunicorn.http.wsgi.base_environ": ["wsgi.input_terminated"],
    "gunicorn.http.wsgi.default_environ": ["gunicorn.socket"],
    "gunicorn.glogging.Logger.__init__": ["error_log"],
    "flask_smorest.blueprint.Blueprint.doc": ["_apidoc", "manual_doc"],
    "flask_smorest.blueprint.Blueprint.register_views_in_doc": ["app", "spec"],
    "werkzeug.utils.cached_property.__get__": ["__dict__"],
    "werkzeug.wrappers.request.Request._get_stream_for_parsing": ["stream"],
    "werkzeug.serving.WSGIRequestHandler.make_environ": ["werkzeug.socket"],
    "werkzeug.serving.connection_dropped_errors": ["ConnectionError"],
    "http.server.BaseHTTPRequestHandler.send_response_only": ["request_version"],
    "logging.Handler.createLock": ["threading"],
}
"""A function, or tuple of exceptions → what is in it, and what we count on therefore."""

ON_DISK = {
    "openvino": ["tools"],
    "openvino.tools.ovc.telemetry_utils": ["openvino_telemetry"],
    "tensorflow.python.framework.convert_to_constants": ["convert_variables_to_constants_v2"],
    "flask_swagger_ui": ["dist"],
}
"""A module that is not imported here → what its file says, or its folder holds."""


@contextmanager
def gunicorn_worker() -> Iterator[AsyncWorker]:
    worker = AsyncWorker(1, 2, [], None, 30, Config(), None)
    with closing(worker.tmp):
        yield worker


@contextmanager
def gunicorn_connection() -> Iterator[TConn]:
    """A connection whose client has sent a request of one byte."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n.")
        connection = TConn(Config(), ours, ("127.0.0.1", 1), ("127.0.0.1", 2))
        connection.init()
        yield connection


@contextmanager
def gunicorn_request() -> Iterator[Any]:
    with gunicorn_connection() as connection:
        yield next(connection.parser)


@contextmanager
def gunicorn_part(*steps: str) -> Iterator[Any]:
    with gunicorn_connection() as part:
        for step in steps:
            part = getattr(part, step)
        yield part


@contextmanager
def gunicorn_body() -> Iterator[Any]:
    with gunicorn_request() as request:
        yield request.body


def engine_server() -> engineio.Server:
    return engineio.Server(async_mode="threading", monitor_clients=False)


def rate_limit() -> RuntimeLimit:
    return RuntimeLimit(RateLimitItemPerMinute(1), key_func=str, scope=None)


MADE: dict[str, tuple[Any, list[str]]] = {
    "engineio.base_server.BaseServer": (
        lambda: nullcontext(engine_server()),
        ["sockets", "ping_interval", "ping_timeout", "max_http_buffer_size"],
    ),
    "engineio.base_socket.BaseSocket": (
        lambda: nullcontext(engineio.socket.Socket(engine_server(), "sid")),
        ["server", "sid", "queue", "connected", "upgrading", "upgraded", "closing", "closed"],
    ),
    "engineio.middleware.WSGIApp": (lambda: nullcontext(engineio.WSGIApp(engine_server())), ["engineio_app"]),
    "socketio.base_server.BaseServer": (
        lambda: nullcontext(socketio.Server(async_mode="threading", monitor_clients=False)),
        ["eio", "manager", "_binary_packet"],
    ),
    "socketio.packet.Packet": (lambda: nullcontext(socketio.packet.Packet()), ["id"]),
    "flask_socketio.SocketIO": (
        lambda: nullcontext(SocketIO(Flask("borrowed"), async_mode="threading")),
        ["server", "sockio_mw"],
    ),
    "gunicorn.workers.base.Worker": (gunicorn_worker, ["alive", "booted", "cfg", "log", "ppid", "sockets"]),
    "gunicorn.workers.base_async.AsyncWorker": (gunicorn_worker, ["worker_connections"]),
    "gunicorn.sock.BaseSocket": (lambda: closing(TCPSocket(("127.0.0.1", 0), Config(), None)), ["sock"]),
    "gunicorn.workers.gthread.TConn": (gunicorn_connection, ["parser"]),
    "gunicorn.http.parser.Parser": (lambda: gunicorn_part("parser"), ["unreader"]),
    "gunicorn.http.unreader.SocketUnreader": (lambda: gunicorn_part("parser", "unreader"), ["sock"]),
    "gunicorn.http.message.Request": (gunicorn_request, ["body", "unreader"]),
    "gunicorn.http.body.Body": (gunicorn_body, ["failed", "reader"]),
    "flask_smorest.blueprint.Blueprint": (
        lambda: nullcontext(flask_smorest.Blueprint("borrowed", __name__)),
        ["_prepare_doc_cbks"],
    ),
    "flask_limiter.Limiter": (lambda: nullcontext(flask_limiter.Limiter(str)), ["limit_manager"]),
    "flask_limiter.errors.RateLimitExceeded": (lambda: nullcontext(RateLimitExceeded(rate_limit())), ["limit"]),
    "flask_limiter._limits.RuntimeLimit": (lambda: nullcontext(rate_limit()), ["limit"]),
}
"""A class → how to make one, and the attributes that it has then."""


def each(kind: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (owner, name) for owner, found in kind.items() for name in (found[1] if isinstance(found, tuple) else found)
    ]


def ids(kind: dict[str, Any]) -> list[str]:
    return [f"{owner}.{name}" for owner, name in each(kind)]


ALL = {*SIGNATURES, *ids(THERE), *ids(MADE), *ids(MENTIONED), *ids(ON_DISK)}


def expanded(name: str) -> list[str]:
    """`a.b.{c, d}` is `a.b.c` and `a.b.d`."""
    head, brace, tail = name.partition("{")
    return [head + each.strip() for each in tail.rstrip("}").split(",")] if brace else [name]


def on_the_page() -> dict[str, list[str]]:
    """Each borrowed name of the page, and the files that use it."""
    rows = table(PAGE.read_text(), BORROWED, "names", "used in", "why", "behaviour shown in")
    return {name: names(row["used in"]) for row in rows for short in names(row["names"]) for name in expanded(short)}
