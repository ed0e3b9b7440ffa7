"""The messages of streams: what clients send, what answers that, and what comes unasked."""

from __future__ import annotations

from dataclasses import dataclass

from ..schemas import stream_answers as answers
from ..schemas import stream_payloads as payloads
from ..schemas.base import Schema


@dataclass(frozen=True, slots=True)
class Answer:
    """A message to the client: its key in the document, its event, its payload."""

    key: str
    event: str
    schema: type[Schema]
    unasked: bool = False
    """Whether it comes without a command."""


@dataclass(frozen=True, slots=True)
class Command:
    """A message of the client, and the keys of the messages that may answer it, besides an error."""

    name: str
    summary: str
    schema: type[Schema] | None
    answers: tuple[str, ...]


ANSWERS = (
    Answer("connection", "connection", answers.ConnectionSchema, unasked=True),
    Answer("prediction", "prediction", answers.FramePredictionSchema),
    Answer("emotions", "emotions", answers.EmotionsAnswerSchema),
    Answer("modelInfo", "model_info", answers.ModelInfoAnswerSchema),
    Answer("health", "health", answers.HealthAnswerSchema),
    Answer("subscribed", "subscribed", answers.SubscribedSchema),
    Answer("unsubscribed", "unsubscribed", answers.UnsubscribedSchema),
    Answer("stats", "stats", answers.StatsEventSchema, unasked=True),
    Answer("sessionOpen", "session", answers.SessionOpenSchema, unasked=True),
    Answer("sessionEnded", "session", answers.SessionEndedSchema),
    Answer("sessionGone", "session", answers.SessionGoneSchema, unasked=True),
    Answer("marker", "marker", answers.MarkerAnswerSchema),
    Answer("tokenLost", "auth", answers.TokenLostSchema, unasked=True),
    Answer("error", "error", answers.StreamErrorSchema, unasked=True),
)

COMMANDS = (
    Command("predict", "Read the apparent expression of the faces in a frame.", payloads.FrameSchema, ("prediction",)),
    Command("emotions", "List the seven emotions.", None, ("emotions",)),
    Command("model_info", "Describe the weights that are served.", None, ("modelInfo",)),
    Command("health", "Tell how the service is.", None, ("health",)),
    Command("subscribe", "Get the figures of the dashboard.", payloads.SubscriptionSchema, ("subscribed",)),
    Command("unsubscribe", "Get them no more.", payloads.SubscriptionSchema, ("unsubscribed",)),
    Command("session_start", "Start or go on with a session.", payloads.SessionStartPayloadSchema, ("sessionOpen",)),
    Command("session_end", "End the session.", None, ("sessionEnded",)),
    Command("marker", "Mark a moment of the session.", payloads.MarkPayloadSchema, ("marker",)),
)
