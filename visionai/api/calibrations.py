"""Calibrating the served weights to pictures of one's own, for administrators; nobody else learns that this exists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import errors
from ..contract.errors import error_body
from ..contract.schemas.calibrations import CalibrationSchema, CalibrationsSchema, ReadingsSchema, TrialSchema
from ..errors import VisionAIError
from ..services import lifecycle
from ..services.weights import calibrations, labelled
from ..vision.emotions import EMOTIONS, Emotion
from ..vision.trial import Verdict
from ..web.smorest import PREFIX, Blueprint
from . import uploads
from .arguments import ActivationSchema, CalibrationRequestSchema, ReadingsQuerySchema, TrialRequestSchema
from .security import current_identity, hidden_administrator

blueprint = Blueprint(
    "calibrations",
    __name__,
    url_prefix=f"{PREFIX}/admin/calibrations",
    description="The served weights, fitted to pictures of one's own kind; for administrators.",
)


@blueprint.get("")
@blueprint.doc(operationId="listCalibrations")
@hidden_administrator
@blueprint.response(200, CalibrationsSchema)
@blueprint.raises(errors.Busy)
def list_calibrations() -> Any:
    """List the calibrations of the version that is served, and say which one is in force."""
    return _listed(labelled.served_version())


@blueprint.post("/readings")
@hidden_administrator
@blueprint.arguments(ReadingsQuerySchema, location="query")
@blueprint.response(200, ReadingsSchema)
@blueprint.doc(operationId="readCalibrationPictures", requestBody=uploads.BATCH_BODY)
@blueprint.raises(errors.MissingImage, errors.TooLarge, errors.Busy, errors.ReadingsExpired)
def read_pictures(query: dict[str, str]) -> Any:
    """Read up to 32 pictures of one expression for a calibration; nothing is kept, and no row is written."""
    uploaded = uploads.images()
    emotion = Emotion(query["emotion"])
    read = labelled.read([data for _, data in uploaded], emotion, current_identity().user_id)
    return {
        "emotion": emotion.value,
        "weights_version_tag": read.version,
        "readings": read.signed,
        "results": [
            {"index": index, "filename": name, "status": _status(outcome)}
            for index, ((name, _), outcome) in enumerate(zip(uploaded, read.outcomes, strict=True))
        ],
    }


@blueprint.post("/trial")
@blueprint.doc(operationId="tryCalibration")
@hidden_administrator
@blueprint.arguments(TrialRequestSchema)
@blueprint.response(200, TrialSchema)
@blueprint.raises(errors.TooFewPictures, errors.ReadingsExpired, errors.Busy)
def try_out(body: dict[str, Any]) -> Any:
    """Tell by cross-validation what a calibration to these pictures would be worth; nothing is stored."""
    proposal = labelled.propose_from(body["readings"], current_identity().user_id)
    helps = proposal.trial.verdict is Verdict.HELPS
    reason = None if helps else error_body(calibrations.refusal(proposal.trial))["error"]["message"]
    return {
        "weights_version_tag": proposal.version,
        "helps": helps,
        "verdict": proposal.trial.verdict.value,
        "reason": reason,
        "pictures": proposal.pictures,
        "left_out": proposal.left_out,
        "offsets": _by_name(proposal.offsets),
        "temperature_factor": proposal.temperature_factor,
        "figures": calibrations.figures_of(proposal.trial),
    }


@blueprint.post("")
@blueprint.doc(operationId="createCalibration")
@hidden_administrator
@blueprint.arguments(CalibrationRequestSchema)
@blueprint.response(201, CalibrationSchema)
@blueprint.raises(
    errors.TooFewPictures,
    errors.CalibrationRefused,
    errors.CalibrationNameTaken,
    errors.ReadingsExpired,
    errors.Busy,
)
def keep(body: dict[str, Any]) -> Any:
    """Keep a calibration to these pictures under a name, if it helps, and put it into force where that is asked for."""
    user_id = current_identity().user_id
    proposal = labelled.propose_from(body["readings"], user_id)
    kept = calibrations.keep(proposal, body["name"], user_id)
    if body["activate"]:
        calibrations.activate(kept.tag, proposal.version)
        lifecycle.follow_active_version()
    return _body(calibrations.find(kept.tag) or kept)


@blueprint.put("/active")
@blueprint.doc(operationId="activateCalibration")
@hidden_administrator
@blueprint.arguments(ActivationSchema)
@blueprint.response(200, CalibrationsSchema)
@blueprint.raises(errors.Busy)
def activate(body: dict[str, str | None]) -> Any:
    """Put a calibration of the served version into force, or none; every process takes over within seconds."""
    version = labelled.served_version()
    calibrations.activate(version if body["name"] is None else f"{version}+{body['name']}", version)
    lifecycle.follow_active_version()
    return _listed(version)


def _listed(version: str) -> dict[str, Any]:
    found = calibrations.list_calibrations(version)
    active = next((one.name for one in found if one.status == "active"), None)
    return {"weights_version_tag": version, "active": active, "calibrations": [_body(one) for one in found]}


def _body(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "tag": one.tag,
        "weights_version_tag": one.version.model_version_tag,
        "status": one.status,
        "created_at": one.created_at,
        "pictures": one.pictures,
        "offsets": _by_name(one.offsets),
        "temperature_factor": one.temperature_factor,
        "figures": one.figures,
    }


def _by_name(values: Sequence[float]) -> dict[str, float]:
    return {emotion.value: value for emotion, value in zip(EMOTIONS, values, strict=True)}


def _status(outcome: VisionAIError | str | None) -> str:
    return outcome.code if isinstance(outcome, VisionAIError) else outcome or "read"
