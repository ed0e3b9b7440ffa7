"""Schemas of calibrations and of the trials that judge them."""

from __future__ import annotations

from marshmallow import fields

from ...vision.trial import Verdict
from .base import Schema
from .fields import emotion_name


class ReadingSchema(Schema):
    """What came of one picture: `read`, or the code of what is wrong with it."""

    index = fields.Integer(required=True)
    filename = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"description": "`read`, or a code such as `no_face`."})


class ReadingsSchema(Schema):
    """What came of the pictures, and the readings to send with the next calls, valid for half an hour."""

    emotion = emotion_name(required=True)
    weights_version_tag = fields.String(required=True)
    readings = fields.String(required=True, metadata={"description": "Opaque. Holds no picture."})
    results = fields.List(fields.Nested(ReadingSchema), required=True)


class FiguresSchema(Schema):
    """How well the scores of unseen pictures agree with their labels."""

    accuracy = fields.Float(required=True)
    macro_recall = fields.Float(required=True, metadata={"description": "Balanced accuracy."})
    log_loss = fields.Float(required=True)
    calibration_error = fields.Float(required=True)


class GainSchema(Schema):
    """An improvement, above 0 for better, and its standard error."""

    value = fields.Float(required=True)
    standard_error = fields.Float(required=True)


class GainsSchema(Schema):
    """The improvements."""

    accuracy = fields.Nested(GainSchema, required=True)
    macro_recall = fields.Nested(GainSchema, required=True)
    log_loss = fields.Nested(GainSchema, required=True)


class TrialFiguresSchema(Schema):
    """What repeated cross-validation measured."""

    before = fields.Nested(FiguresSchema, required=True)
    after = fields.Nested(FiguresSchema, required=True)
    gains = fields.Nested(GainsSchema, required=True)


class TrialSchema(Schema):
    """What a calibration would be worth; nothing is stored."""

    weights_version_tag = fields.String(required=True)
    helps = fields.Boolean(required=True)
    verdict = fields.String(required=True, metadata={"enum": [verdict.value for verdict in Verdict]})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why it would be refused."})
    pictures = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    left_out = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    offsets = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    temperature_factor = fields.Float(required=True)
    figures = fields.Nested(TrialFiguresSchema, required=True)


class CalibrationSchema(Schema):
    """A calibration that is kept."""

    name = fields.String(required=True)
    tag = fields.String(required=True, metadata={"description": "`model_version_tag` of answers under it."})
    weights_version_tag = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": ["kept", "active"]})
    created_at = fields.AwareDateTime(required=True)
    pictures = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    offsets = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    temperature_factor = fields.Float(required=True)
    figures = fields.Nested(TrialFiguresSchema, required=True)


class CalibrationsSchema(Schema):
    """The calibrations of the version that is served, the newest first."""

    weights_version_tag = fields.String(required=True)
    active = fields.String(required=True, allow_none=True, metadata={"description": "The name of the one in force."})
    calibrations = fields.List(fields.Nested(CalibrationSchema), required=True)
