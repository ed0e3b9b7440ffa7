"""Rolling back: to the calibration that a version had, or to the version before, each step told to the audit log."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.unit.services.weights.test_calibrations import a_proposal
from visionai import ROOT
from visionai.database.sessions import reading
from visionai.errors import NotFound
from visionai.models import AuditAction, AuditEntry
from visionai.services.weights import activation, calibrations

pytestmark = pytest.mark.databases


@pytest.fixture
def shipped(app: Flask) -> str:
    activation.register_shipped()
    return activation.shipped_tag()


def rolled_back() -> list[tuple[str | None, str]]:
    """Return what the audit log says of roll-backs: what is in force since, and what was before."""
    told = select(AuditEntry).where(AuditEntry.action == AuditAction.MODEL_ROLLED_BACK).order_by(AuditEntry.audit_id)
    with reading() as session:
        return [(entry.target_id, entry.details["before"]) for entry in session.scalars(told)]


def test_a_calibration_is_rolled_back_to_what_the_version_was_served_as_before(shipped: str) -> None:
    for name in ("office", "shop"):
        calibrations.keep(a_proposal(version=shipped), name)
    activation.activate(f"{shipped}+office")
    activation.activate(f"{shipped}+shop")
    assert activation.before() == f"{shipped}+office"
    assert activation.roll_back() == f"{shipped}+office"
    assert activation.roll_back() == shipped
    assert calibrations.in_force(shipped) is None
    assert activation.before() is None
    with pytest.raises(NotFound):
        activation.roll_back()
    assert rolled_back() == [(f"{shipped}+office", f"{shipped}+shop"), (shipped, f"{shipped}+office")]


def test_behind_the_calibrations_of_a_version_is_the_version_before_with_its_own(shipped: str, tmp_path: Path) -> None:
    for file in (ROOT / "ml_models").glob("modelo_emociones.*"):
        shutil.copy(file, tmp_path)
    manifest = tmp_path / "modelo_emociones.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"model_version_tag": "v9.9.9"}))
    activation.register(manifest)
    calibrations.keep(a_proposal(version=shipped), "office")
    calibrations.keep(a_proposal(version="v9.9.9"), "shop")
    for tag in (f"{shipped}+office", "v9.9.9", "v9.9.9+shop"):
        activation.activate(tag)
    assert activation.roll_back() == "v9.9.9"
    assert activation.before() == f"{shipped}+office"
    assert activation.roll_back() == f"{shipped}+office"
