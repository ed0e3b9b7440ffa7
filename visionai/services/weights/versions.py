"""Versions of the weights: registered, and activated for every server process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ... import ROOT
from ...database.sessions import reading, writing
from ...database.types import utc_now
from ...errors import NotFound, WeightsError
from ...models import AuditAction, ModelVersion, VersionStatus
from ...vision.priors import Prior
from ...vision.weights import WeightsManifest
from ..audit import trail
from ..audit.trail import Target


def register(manifest: WeightsManifest, path: Path, content: Mapping[str, Any] | None = None) -> ModelVersion:
    """Record the weights that the manifest file at `path` describes, or what changed about them; tell the audit log.

    `content` is what the file holds, for servers that do not have it.
    """
    with writing() as session:
        version = session.scalar(by_tag(manifest.model_version_tag))
        if version is None:
            version = ModelVersion(model_version_tag=manifest.model_version_tag)
            session.add(version)
        elif version.model_status == VersionStatus.SEEN:
            version.model_status = VersionStatus.REGISTERED
        served = manifest.tflite or manifest.keras
        version.model_filename = _portable(path)
        version.manifest = dict(content) if content is not None else None
        version.sha256 = served.sha256 if served else None
        version.total_params = manifest.total_params
        version.temperature = manifest.priors[Prior.EVEN].temperature
        version.metrics = dict(manifest.metrics)
        if session.is_modified(version):
            tag = Target.of_version(manifest.model_version_tag)
            trail.record(session, AuditAction.MODEL_REGISTERED, tag, {"sha256": version.sha256})
        session.flush()
        return version


def activate(tag: str) -> ModelVersion:
    """Make a registered version the one that every server process serves; raises NotFound for any other tag."""
    with writing() as session:
        version = session.scalar(registered(tag))
        if version is None:
            raise NotFound
        make_active(session, version)
        return version


def make_active(session: Session, version: ModelVersion, serving: str | None = None) -> None:
    """Make a registered version the one that is served, within the transaction of `session`.

    `serving` is the version that servers serve by themselves where none was ever activated: one can go back to it.
    """
    former = session.scalar(active_ones())
    if former is None and serving not in (None, version.model_version_tag):
        _came_into_force(session.scalar(registered(str(serving))))
    if former is not version:
        _came_into_force(version)
    _switch(session, version)


def roll_back(session: Session, former: ModelVersion) -> None:
    """Make the version served before the active one, which is not gone back to afterwards."""
    if active := session.scalar(active_ones()):
        active.activated_at = None
    _switch(session, former)


def _came_into_force(version: ModelVersion | None) -> None:
    if version is not None:
        version.activated_at = utc_now()


def _switch(session: Session, version: ModelVersion) -> None:
    session.flush()
    active = ModelVersion.model_status == VersionStatus.ACTIVE
    session.execute(update(ModelVersion).where(active).values(model_status=VersionStatus.REGISTERED))
    version.model_status = VersionStatus.ACTIVE


def list_versions() -> list[ModelVersion]:
    """Return all versions, the newest first."""
    with reading() as session:
        return list(session.scalars(select(ModelVersion).order_by(ModelVersion.model_id.desc())))


def active() -> ModelVersion | None:
    """Return the version to be served, or None where none was ever activated."""
    with reading() as session:
        return session.scalar(active_ones())


def former() -> ModelVersion | None:
    """Return the version that was in force before the active one and is kept; None where there is none."""
    query = (
        select(ModelVersion)
        .where(ModelVersion.model_status == VersionStatus.REGISTERED, ModelVersion.activated_at.is_not(None))
        .order_by(ModelVersion.activated_at.desc(), ModelVersion.model_id.desc())
    )
    with reading() as session:
        return session.scalars(query).first()


def find(tag: str) -> ModelVersion | None:
    """Return the version of a tag, if it was registered and can be served."""
    with reading() as session:
        return session.scalar(registered(tag))


def manifest_path(version: ModelVersion) -> Path:
    """Return the manifest file of a registered version."""
    return ROOT / (version.model_filename or "")


def manifest(version: ModelVersion) -> WeightsManifest:
    """Read the manifest of a registered version; raises WeightsError, also where its file is another version's now."""
    path = manifest_path(version)
    found = WeightsManifest.read(path)
    if found.model_version_tag != version.model_version_tag:
        raise WeightsError(
            f"{path.name}: expected the version {version.model_version_tag}, found {found.model_version_tag}"
        )
    return found


def ensure(connection: Connection, tag: str) -> int:
    """Return the id of the version `tag`, which is recorded as seen where nobody registered it."""
    by_tag = select(ModelVersion.model_id).where(ModelVersion.model_version_tag == tag)
    model_id = connection.scalar(by_tag)
    if model_id is None:
        insert = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(ModelVersion)
        seen = {"model_version_tag": tag, "model_status": VersionStatus.SEEN, "creation_date": utc_now()}
        connection.execute(insert.on_conflict_do_nothing(index_elements=["model_version_tag"]), seen)
        model_id = connection.scalar(by_tag)
    assert model_id is not None, "It was there, or has just been inserted."
    return model_id


def by_tag(tag: str) -> Select[ModelVersion]:
    """Return the query for the version of a tag."""
    return select(ModelVersion).where(ModelVersion.model_version_tag == tag)


def registered(tag: str) -> Select[ModelVersion]:
    """Return the query for the version of a tag, if it was registered and can be served."""
    return by_tag(tag).where(ModelVersion.model_filename.is_not(None))


def active_ones() -> Select[ModelVersion]:
    """Return the query for the version that is active."""
    return select(ModelVersion).where(ModelVersion.model_status == VersionStatus.ACTIVE)


def _portable(path: Path) -> str:
    """Return `path` relative to the project's folder where it lies in it, so that the project can be moved."""
    absolute = path.resolve()
    return str(absolute.relative_to(ROOT) if absolute.is_relative_to(ROOT) else absolute)
