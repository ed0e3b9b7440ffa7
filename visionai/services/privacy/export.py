"""Personal-data export (GDPR article 15): everything that is held on a user, for that user to see."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from ...contract.schemas.base import Schema
from ...contract.schemas.webhooks import DeliverySchema, SessionRuleSchema, WebhookSchema
from ...database.sessions import reading, unhurried
from ...errors import NotFound
from ...models import (
    ApiKey,
    AuditAction,
    AuditEntry,
    AuthSession,
    EmotionClass,
    ModelVersion,
    PredictionHourly,
    PredictionLog,
    RecordedSession,
    Rule,
    SessionMarker,
    SessionPerson,
    TargetKind,
    User,
    Webhook,
    WebhookDelivery,
)
from ...vision.emotions import EMOTIONS
from ..audit import trail
from ..audit.trail import Target
from ..log.export import paged
from ..statistics.filters import Filters


def export_user(user_id: int) -> dict[str, Any]:
    """Return the account, its logins, keys, predictions, recorded sessions and counters as JSON; raises NotFound.

    Counters stay when predictions are pruned, so they are told as well. `sessions` are the logins, `audit` is what the
    audit log has of what the user did and of what was done to their account.
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
        keys = session.scalars(select(ApiKey).where(ApiKey.user_id == user_id).order_by(ApiKey.created_at)).all()
        recorded_sessions = _recorded_sessions(session, user_id)
        audit = _audit(session, user_id)
        webhooks, rules = _webhooks(session, user_id), _rules(session, user_id)
    trail.note(AuditAction.USER_EXPORTED, Target.of_user(account))
    return {
        "user": _account(account),
        "sessions": [
            {"created_at": login.created_at.isoformat(), "expires_at": login.expires_at.isoformat()} for login in logins
        ],
        "keys": [_key(key) for key in keys],
        "recorded_sessions": recorded_sessions,
        "predictions": [_prediction(row) for row in paged(_predictions(), Filters(user_id))],
        "hourly_figures": [
            {"hour": hour.isoformat(), "emotion_name": name, "count": count, "confidence_sum": round(confidences, 4)}
            for hour, name, count, confidences in figures
        ],
        "webhooks": webhooks,
        "rules": rules,
        "audit": audit,
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


def _key(key: ApiKey) -> dict[str, Any]:
    """Return the fields of a key but its secret's hash."""
    instants = ("created_at", "expires_at", "last_used_at", "revoked_at")
    moments = {name: getattr(key, name) for name in instants}
    return {
        "id": key.key_id,
        "name": key.name,
        "scopes": key.scopes,
        "rate": key.rate,
        "daily_quota": key.daily_quota,
        "used_on": key.used_on.isoformat() if key.used_on else None,
        "used": key.used,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def _audit(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Return the rows of the audit log that a user acted in, or whose target they are; who else acted is not told."""
    entry = AuditEntry
    theirs = or_(entry.actor_id == user_id, (entry.target == TargetKind.USER) & (entry.target_id == str(user_id)))
    rows = session.scalars(select(entry).where(theirs).order_by(entry.timestamp, entry.audit_id))
    return [
        {
            "timestamp": row.timestamp.isoformat(),
            "action": row.action,
            "by_yourself": row.actor_id == user_id,
            "target": row.target,
            "target_id": row.target_id,
            "source_ip": row.source_ip if row.actor_id == user_id else None,
            "details": row.details,
        }
        for row in rows
    ]


def _recorded_sessions(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Return the sessions of a user, each with its people and markers."""
    recorded, person, marker = RecordedSession, SessionPerson, SessionMarker
    theirs = recorded.user_id == user_id
    rows = session.scalars(select(recorded).where(theirs).order_by(recorded.started_at, recorded.session_id)).all()
    people, markers = defaultdict(list), defaultdict(list)
    of_theirs = select(person).join(recorded, recorded.session_id == person.session_id).where(theirs)
    for one in session.scalars(of_theirs.order_by(person.session_id, person.person)):
        people[one.session_id].append(
            {
                "person": one.person,
                "label": one.label,
                "seconds": one.seconds,
                "first_offset_ms": one.first_offset_ms,
                "last_offset_ms": one.last_offset_ms,
            }
        )
    in_theirs = select(marker).join(recorded, recorded.session_id == marker.session_id).where(theirs)
    for mark in session.scalars(in_theirs.order_by(marker.session_id, marker.offset_ms, marker.marker_id)):
        markers[mark.session_id].append({"offset_ms": mark.offset_ms, "label": mark.label})
    return [
        _recorded_session(row) | {"people": people[row.session_id], "markers": markers[row.session_id]} for row in rows
    ]


def _webhooks(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Return the webhooks of a user but their secrets, each with the deliveries that are kept."""
    hook, delivery = Webhook, WebhookDelivery
    told = defaultdict(list)
    of_theirs = select(delivery).join(hook, hook.webhook_id == delivery.webhook_id).where(hook.user_id == user_id)
    for one in session.scalars(of_theirs.order_by(delivery.created_at, delivery.delivery_id)):
        told[one.webhook_id].append({**_fields(one, DeliverySchema), "payload": json.loads(one.payload)})
    rows = session.scalars(select(hook).where(hook.user_id == user_id).order_by(hook.webhook_id))
    return [{**_fields(row, WebhookSchema), "deliveries": told[row.webhook_id]} for row in rows]


def _rules(session: Session, user_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(Rule).where(Rule.user_id == user_id).order_by(Rule.rule_id))
    return [_fields(row, SessionRuleSchema) for row in rows]


def _fields(row: Any, schema: type[Schema]) -> dict[str, Any]:
    """Return what `schema` shows of a row."""
    shown: dict[str, Any] = schema().dump(row)
    return shown


def _recorded_session(row: RecordedSession) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "title": row.title,
        "participant": row.participant,
        "notes": row.notes,
        "source": row.source,
        "status": row.status,
        "started_at": row.started_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "seen_at": row.seen_at.isoformat(),
        "seconds": row.seconds,
        "frames": row.frames,
        "gaps": row.gaps,
    }


def _predictions() -> Select[Any]:
    log = PredictionLog
    return (
        select(
            *log.__table__.columns,
            EmotionClass.emotion_name,
            ModelVersion.model_version_tag,
            RecordedSession.uid.label("session"),
        )
        .join(EmotionClass, EmotionClass.emotion_id == log.emotion_id)
        .join(ModelVersion, ModelVersion.model_id == log.model_id)
        .outerjoin(RecordedSession, RecordedSession.session_id == log.session_id)
    )


def _prediction(row: Any) -> dict[str, Any]:
    return {
        "id": row.predic_id,
        "uid": str(row.uid),
        "timestamp": row.timestamp.isoformat(),
        "emotion_name": row.emotion_name,
        "confidence": row.confidence,
        "model_version_tag": row.model_version_tag,
        "processing_time_ms": row.processing_time_ms,
        "source_ip": row.source_ip,
        "session": str(row.session) if row.session else None,
        "person": row.person,
        "offset_ms": row.offset_ms,
        "frames": row.frames,
        "scores": dict(zip(_NAMES, row.scores, strict=True)) if row.scores else None,
        "uncertain": row.uncertain,
    }


_NAMES = [emotion.value for emotion in EMOTIONS]
