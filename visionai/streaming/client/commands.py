"""The commands of a stream that are answered at once: all but `predict`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ...errors import N_, UnknownCommand, ValidationFailed
from ...extensions import inference
from ...services import health
from ...vision.emotions import EMOTIONS

if TYPE_CHECKING:
    from .session import ClientSession

Answer = tuple[str, dict[str, Any]]
Command = Callable[["ClientSession", Any], Answer]

DASHBOARD = "dashboard"


def run(session: ClientSession, command: Any, payload: Any) -> Answer:
    """Return the event and the body that answer `command`; raises UnknownCommand and what the command raises."""
    known = COMMANDS.get(command) if isinstance(command, str) else None
    if known is None:
        raise UnknownCommand
    with session.streams.app.app_context():
        return known(session, payload)


def emotions(session: ClientSession, _: Any) -> Answer:
    """List the emotions in the language of the connection."""
    listed = [
        {"id": emotion.id, "name": emotion.value, "description": emotion.description(session.language)}
        for emotion in EMOTIONS
    ]
    return "emotions", {"type": "emotions", "status": "success", "emotions": listed}


def model_info(_: ClientSession, __: Any) -> Answer:
    """Describe the weights; starts their load."""
    inference.load()
    return "model_info", {"type": "model_info", "status": "success", "info": inference.info()}


def show_health(_: ClientSession, __: Any) -> Answer:
    """Tell how the service is."""
    report = health.report()
    return "health", {
        "type": "health",
        "status": report.status,
        "service": report.service,
        "clients_connected": report.clients_connected,
        "timestamp": datetime.now(UTC).isoformat(timespec="microseconds"),
    }


def subscribe(session: ClientSession, payload: Any) -> Answer:
    """Send the client the figures of the dashboard as they change."""
    _check_topic(payload)
    session.streams.dashboard.enter(session, session.who(payload))
    return "subscribed", {"type": "subscribed", "status": "success", "topic": DASHBOARD}


def unsubscribe(session: ClientSession, payload: Any) -> Answer:
    """Send them no more."""
    _check_topic(payload)
    session.streams.dashboard.leave(session)
    return "unsubscribed", {"type": "unsubscribed", "status": "success", "topic": DASHBOARD}


def _check_topic(payload: Any) -> None:
    if not isinstance(payload, Mapping) or payload.get("topic") != DASHBOARD:
        raise ValidationFailed({"topic": [N_("The only topic is “dashboard”.")]})


COMMANDS: Mapping[str, Command] = {
    "emotions": emotions,
    "model_info": model_info,
    "health": show_health,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
}

AVAILABLE = ("predict", *COMMANDS)
"""Every command there is, as `available_commands` lists them."""
