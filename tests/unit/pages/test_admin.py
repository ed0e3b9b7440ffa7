"""The shell of the audit log's page."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from visionai.models import AuditAction, TargetKind


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_action_and_target_has_its_words(client: FlaskClient, language: str) -> None:
    page = client.get("/admin/audit", headers={"Accept-Language": language}).text
    options = dict(re.findall(r'<option value="([\w.]+)">([^<]+)</option>', page))
    assert set(options) == {action.value for action in AuditAction}
    assert [kind for kind in TargetKind if f'"audit.target.{kind}": ' not in page] == []
