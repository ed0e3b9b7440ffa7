"""Schemas of emotions, model information and health."""

from __future__ import annotations

from marshmallow import fields

from ...vision.priors import Prior
from .base import Schema
from .fields import emotion_name
from .predictions import ScoresSchema


class EmotionSchema(Schema):
    """An apparent expression."""

    id = fields.Integer(required=True, metadata={"example": 4})
    name = emotion_name(required=True)
    description = fields.String(required=True)


class EmotionsSchema(Schema):
    """The seven of them."""

    emotions = fields.List(fields.Nested(EmotionSchema), required=True)


class SharesSchema(ScoresSchema):
    """A class share for each emotion, about 1 in all."""


class OperatingPointSchema(Schema):
    """The class shares that scores assume, null where the weights name none, and what calibrates them."""

    shares = fields.Nested(SharesSchema, required=True, allow_none=True)
    temperature = fields.Float(required=True)


class OperatingPointsSchema(Schema):
    """The operating points that `prior` chooses from."""

    even = fields.Nested(OperatingPointSchema, required=True)
    typical = fields.Nested(OperatingPointSchema, required=True)


class DefaultPriorsSchema(Schema):
    """The operating points where a picture or a frame names none."""

    pictures = fields.String(required=True, metadata={"enum": [*Prior]})
    frames = fields.String(required=True, metadata={"enum": [*Prior]})


class ModelInfoSchema(Schema):
    """The weights that are served."""

    status = fields.String(required=True, metadata={"enum": ["not_loaded", "loading", "loaded", "failed"]})
    model_version_tag = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "What predictions carry: the weights, and “+” and the calibration where one is in force."
        },
    )
    weights_version_tag = fields.String(required=True, allow_none=True)
    calibration = fields.String(
        required=True, allow_none=True, metadata={"description": "The name of the calibration in force, if any."}
    )
    input_shape = fields.String(required=True, allow_none=True)
    num_classes = fields.Integer(required=True, allow_none=True)
    total_params = fields.Integer(required=True, allow_none=True)
    emotion_classes = fields.List(fields.String(), required=True, allow_none=True)
    runtime = fields.String(required=True, allow_none=True)
    metrics = fields.Dict(required=True, allow_none=True)
    learned_shares = fields.Nested(
        SharesSchema,
        required=True,
        allow_none=True,
        metadata={"description": "What the network learned from; null where the weights name none."},
    )
    priors = fields.Nested(OperatingPointsSchema, required=True, allow_none=True)
    default_priors = fields.Nested(DefaultPriorsSchema, required=True)


class HealthSchema(Schema):
    """How the service is."""

    status = fields.String(required=True, metadata={"enum": ["healthy", "degraded"]})
    service = fields.String(required=True)
    version = fields.String(required=True)
    model = fields.String(required=True)
    database = fields.String(required=True)
    recorder = fields.String(required=True)
    clients_connected = fields.Integer(required=True)


class LiveSchema(Schema):
    """The process answers."""

    status = fields.Constant("alive", required=True)


class ReadySchema(Schema):
    """The process does its work, now and while the database is away for a moment."""

    status = fields.Constant("ready", required=True)
    revision = fields.String(metadata={"description": "The revision of the database's schema."})
