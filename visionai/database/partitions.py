"""Partitions of the log on PostgreSQL, by time."""

from __future__ import annotations

from typing import Any

PARTITIONED = "predictions_log"
OTHER = f"{PARTITIONED}_other"
"""The partition of what no other takes: rows of a clock that jumped, or older than all that was kept."""


_SQLITE_ALONE = "ix_predictions_log_time"


def is_ours_to_migrate(_item: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Tell Alembic what to compare with the models: no single partitions, and no index that SQLite alone has."""
    if kind == "table":
        return not str(name).startswith(f"{PARTITIONED}_")
    return name != _SQLITE_ALONE
