"""Versions of the weights as administrators see them: listed with who activated them, activated, rolled back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from ... import concurrency
from ...database.sessions import reading
from ...errors import NotFound, NoVersionBefore, WeightsError
from ...extensions import inference
from ...models import AuditAction, AuditEntry, ModelVersion
from ...vision.classifier import open_classifier
from ...vision.weights import WeightsManifest
from ..weights import calibrations, versions

_ACTIVATIONS = (AuditAction.MODEL_ACTIVATED, AuditAction.CALIBRATION_ACTIVATED)
_BROUGHT_INTO_FORCE = (*_ACTIVATIONS, AuditAction.MODEL_ROLLED_BACK)


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
    return Choices(tag or None, _before(tag), found)


def activate(tag: str, action: AuditAction | None = None) -> None:
    """Put a version, or VERSION+CALIBRATION, into force for every process, once its weights have been loaded here.

    Raises NotFound for what is not registered, WeightsError for weights that cannot be loaded.
    """
    _register_served()
    calibration = calibrations.find(tag)
    wanted = calibration.version.model_version_tag if calibration else tag
    version = next((one for one in versions.list_versions() if one.model_version_tag == wanted), None)
    if version is not None and version.model_filename is not None:
        cache = Path(current_app.instance_path)
        concurrency.call_native(partial(open_classifier, versions.manifest(version), cache_dir=cache))
    calibrations.activate(tag, _serving(), action)


def roll_back() -> None:
    """Put into force what was before the last activation; raises NoVersionBefore where none is known."""
    with reading() as session:
        tag = calibrations.in_force_tag(session, _serving())
    before = _before(tag)
    if before is None:
        raise NoVersionBefore
    try:
        activate(before, AuditAction.MODEL_ROLLED_BACK)
    except NotFound as err:
        raise NoVersionBefore from err


def _serving() -> str:
    """Return the version that this process serves, or would first; "" where its weights cannot be read."""
    served = _served()
    return served.model_version_tag if served else ""


def _served() -> WeightsManifest | None:
    if inference.manifest:
        return inference.manifest
    try:
        return WeightsManifest.read(current_app.config["MODEL_PATH"])
    except WeightsError:
        return None


def _register_served() -> None:
    """Record the weights that MODEL_PATH names while no version is active, so that one can come back to them."""
    path: Path = current_app.config["MODEL_PATH"]
    served = _served()
    if served is None or path.suffix != ".json" or versions.active() is not None:
        return
    known = {one.model_version_tag for one in versions.list_versions() if one.model_filename}
    if served.model_version_tag not in known:
        versions.register(served, path)


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


def _before(tag: str) -> str | None:
    """Return what was in force before `tag` was activated the last time."""
    entry = AuditEntry
    of_tag = select(entry).where(entry.action.in_(_ACTIVATIONS), entry.target_id == tag)
    with reading() as session:
        last = session.scalar(of_tag.order_by(entry.audit_id.desc()).limit(1))
    before = last.details.get("before") if last else None
    return before if before and before != tag else None
