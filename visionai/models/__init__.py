"""The tables, and how a database is opened."""

from . import sqlite, unusable, views
from .calibrations import CalibrationStatus, ModelCalibration
from .emotions import EmotionClass, seed_emotions
from .predictions import (
    EVERYBODY,
    Figures,
    LogState,
    PredictionDaily,
    PredictionHourly,
    PredictionLog,
    PredictionTotal,
)
from .types import Instants, UtcDateTime, utc_now
from .users import AuthSession, Role, User
from .versions import ModelVersion, VersionStatus

__all__ = [
    "EVERYBODY",
    "AuthSession",
    "CalibrationStatus",
    "EmotionClass",
    "Figures",
    "Instants",
    "LogState",
    "ModelCalibration",
    "ModelVersion",
    "PredictionDaily",
    "PredictionHourly",
    "PredictionLog",
    "PredictionTotal",
    "Role",
    "User",
    "UtcDateTime",
    "VersionStatus",
    "seed_emotions",
    "sqlite",
    "unusable",
    "utc_now",
    "views",
]
