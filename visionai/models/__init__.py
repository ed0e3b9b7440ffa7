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
from .sessions import RecordedSession, SessionErasure, SessionMarker, SessionPerson, SessionSource, SessionStatus
from .users import AuthSession, Role, User
from .versions import ModelVersion, VersionStatus, WeightsPart

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
    "SessionErasure",
    "SessionMarker",
    "SessionPerson",
    "SessionSource",
    "SessionStatus",
    "TargetKind",
    "User",
    "VersionStatus",
    "WeightsPart",
    "seed_emotions",
]
