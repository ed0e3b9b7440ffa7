"""Schemas of predictions: what was read in an image, alone or in a batch."""

from __future__ import annotations

from marshmallow import fields

from ...vision.emotions import EMOTIONS
from ...vision.priors import Prior
from .base import Schema
from .errors import ErrorInsideSchema
from .examples import SCORES
from .fields import emotion_name


class BoxSchema(Schema):
    """A rectangle in pixels of the upright picture that was sent."""

    x = fields.Integer(required=True)
    y = fields.Integer(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


_Scores = Schema.from_dict(
    {emotion.value: fields.Float(required=True, metadata={"example": SCORES[emotion.value]}) for emotion in EMOTIONS},
    name="OfEach",
)


class ScoresSchema(_Scores):  # type: ignore[misc, valid-type]
    """A calibrated probability for each emotion."""


_CONFIDENCE = {
    "minimum": 0,
    "maximum": 1,
    "description": "The best of the scores. At 0.8, eight of ten people would say the same, of pictures like those the "
    "network learned from; on posed, covered or dim faces it is too sure, by up to 20 points.",
}


_UNCERTAIN = {"description": "The confidence is below 0.5: most people would say something else."}


class FaceSchema(Schema):
    """One face and its apparent expression."""

    box = fields.Nested(BoxSchema, required=True)
    detection_confidence = fields.Float(required=True, allow_none=True)
    emotion_name = emotion_name(required=True)
    confidence = fields.Float(required=True, metadata=_CONFIDENCE)
    uncertain = fields.Boolean(required=True, metadata=_UNCERTAIN)
    scores = fields.Nested(ScoresSchema, required=True)


class PredictionSchema(Schema):
    """What was read in a picture; the named fields speak of the largest face."""

    id = fields.Integer(required=True, allow_none=True)
    uid = fields.UUID(required=True)
    emotion_name = emotion_name(required=True)
    confidence = fields.Float(required=True, metadata=_CONFIDENCE)
    uncertain = fields.Boolean(required=True, metadata=_UNCERTAIN)
    model_version_tag = fields.String(required=True)
    prior = fields.String(
        required=True,
        metadata={"enum": [*Prior], "description": "The operating point that the scores are of."},
    )
    processing_time_ms = fields.Integer(required=True)
    timestamp = fields.String(required=True, metadata={"format": "date-time"})
    user = fields.String(required=True, allow_none=True)
    recorded = fields.Boolean(required=True)
    faces = fields.List(fields.Nested(FaceSchema), required=True)


class BatchItemSchema(Schema):
    """One picture of a batch: `prediction` where `status` is 200, `error` else."""

    index = fields.Integer(required=True)
    filename = fields.String(required=True, allow_none=True)
    status = fields.Integer(required=True, metadata={"description": "The HTTP status it would have had alone."})
    prediction = fields.Nested(PredictionSchema)
    error = fields.Nested(ErrorInsideSchema)


class BatchSchema(Schema):
    """The pictures of a batch, in the order in which they were sent."""

    results = fields.List(fields.Nested(BatchItemSchema), required=True)
