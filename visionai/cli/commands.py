"""Every command of ours, for the group that `flask` asks."""

from __future__ import annotations

from . import audit, calibration, database, versions  # noqa: F401 - they add their commands to `model` and `db`
from .audit_log import audit_log
from .backup import backup
from .model import model
from .predict import predict
from .predictions import predictions
from .samples import samples
from .stats import stats
from .users import users

COMMANDS = (audit_log, backup, users, model, predict, predictions, samples, stats)
