"""Personal-data export (GDPR article 15): everything that is held on a user, for that user to see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ...database.sessions import reading, unhurried
from ...errors import NotFound
from ...models import AuthSession, EmotionClass, PredictionHourly, User
from ..log import export as log_export
from ..statistics.filters import Filters


def export_user(user_id: int) -> dict[str, Any]:
    """Return the account, its logins, its predictions and its counters, as JSON has them; raises NotFound.

    Counters stay when predictions are pruned, so they are told as well.
    """
    with reading() as session:
        unhurried(session.connection())
        account = session.get(User, user_id)
        if account is None:
            raise NotFound
        logins = session.scalars(select(AuthSession).where(AuthSession.user_id == user_id)).all()
        hourly = PredictionHourly
        figures = session.execute(
            select(hourly.hour, EmotionClass.emotion_name, hourly.count, hourly.confidence_sum)
            .join(EmotionClass, EmotionClass.emotion_id == hourly.emotion_id)
            .where(hourly.user_id == user_id)
            .order_by(hourly.hour, hourly.emotion_id)
        ).all()
    return {
        "user": _account(account),
        "sessions": [
            {"created_at": login.created_at.isoformat(), "expires_at": login.expires_at.isoformat()} for login in logins
        ],
        "predictions": [_prediction(row) for row in log_export.rows(Filters(user_id))],
        "hourly_figures": [
            {"hour": hour.isoformat(), "emotion_name": name, "count": count, "confidence_sum": round(confidences, 4)}
            for hour, name, count, confidences in figures
        ],
    }


def _account(account: User) -> dict[str, Any]:
    """Return the fields of an account but its password's hash."""
    erased_at = account.predictions_erased_at
    return {
        "user_id": account.user_id,
        "username": account.username,
        "role": account.role,
        "is_active": account.is_active,
        "created_at": account.created_at.isoformat(),
        "updated_at": account.updated_at.isoformat(),
        "predictions_erased_at": erased_at.isoformat() if erased_at else None,
    }


def _prediction(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "uid": str(row.uid),
        "timestamp": row.timestamp.isoformat(),
        "emotion_name": row.emotion_name,
        "confidence": row.confidence,
        "model_version_tag": row.model_version_tag,
        "processing_time_ms": row.processing_time_ms,
        "source_ip": row.source_ip,
    }
