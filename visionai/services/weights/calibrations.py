"""Calibrations of versions of the weights: stored, activated, rolled back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...database.sessions import reading, writing
from ...errors import (
    N_,
    CalibrationNameTaken,
    CalibrationRefused,
    LabelsExchanged,
    LabelsUnrelated,
    NotFound,
    ValidationFailed,
)
from ...models import AuditAction, CalibrationStatus, ModelCalibration, ModelVersion
from ...vision.calibration import Calibration, Proposal
from ...vision.trial import Trial, Verdict
from ..audit import trail
from ..audit.trail import Target
from . import versions

MOST_TAG_CHARACTERS = 100
MAX_NAME_LENGTH = 40
NAME_PATTERN = f"[A-Za-z0-9._-]{{1,{MAX_NAME_LENGTH}}}"
_REFUSALS = {
    Verdict.NO_CLEAR_GAIN: CalibrationRefused,
    Verdict.NO_BETTER_THAN_CHANCE: LabelsUnrelated,
    Verdict.EXCHANGED: LabelsExchanged,
}


def keep(proposal: Proposal, name: str, created_by: int | None = None) -> ModelCalibration:
    """Store a calibration that helps under a name of its version's own.

    Raises CalibrationRefused where it does not help, ValidationFailed for the name, CalibrationNameTaken.
    """
    refuse_useless(proposal.trial)
    tag = proposal.named(name).tag
    if not is_name(name) or len(tag) > MOST_TAG_CHARACTERS:
        raise ValidationFailed({"name": [N_("Choose 1 to 40 characters out of A-Z, a-z, 0-9, “.”, “_” and “-”.")]})
    try:
        with writing() as session:
            if session.scalar(versions.registered(tag)):
                raise CalibrationNameTaken
            kept = ModelCalibration(
                model_id=versions.ensure(session.connection(), proposal.version),
                name=name,
                offsets=list(proposal.offsets),
                temperature_factor=proposal.temperature_factor,
                pictures={emotion.value: count for emotion, count in proposal.pictures.items()},
                figures=figures_of(proposal.trial),
                created_by=created_by,
            )
            session.add(kept)
            session.flush()
            session.refresh(kept)
            trail.record(session, AuditAction.CALIBRATION_CREATED, Target.of_version(kept.tag))
            return kept
    except IntegrityError as err:
        raise CalibrationNameTaken from err


def is_name(text: str) -> bool:
    """Tell whether a calibration may be called so: it becomes a part of the tags that answers carry."""
    return re.fullmatch(NAME_PATTERN, text) is not None


def refuse_useless(trial: Trial) -> None:
    """Raise CalibrationRefused, with the figures, unless the trial says that the calibration helps."""
    if trial.verdict is not Verdict.HELPS:
        raise refusal(trial)


def refusal(trial: Trial) -> CalibrationRefused:
    """Return the error that says why a calibration is not kept."""
    first, second = trial.exchanged or (None, None)
    return _REFUSALS[trial.verdict](
        recall_before=f"{trial.before.macro_recall:.3f}",
        recall_after=f"{trial.after.macro_recall:.3f}",
        recall_error=f"{trial.macro_recall.standard_error:.3f}",
        loss_before=f"{trial.before.log_loss:.3f}",
        loss_after=f"{trial.after.log_loss:.3f}",
        loss_error=f"{trial.log_loss.standard_error:.3f}",
        **({"first": first.value, "second": second.value} if first and second else {}),
    )


def figures_of(trial: Trial) -> dict[str, Any]:
    """Return the figures of a trial as JSON has them, to four digits."""
    names = ("before", "after", "accuracy", "macro_recall", "log_loss")
    parts = {name: _rounded(asdict(getattr(trial, name))) for name in names}
    return {"before": parts["before"], "after": parts["after"], "gains": {name: parts[name] for name in names[2:]}}


def activate(tag: str, serving: str, action: AuditAction | None = None) -> None:
    """Make `VERSION+NAME`, or `VERSION` as it is without any calibration, what every server process serves.

    A version that was never registered can only be that of `serving`, the weights that a server loads by itself, and
    only where no version was ever activated. Raises NotFound for any other tag. The audit log is told what was in
    force before, under `action` where it is not a plain activation.
    """
    with writing() as session:
        # Who activates waits for who does so already; rows of predictions, which name a version, are added meanwhile.
        session.execute(select(ModelVersion.model_id).order_by(ModelVersion.model_id).with_for_update(key_share=True))
        before = in_force_tag(session, serving)
        calibration = session.scalar(_by_tag(tag))
        version = calibration.version if calibration else session.scalar(versions.by_tag(tag))
        if version is None and tag == serving:
            return  # It has no calibration, so it is served as it was measured.
        if version is None:
            raise NotFound
        if version.model_filename is not None:
            versions.make_active(session, version, serving)
        elif version.model_version_tag != serving or session.scalar(versions.active_ones()):
            raise NotFound
        _switch(session, version, calibration)
        usual = AuditAction.CALIBRATION_ACTIVATED if calibration else AuditAction.MODEL_ACTIVATED
        trail.record(session, action or usual, Target.of_version(tag), {"before": before})


def in_force_tag(session: Session, serving: str) -> str:
    """Return the tag that answers carry: the active version's or, where there is none, that of `serving`, and the
    calibration in force."""
    active = session.scalar(versions.active_ones())
    version = active.model_version_tag if active else serving
    calibration = session.scalar(_in_force(version))
    return calibration.tag if calibration else version


def list_calibrations(version: str | None = None) -> Sequence[ModelCalibration]:
    """Return the calibrations of a version, by default of all, the newest first."""
    query = select(ModelCalibration).order_by(ModelCalibration.calibration_id.desc())
    if version is not None:
        query = query.join(ModelVersion).where(ModelVersion.model_version_tag == version)
    with reading() as session:
        return session.scalars(query).all()


def find(tag: str) -> ModelCalibration | None:
    """Return the calibration that answers carry as `tag`, or None."""
    with reading() as session:
        return session.scalar(_by_tag(tag))


def in_force(version: str) -> Calibration | None:
    """Return the active calibration of a version, or None where its scores are as they were measured."""
    with reading() as session:
        found = session.scalar(_in_force(version))
    if found is None:
        return None
    return Calibration(version, found.name, tuple(found.offsets), found.temperature_factor)


def _in_force(version: str) -> Select[ModelCalibration]:
    active = ModelCalibration.status == CalibrationStatus.ACTIVE
    return select(ModelCalibration).join(ModelVersion).where(ModelVersion.model_version_tag == version, active)


def _switch(session: Session, version: ModelVersion, calibration: ModelCalibration | None) -> None:
    """Make `calibration`, or none, the active one of a version; of several who do so at once the last one wins."""
    session.execute(select(ModelVersion.model_id).where(ModelVersion.model_id == version.model_id).with_for_update())
    of_version = ModelCalibration.model_id == version.model_id
    session.execute(update(ModelCalibration).where(of_version).values(status=CalibrationStatus.KEPT))
    if calibration is not None:
        chosen = ModelCalibration.calibration_id == calibration.calibration_id
        session.execute(update(ModelCalibration).where(chosen).values(status=CalibrationStatus.ACTIVE))


def _by_tag(tag: str) -> Select[ModelCalibration]:
    version, _, name = tag.rpartition("+")
    query = select(ModelCalibration).join(ModelVersion)
    return query.where(ModelVersion.model_version_tag == version, ModelCalibration.name == name)


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}
