"""Registration, activation and rollback of versions of the weights, for every server on the same database.

A version is registered with the content of its files, so that it can be served where no such file lies. It is loaded
here before it comes into force: servers turn to nothing that cannot be loaded.
"""

from __future__ import annotations

import json
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from ... import concurrency
from ...database.sessions import reading, writing
from ...errors import NotFound, SetupError, WeightsError
from ...models import AuditAction, AuditEntry, ModelVersion, VersionStatus
from ...vision.classifier import open_classifier
from ...vision.weights import WeightsManifest
from ..audit import trail
from ..audit.trail import Target
from . import calibrations, copies, files, versions

_ACTIVATIONS = (AuditAction.MODEL_ACTIVATED, AuditAction.CALIBRATION_ACTIVATED)


def register(path: Path) -> ModelVersion:
    """Keep the weights of a manifest file as a version that can be activated; raises WeightsError, SetupError."""
    manifest = WeightsManifest.read(path)
    if path.suffix != ".json":
        raise SetupError(f"{path.name}: expected a manifest (.json); `flask model export` writes one")
    if calibrations.find(manifest.model_version_tag):
        raise SetupError(f"{manifest.model_version_tag}: a calibration is called so; expected another tag")
    _open(manifest)
    return _keep(manifest, path)


def register_shipped() -> None:
    """Register the weights of MODEL_PATH, unless that is done, so that all servers can come back to them.

    Raises WeightsError where they are damaged; weights without a manifest are served and not kept.
    """
    path: Path = current_app.config["MODEL_PATH"]
    if path.suffix != ".json":
        return
    manifest = WeightsManifest.read(path)
    known = versions.find(manifest.model_version_tag)
    if (known is None or known.manifest is None) and not calibrations.find(manifest.model_version_tag):
        _keep(manifest, path)


def activate(tag: str) -> None:
    """Let every server process serve `VERSION`, as it was measured, or `VERSION+CALIBRATION`.

    Raises WeightsError where its weights cannot be had or loaded, NotFound for a tag that is not registered.
    """
    calibration = calibrations.find(tag)
    version_tag = calibration.version.model_version_tag if calibration else tag
    version = versions.find(version_tag)
    if version is None and (version_tag != shipped_tag() or versions.active() is not None):
        raise NotFound
    _open(_local(version) if version else WeightsManifest.read(current_app.config["MODEL_PATH"]))
    calibrations.activate(tag, shipped_tag())


def before() -> str | None:
    """Return the tag that `roll_back` would put into force, None where nothing is known."""
    tag, former = _calibration_before(), versions.former()
    if tag is not None or former is None:
        return tag
    calibration = calibrations.in_force(former.model_version_tag)
    return calibration.tag if calibration else former.model_version_tag


def roll_back() -> str:
    """Let every server process serve what was in force before, and return its tag.

    That is the active version with the calibration, or none, that it had before the last activation; where that was of
    another version, the version before, with the calibration it had. Raises NotFound where nothing is known,
    WeightsError where its weights cannot be had or loaded.
    """
    tag = _calibration_before()
    if tag is not None:
        calibrations.activate(tag, shipped_tag(), AuditAction.MODEL_ROLLED_BACK)
        return tag
    former = versions.former()
    if former is None:
        raise NotFound
    _open(_local(former))
    return _put_back(former)


def prune(keep: int) -> list[str]:
    """Let go of the files of old versions, and return the tags of these: they stay in the log, and cannot be activated.

    The active version, the one that MODEL_PATH names and the `keep` that were in force or registered last stay.
    """
    with writing() as session:
        registered = select(ModelVersion).where(ModelVersion.model_status == VersionStatus.REGISTERED)
        newest = (ModelVersion.activated_at.desc().nulls_last(), ModelVersion.model_id.desc())
        spare = [one for one in session.scalars(registered.order_by(*newest)) if one.model_version_tag != shipped_tag()]
        for version in spare[keep:]:
            version.model_status, version.model_filename, version.manifest = VersionStatus.SEEN, None, None
    kept = [version for version in versions.list_versions() if version.manifest is not None]
    files.forget_all_but(needed for version in kept for needed in _named_by(version))
    copies.forget_all_but(kept)
    return [version.model_version_tag for version in spare[keep:]]


def _calibration_before() -> str | None:
    """Return what the version in force was served as before, None where the last activation was of another version."""
    with reading() as session:
        tag = calibrations.in_force_tag(session, shipped_tag())
        of_tag = select(AuditEntry).where(AuditEntry.action.in_(_ACTIVATIONS), AuditEntry.target_id == tag)
        last = session.scalar(of_tag.order_by(AuditEntry.audit_id.desc()).limit(1))
    earlier = last.details.get("before") if last else None
    return earlier if earlier and earlier != tag and _version_of(earlier) == _version_of(tag) else None


def _version_of(tag: str) -> str:
    calibration = calibrations.find(tag)
    return calibration.version.model_version_tag if calibration else tag


def _put_back(former: ModelVersion) -> str:
    with writing() as session:
        version = session.scalar(versions.registered(former.model_version_tag))
        if version is None:
            raise NotFound
        left = calibrations.in_force_tag(session, shipped_tag())
        versions.roll_back(session, version)
        tag = calibrations.in_force_tag(session, shipped_tag())
        trail.record(session, AuditAction.MODEL_ROLLED_BACK, Target.of_version(tag), {"before": left})
        return tag


def _keep(manifest: WeightsManifest, path: Path) -> ModelVersion:
    for file in copies.read_here(manifest):
        files.keep(file)
    return versions.register(manifest, path, json.loads(path.read_text(encoding="utf-8")))


def _local(version: ModelVersion) -> WeightsManifest:
    return WeightsManifest.read(copies.local_manifest(version))


def _open(manifest: WeightsManifest) -> None:
    """Load weights as a server would; raises WeightsError."""
    cache = Path(current_app.instance_path)
    concurrency.call_native(lambda: open_classifier(manifest, cache_dir=cache))


def shipped_tag() -> str:
    """Return the version that servers of this installation serve by themselves; "" where that cannot be told."""
    try:
        return WeightsManifest.read(current_app.config["MODEL_PATH"]).model_version_tag
    except WeightsError:
        return ""


def _named_by(version: ModelVersion) -> list[str]:
    return [entry["sha256"] for entry in (version.manifest or {}).get("files", {}).values() if entry]
