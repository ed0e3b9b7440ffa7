"""Schemas of what a stream sends: answers to frames and commands, and events that nobody asked for."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ..session_fields import SessionSource, SessionStatus
from .base import Schema
from .errors import ErrorInsideSchema
from .fields import emotion_name
from .predictions import FaceSchema, PredictionSchema, ScoresSchema
from .sessions import MarkerSchema, SessionSchema
from .statistics import StatsSchema
from .system import EmotionsSchema, HealthSchema, ModelInfoSchema

_SEQ = {
    "type": ["string", "number", "null"],
    "description": "The `seq` of the frame; null where it had none.",
    "example": 7,
}


def _constant(value: str) -> fields.Constant:
    return fields.Constant(value, required=True)


def _one_of(*names: str, **metadata: Any) -> fields.String:
    return fields.String(required=True, metadata={"enum": [*names], **metadata})


class LimitsSchema(Schema):
    """What a client may send."""

    max_frame_bytes = fields.Integer(required=True, metadata={"example": 4_194_304})
    max_pixels = fields.Integer(required=True, metadata={"example": 64_000_000})
    max_fps = fields.Integer(required=True, metadata={"example": 30})


class ConnectionSchema(Schema):
    """The greeting: who the client is, and what it may send."""

    type = _constant("connection")
    status = _constant("connected")
    message = fields.String(required=True, metadata={"example": "Connected to VisionAI."})
    user = fields.String(required=True, allow_none=True)
    limits = fields.Nested(LimitsSchema, required=True)


class SmoothedSchema(Schema):
    """The scores of a face, steady over frames."""

    emotion_name = emotion_name(required=True)
    scores = fields.Nested(ScoresSchema, required=True)


class FrameFaceSchema(FaceSchema):
    """One face of a frame, followed over frames; nobody is recognised."""

    track_id = fields.Integer(required=True, metadata={"description": "Stays while the face is followed."})
    person = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Its number in the session; null outside of one."}
    )
    smoothed = fields.Nested(SmoothedSchema, required=True)


class FramePredictionSchema(PredictionSchema):
    """The answer to a frame; where it was not read, or showed no face, the emotion fields are null."""

    type = _constant("prediction")
    status = _one_of(
        "success",
        "no_face",
        "dropped",
        "busy",
        description="`dropped`: a newer frame of this client took its place. `busy`: the server is full.",
    )
    seq = fields.Raw(required=True, metadata=_SEQ)
    age_ms = fields.Float(required=True, metadata={"description": "From arrival to answer.", "example": 12.4})
    retry_after_ms = fields.Integer(metadata={"description": "Only with `busy`: how long to wait."})
    emotion_name = emotion_name(required=True, allow_none=True)
    confidence = fields.Float(required=True, allow_none=True, metadata={"minimum": 0, "maximum": 1})
    uncertain = fields.Boolean(required=True, allow_none=True)
    model_version_tag = fields.String(required=True, allow_none=True)
    faces = fields.List(fields.Nested(FrameFaceSchema), required=True)


class EmotionsAnswerSchema(EmotionsSchema):
    """The seven emotions, described in the language of the connection."""

    type = _constant("emotions")
    status = _constant("success")


class ModelInfoAnswerSchema(Schema):
    """The weights that are served."""

    type = _constant("model_info")
    status = _constant("success")
    info = fields.Nested(ModelInfoSchema, required=True)


class HealthAnswerSchema(HealthSchema):
    """How the service is."""

    type = _constant("health")
    timestamp = fields.AwareDateTime(required=True)

    class Meta(HealthSchema.Meta):
        exclude = ("version", "model", "database", "recorder")


class SubscribedSchema(Schema):
    """From now on there are `stats` events."""

    type = _constant("subscribed")
    status = _constant("success")
    topic = _constant("dashboard")


class UnsubscribedSchema(SubscribedSchema):
    """There are no more `stats` events."""

    type = _constant("unsubscribed")


class StatsEventSchema(StatsSchema):
    """The figures of the dashboard, as predictions are recorded; at most one event a second."""

    type = _constant("stats")

    class Meta(StatsSchema.Meta):
        exclude = ("period", "emotions", "uncertain_share")


class SessionOpenSchema(Schema):
    """A recorded session that the frames from now on belong to."""

    type = _constant("session")
    status = _constant(SessionStatus.OPEN.value)
    uid = fields.UUID(required=True)
    started_at = fields.AwareDateTime(required=True)
    title = fields.String(required=True, allow_none=True)
    participant = fields.String(required=True, allow_none=True)
    source = _one_of(*(source.value for source in SessionSource))
    resumed = fields.Boolean(required=True, metadata={"description": "It had begun before, and goes on."})
    receipt = fields.String(metadata={"description": "Only for a new session without a token, and only now."})


class SessionEndedSchema(SessionSchema):
    """The session that has ended, summed up."""

    type = _constant("session")
    status = _one_of("ended")


class SessionGoneSchema(Schema):
    """Frames are recorded into the session no longer: it `moved` to another connection, or is `lost`."""

    type = _constant("session")
    status = _one_of("moved", "lost")
    uid = fields.UUID(required=True)


class MarkerAnswerSchema(MarkerSchema):
    """A moment of the session that was marked."""

    type = _constant("marker")
    status = _constant("success")


class TokenLostSchema(Schema):
    """The token of the connection holds no longer; the stream goes on as anonymous."""

    type = _constant("auth")
    status = _one_of("expired", "revoked")


class StreamErrorSchema(Schema):
    """What failed; the connection stays."""

    type = _constant("error")
    status = _constant("error")
    seq = fields.Raw(metadata={**_SEQ, "description": "The `seq` of the frame, where it had one."})
    error = fields.Nested(ErrorInsideSchema, required=True)
    message = fields.String(required=True, metadata={"description": "`error.message` once more."})
    available_commands = fields.List(fields.String(), metadata={"description": "Only with `unknown_command`."})
