"""Request schemas: the fields that bodies and queries take, and what is said of those that do not fit."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields

from ..contract.schemas.base import Schema
from ..contract.schemas.fields import Text, emotion_name, prior, whole_number
from ..contract.schemas.session_commands import NO_OFFSET, NO_SESSION_UID
from ..contract.session_fields import MAX_OFFSET_MS
from ..services.accounts import names, passwords
from ..services.weights import calibrations
from ..services.weights.labelled import MOST_PICTURES
from ..vision.emotions import EMOTIONS

MOST_READINGS = len(EMOTIONS) * MOST_PICTURES


def _fits_bcrypt(password: str) -> None:
    if not passwords.fits(password):
        raise ma.ValidationError(passwords.RULE)


def _password(**kwargs: Any) -> fields.String:
    kwargs.setdefault("metadata", {"format": "password"})
    return Text(required=True, load_only=True, **kwargs)


def username() -> fields.String:
    """Return a field for the name of a user to be."""
    return Text(
        required=True,
        validate=ma.validate.Regexp(rf"{names.PATTERN}\Z", error=names.RULE),
        metadata={
            "example": "usuario",
            "minLength": names.MIN_LENGTH,
            "maxLength": names.MAX_LENGTH,
            "pattern": f"^{names.PATTERN}$",
        },
    )


class RegistrationSchema(Schema):
    """A new user."""

    username = username()
    password = _password(
        validate=_fits_bcrypt,
        metadata={
            "format": "password",
            "example": "una frase larga",
            "description": f"{passwords.MIN_BYTES} to {passwords.MAX_BYTES} bytes.",
        },
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
    session = fields.UUID(
        load_default=None,
        error_messages={"invalid_uuid": NO_SESSION_UID},
        metadata={
            "description": "The uid of a recorded session that the picture belongs to, as its first person: nobody is "
            "followed from one picture to the next. Who has no account shows `X-Session-Receipt`."
        },
    )
    offset_ms = whole_number(
        0,
        MAX_OFFSET_MS,
        NO_OFFSET,
        load_default=None,
        metadata={"description": "Milliseconds since the session, or the video, began. Without it, now."},
    )


class ReadingsQuerySchema(Schema):
    """What the pictures show."""

    emotion = emotion_name(required=True)


class TrialRequestSchema(Schema):
    """Readings of all the pictures."""

    readings = fields.List(
        Text(validate=ma.validate.Length(max=8192)),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_READINGS),
    )


class CalibrationRequestSchema(TrialRequestSchema):
    """Readings of all the pictures, and how the calibration is to be called."""

    name = Text(
        required=True,
        metadata={
            "minLength": 1,
            "maxLength": calibrations.MAX_NAME_LENGTH,
            "pattern": f"^{calibrations.NAME_PATTERN}$",
            "example": "office",
        },
    )
    activate = fields.Boolean(load_default=False, metadata={"description": "Put it into force at once."})


class ActivationSchema(Schema):
    """What is to be in force."""

    name = Text(
        required=True,
        allow_none=True,
        metadata={"description": "A calibration of the version that is served; null: none, scores as measured."},
    )
