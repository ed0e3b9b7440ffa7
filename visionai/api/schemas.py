"""What bodies and queries hold and what answers look like, field by field as the contract has them."""

from __future__ import annotations

import re
from typing import Any

import marshmallow as ma
from marshmallow import fields

from ..errors import N_
from ..vision.emotions import EMOTIONS
from ..vision.priors import Prior
from ..web import Schema
from .fields import Text, emotion_name, prior

_PASSWORD_BYTES = range(6, 73)


def _fits_bcrypt(password: str) -> None:
    if len(password.encode()) not in _PASSWORD_BYTES:
        raise ma.ValidationError(N_("Choose 6 to 72 bytes; a letter with an accent counts as two."))


def _password(**kwargs: Any) -> fields.String:
    kwargs.setdefault("metadata", {"format": "password"})
    return Text(required=True, load_only=True, **kwargs)


# Accounts -----------------------------------------------------------------------------------------------------------


class RegistrationSchema(Schema):
    """A new user."""

    username = Text(
        required=True,
        validate=ma.validate.Regexp(
            re.compile(r"[A-Za-z0-9._-]{3,50}\Z"),
            error=N_("Choose 3 to 50 characters out of A-Z, a-z, 0-9, “.”, “_” and “-”."),
        ),
        metadata={"example": "usuario", "minLength": 3, "maxLength": 50, "pattern": r"^[A-Za-z0-9._-]{3,50}$"},
    )
    password = _password(
        validate=_fits_bcrypt,
        metadata={"format": "password", "example": "una frase larga", "description": "6 to 72 bytes."},
    )


class CredentialsSchema(Schema):
    """A name and its password."""

    username = Text(required=True, metadata={"example": "usuario"})
    password = _password()


class PasswordChangeSchema(Schema):
    """The password there is and the one there shall be."""

    current_password = _password()
    new_password = _password(validate=_fits_bcrypt)


class LoginQuerySchema(Schema):
    """Where the refresh token goes."""

    cookie = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Put the refresh token into an `HttpOnly`, `SameSite=Strict` cookie that only "
            "`/auth/refresh` receives, and not into the body. For pages of this server."
        },
    )


class UserSchema(Schema):
    """A user as registering answers."""

    user_id = fields.Integer(required=True)
    username = fields.String(required=True)
    is_active = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)


class ProfileSchema(UserSchema):
    """A user as they see themselves."""

    role = fields.String(required=True, metadata={"enum": ["user", "admin"]})


class AccessSchema(Schema):
    """A fresh access token."""

    access_token = fields.String(required=True)
    token_type = fields.Constant("bearer", required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})


class TokensSchema(AccessSchema):
    """The tokens of a login."""

    refresh_token = fields.String(metadata={"description": "Absent where it was put into the cookie."})


# Predictions --------------------------------------------------------------------------------------------------------


class PredictQuerySchema(Schema):
    """How a picture is read, and whether a row is kept."""

    detect = fields.Boolean(
        load_default=True,
        metadata={"description": "`false`: the whole picture is one face already, do not look for any."},
    )
    record = fields.Boolean(load_default=True, metadata={"description": "`false`: no row is written."})
    prior = prior(
        metadata={
            "description": "The operating point, which is how common each expression is taken to be: `even`, all seven "
            "alike, or `typical`, neutral and happy the most common. Without it the setting `PRIOR` decides, by "
            "default `even` for pictures."
        },
    )


class BoxSchema(Schema):
    """A rectangle in pixels of the upright picture that was sent."""

    x = fields.Integer(required=True)
    y = fields.Integer(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class ScoresSchema(Schema.from_dict({emotion.value: fields.Float(required=True) for emotion in EMOTIONS})):  # type: ignore[misc]
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


class ItemErrorSchema(Schema):
    """Why one picture of a batch could not be read."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    details = fields.Dict(required=True)


class BatchItemSchema(Schema):
    """One picture of a batch: `prediction` where `status` is 200, `error` else."""

    index = fields.Integer(required=True)
    filename = fields.String(required=True, allow_none=True)
    status = fields.Integer(required=True, metadata={"description": "The HTTP status it would have had alone."})
    prediction = fields.Nested(PredictionSchema)
    error = fields.Nested(ItemErrorSchema)


class BatchSchema(Schema):
    """The pictures of a batch, in the order in which they were sent."""

    results = fields.List(fields.Nested(BatchItemSchema), required=True)


# The system ---------------------------------------------------------------------------------------------------------


class EmotionSchema(Schema):
    """An apparent expression."""

    id = fields.Integer(required=True)
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
    """The model and the database answer."""

    status = fields.Constant("ready", required=True)
