"""The Socket.IO server: acknowledgements, attachments, and exactly one answer to each event.

python-socketio tells a handler nothing of whether the client wants an acknowledgement, and drops what it cannot parse
without a word. Both are decided below the handlers, in `StreamServer`, and nowhere else.
"""

from __future__ import annotations

import json
import logging
import re
import time
from functools import partial
from typing import Any

import socketio
from socketio import packet

from ...concurrency import Share
from ...contract.bounded_json import check_structure, load_value
from ...errors import N_, Busy, InvalidJSON, ValidationFailed, VisionAIError
from ..client.answers import failure_body, greeting_body
from ..clients import Clients
from ..messages import render
from .engine import EngineServer
from .namespace import NAMESPACE, StreamNamespace

MAX_ATTACHMENTS = 4
"""A payload has one image; a few more attachments are read to be told what is wrong with them."""

ATTACHMENT_SECONDS = 10.0

_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
# What a packet's head says before its JSON: kind, attachments, namespace, and the id of its acknowledgement.
_HEAD = re.compile(r"[25](?:\d+-)?(?:/[^,]*,)?(\d{1,15})?")

# Both libraries log every packet as information.
_quiet = logging.getLogger("visionai.socketio")
_quiet.setLevel(logging.ERROR)


class _BoundedJSON:
    """The JSON module that python-socketio is given, and sets for every packet of the process, clients' too."""

    dumps = staticmethod(json.dumps)

    @staticmethod
    def loads(data: str) -> Any:
        """Return a value; raises ValueError, as the standard library does, for what is none."""
        try:
            return load_value(data)
        except InvalidJSON as err:
            raise ValueError("The packet is not valid JSON.") from err


class StreamServer(socketio.Server):
    """A Socket.IO server that answers whatever comes, once: by acknowledgement if asked for, else by event."""

    def __init__(self, clients: Clients, **options: Any) -> None:
        super().__init__(
            clients=clients,
            async_handlers=False,
            namespaces=[NAMESPACE],
            json=_BoundedJSON,
            logger=_quiet,
            engineio_logger=_quiet,
            **options,
        )
        self._namespace = StreamNamespace(clients)
        self.register_namespace(self._namespace)
        # By client: attachments of a refused packet that have yet to come, and since when others are waited for.
        self._unwanted: dict[str, int] = {}
        self._awaited: dict[str, float] = {}
        # The memory of attachments that came before the others of their packet.
        self._held: dict[str, list[Share]] = {}
        self._memory = clients.shared.memory
        self.eio.on_beat = self._give_up_late_attachments

    def push(self, sid: str, event: str, body: dict[str, Any]) -> None:
        """Send an event to one client, if it is still there."""
        eio_sid = self.manager.eio_sid_from_sid(sid, NAMESPACE)
        if eio_sid is not None:
            self._answer(eio_sid, None, event, body)

    def _engineio_server_class(self) -> type[EngineServer]:
        return EngineServer

    def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        before = self.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        super()._handle_connect(eio_sid, namespace, data)
        sid = self.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        client = self._namespace.joined.get(sid)
        if client is not None and sid != before:
            self.eio.sockets[eio_sid].joined = True
            self._answer(eio_sid, None, "connection", greeting_body(client))
            if claim := self._namespace.claims.pop(sid, None):
                client.receive("session_start", claim, partial(self._answer, eio_sid, None))

    def _handle_event_internal(
        self, _server: Any, sid: str, eio_sid: str, data: Any, _namespace: str, id: int | None
    ) -> None:
        """Hand an event to the client, with the way to answer it; runs in the client's own task."""
        client = self._namespace.joined.get(sid)
        if client is None:
            return
        if not isinstance(data, list) or not data or not isinstance(data[0], str):
            raise TypeError("an event is a list that begins with its name")
        client.receive(data[0], data[1] if len(data) > 1 else None, partial(self._answer, eio_sid, id))

    def _handle_eio_message(self, eio_sid: str, data: str | bytes) -> None:
        """Take a message apart; what cannot be is answered by one error, and the connection goes on."""
        if isinstance(data, bytes):
            pending = self._binary_packet.get(eio_sid)
            if pending is None:
                self._drop_attachment(eio_sid)
                return
            id = pending.id
        else:
            self._give_up_attachments(eio_sid)
            id = _id_of(data)
        try:
            if isinstance(data, str):
                self._check(eio_sid, data)
            else:
                self._held.setdefault(eio_sid, []).append(self._memory.hold(len(data)))
            super()._handle_eio_message(eio_sid, data)
            if eio_sid in self._binary_packet:
                self._awaited.setdefault(eio_sid, time.monotonic())
            else:
                self._forget_attachments(eio_sid)
        except Busy as error:
            self._binary_packet.pop(eio_sid, None)
            self._forget_attachments(eio_sid)
            self._refuse(eio_sid, id, error)
        except VisionAIError as error:
            self._refuse(eio_sid, id, error)
        except _MALFORMED:
            self._binary_packet.pop(eio_sid, None)
            self._forget_attachments(eio_sid)
            self._refuse(eio_sid, id, InvalidJSON())

    def _give_up_late_attachments(self, now: float) -> None:
        for eio_sid, since in tuple(self._awaited.items()):
            if now - since > ATTACHMENT_SECONDS:
                self._give_up_attachments(eio_sid)

    def _give_up_attachments(self, eio_sid: str) -> None:
        """Answer a packet whose attachments did not come."""
        self._forget_attachments(eio_sid)
        pending = self._binary_packet.pop(eio_sid, None)
        if pending is not None:
            self._refuse(eio_sid, pending.id, ValidationFailed({"image": [N_("The upload was interrupted.")]}))

    def _forget_attachments(self, eio_sid: str) -> None:
        self._awaited.pop(eio_sid, None)
        self._held.pop(eio_sid, None)

    def _check(self, eio_sid: str, data: str) -> None:
        """Refuse a packet by its text; raises BadRequest."""
        self._unwanted.pop(eio_sid, None)
        check_structure(data)
        count, dash, _ = data[1:12].partition("-")
        if dash and count.isdigit() and int(count) > MAX_ATTACHMENTS:
            self._unwanted[eio_sid] = int(count)
            raise ValidationFailed({"image": [N_("Send one picture at a time.")]})

    def _drop_attachment(self, eio_sid: str) -> None:
        """Drop an attachment: of a packet that was refused, or of none, and then say so."""
        left = self._unwanted.get(eio_sid, 0)
        if left > 1:
            self._unwanted[eio_sid] = left - 1
        elif left:
            del self._unwanted[eio_sid]
        else:
            self._refuse(eio_sid, None, InvalidJSON())

    def _refuse(self, eio_sid: str, id: int | None, error: VisionAIError) -> None:
        sid = self.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        if client := self._namespace.joined.get(sid):
            self._answer(eio_sid, id, "error", failure_body(error, client.language))

    def _answer(self, eio_sid: str, id: int | None, event: str, body: dict[str, Any]) -> None:
        # As socketio.packet.Packet would say it, at a third of the cost: it looks through the body for bytes, and makes
        # a JSON encoder for every packet.
        head = f"{packet.EVENT}{NAMESPACE}," if id is None else f"{packet.ACK}{NAMESPACE},{id}"
        self.eio.send(eio_sid, head + render([event, body] if id is None else [body]))

    def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        super()._handle_eio_disconnect(eio_sid, reason)
        for waiting in (self._unwanted, self._awaited, self._held, self._binary_packet):
            waiting.pop(eio_sid, None)


def _id_of(text: str) -> int | None:
    """Return the id by which the client wants its acknowledgement, None where it wants an event."""
    head = _HEAD.match(text)
    return int(head[1]) if head and head[1] else None
