"""Stream commands that are answered at once: all but `predict`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ...contract.emotions import emotion_bodies
from ...contract.schemas.system import EmotionsSchema, HealthSchema, ModelInfoSchema
from ...errors import N_, UnknownCommand, ValidationFailed
from ...extensions import inference
from ...services import health
from . import recorded_sessions
from .shared import Caller

Answer = recorded_sessions.Answer
Command = Callable[[Caller, Any], Answer]

DASHBOARD = "dashboard"

_EMOTIONS, _MODEL_INFO = EmotionsSchema(), ModelInfoSchema()
_HEALTH = HealthSchema(only=("status", "service", "clients_connected"))


def run(caller: Caller, command: Any, payload: Any) -> Answer:
    """Return the event and the body that answer `command`; raises UnknownCommand and what the command raises."""
    known = COMMANDS.get(command) if isinstance(command, str) else None
    if known is None:
        raise UnknownCommand
    with caller.shared.app.app_context():
        return known(caller, payload)


def emotions(caller: Caller, _: Any) -> Answer:
    """List the emotions in the language of the connection."""
    body = _EMOTIONS.dump({"emotions": emotion_bodies(caller.language)})
    return "emotions", {"type": "emotions", "status": "success", **body}


def model_info(_: Caller, __: Any) -> Answer:
    """Describe the weights; starts their load."""
    inference.load()
    return "model_info", {"type": "model_info", "status": "success", "info": _MODEL_INFO.dump(inference.info())}


def show_health(_: Caller, __: Any) -> Answer:
    """Tell how the service is."""
    timestamp = datetime.now(UTC).isoformat(timespec="microseconds")
    return "health", {"type": "health", **_HEALTH.dump(health.report()), "timestamp": timestamp}


def subscribe(caller: Caller, payload: Any) -> Answer:
    """Send the client the figures of the dashboard as they change."""
    _check_topic(payload)
    caller.shared.dashboard.enter(caller, caller.who(payload))
    return "subscribed", {"type": "subscribed", "status": "success", "topic": DASHBOARD}


def unsubscribe(caller: Caller, payload: Any) -> Answer:
    """Send them no more."""
    _check_topic(payload)
    caller.shared.dashboard.leave(caller)
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
    "session_start": recorded_sessions.start,
    "session_end": recorded_sessions.end,
    "marker": recorded_sessions.mark,
}

AVAILABLE = ("predict", *COMMANDS)
"""Every command there is, as `available_commands` lists them."""
