"""The tables."""

from . import views as views
from .audit import ActorKind, AuditAction, AuditEntry, AuditRetention, TargetKind
from .calibrations import CalibrationStatus, ModelCalibration
from .emotions import EmotionClass, seed_emotions
from .keys import ApiKey
from .predictions import (
    EVERYBODY,
    Counters,
    LogState,
    PredictionDaily,
    PredictionHourly,
    PredictionLog,
    PredictionTotal,
)
from .sessions import RecordedSession, SessionErasure, SessionMarker, SessionPerson
from .users import AuthSession, Role, User
from .versions import ModelVersion, VersionStatus, WeightsPart
from .webhooks import (
    Rule,
    RuleHold,
    Webhook,
    WebhookDelivery,
)

__all__ = [
    "EVERYBODY",
    "ActorKind",
    "ApiKey",
    "AuditAction",
    "AuditEntry",
    "AuditRetention",
    "AuthSession",
    "CalibrationStatus",
    "Counters",
    "EmotionClass",
    "LogState",
    "ModelCalibration",
    "ModelVersion",
    "PredictionDaily",
    "PredictionHourly",
    "PredictionLog",
    "PredictionTotal",
    "RecordedSession",
    "Role",
    "Rule",
    "RuleHold",
    "SessionErasure",
    "SessionMarker",
    "SessionPerson",
    "TargetKind",
    "User",
    "VersionStatus",
    "Webhook",
    "WebhookDelivery",
    "WeightsPart",
    "seed_emotions",
]
