"""The view `prediction_history`, for people who query by hand."""

from __future__ import annotations

from sqlalchemy import DDL, event

from ..extensions import Base

PREDICTION_HISTORY = """
CREATE VIEW prediction_history AS
SELECT
    log.predic_id AS id,
    log.timestamp,
    users.username,
    emotion_classes.emotion_name,
    log.confidence,
    model_versions.model_version_tag,
    log.processing_time_ms,
    log.source_ip
FROM predictions_log AS log
JOIN emotion_classes ON emotion_classes.emotion_id = log.emotion_id
JOIN model_versions ON model_versions.model_id = log.model_id
LEFT JOIN users ON users.user_id = log.user_id
"""

# Where tables are made from the metadata and not by the migrations, the view comes and goes with them.
_EXISTING = DDL("DROP VIEW IF EXISTS prediction_history")  # type: ignore[no-untyped-call]
event.listen(Base.metadata, "after_create", _EXISTING)
event.listen(Base.metadata, "after_create", DDL(PREDICTION_HISTORY))  # type: ignore[no-untyped-call]
event.listen(Base.metadata, "before_drop", _EXISTING)
