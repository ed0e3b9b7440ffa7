"""Rows to be logged, for tests that care about one or two of their fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from visionai.services.recording.row import Row
from visionai.vision.emotions import Emotion

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_row(emotion: str = "happy", **changes: Any) -> Row:
    """A row of now, of nobody, with a uid of its own; `when` is ISO 8601 and UTC."""
    when = changes.pop("when", None)
    row = Row(
        uid=uuid4(),
        emotion_id=Emotion(emotion).id,
        confidence=0.8,
        model_version_tag="v1.0.0",
        processing_time_ms=7,
        source_ip="203.0.113.0",
        user_id=None,
        timestamp=datetime.fromisoformat(when).replace(tzinfo=UTC) if when else datetime.now(UTC),
    )
    return replace(row, **changes)
