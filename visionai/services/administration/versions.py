"""Versions of the weights as administrators see them: listed with who activated them, activated, rolled back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from ...database.sessions import reading
from ...errors import NotFound, NoVersionBefore
from ...extensions import inference
from ...models import AuditAction, AuditEntry, ModelVersion
from ..weights import activation, calibrations, versions

_BROUGHT_INTO_FORCE = (
    AuditAction.MODEL_ACTIVATED,
    AuditAction.CALIBRATION_ACTIVATED,
    AuditAction.MODEL_ROLLED_BACK,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be put into force: a version as it was measured, or with a calibration.

    `activated_at` and `activated_by` are of the last time it was; a null name with an instant is the command line, or
    a user who is gone. `metrics` are those of the version.
    """

    tag: str
    version: str
    calibration: str | None
    created_at: datetime
    metrics: dict[str, Any] | None
    can_be_activated: bool
    in_force: bool
    activated_at: datetime | None
    activated_by: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """All that can be put into force, what is, and what a roll-back would put back."""

    in_force: str | None
    before: str | None
    choices: list[Choice]


def choices() -> Choices:
    """Return the versions and their calibrations, the newest first."""
    serving = _serving()
    with reading() as session:
        tag = calibrations.in_force_tag(session, serving)
    last = _last_activations()
    found = []
    for version in versions.list_versions():
        variants: list[tuple[str, str | None, datetime]] = [(version.model_version_tag, None, version.creation_date)]
        of_version = calibrations.list_calibrations(version.model_version_tag)
        variants += [(one.tag, one.name, one.created_at) for one in of_version]
        found += [_choice(version, *variant, tag, last) for variant in variants]
    return Choices(tag or None, activation.before(), found)


def activate(tag: str) -> None:
    """Put a version, or VERSION+CALIBRATION, into force for every process, once its weights have been loaded here.

    Raises NotFound for what is not registered, WeightsError for weights that cannot be had or loaded.
    """
    activation.register_shipped()
    activation.activate(tag)


def roll_back() -> None:
    """Put the version into force that was before the active one; raises NoVersionBefore where none is known."""
    try:
        activation.roll_back()
    except NotFound as err:
        raise NoVersionBefore from err


def _serving() -> str:
    """Return the version that this process serves, or would first; "" where its weights cannot be read."""
    return inference.manifest.model_version_tag if inference.manifest else activation.shipped_tag()


def _choice(
    version: ModelVersion,
    tag: str,
    calibration: str | None,
    created_at: datetime,
    in_force: str,
    last: dict[str, AuditEntry],
) -> Choice:
    entry = last.get(tag)
    return Choice(
        tag,
        version.model_version_tag,
        calibration,
        created_at,
        version.metrics,
        version.model_filename is not None or version.model_version_tag == _serving(),
        tag == in_force,
        entry.timestamp if entry else None,
        entry.actor_name if entry else None,
    )


def _last_activations() -> dict[str, AuditEntry]:
    """Return for each tag the last time that it was put into force."""
    entry = AuditEntry
    newest = select(func.max(entry.audit_id)).where(entry.action.in_(_BROUGHT_INTO_FORCE)).group_by(entry.target_id)
    with reading() as session:
        return {one.target_id or "": one for one in session.scalars(select(entry).where(entry.audit_id.in_(newest)))}
