"""Database availability: which errors mean that it is away, so that transports need not know SQLAlchemy."""

from __future__ import annotations

import logging

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..errors import DatabaseUnavailable

logger = logging.getLogger(__name__)

DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout)
"""What SQLAlchemy raises where the database cannot be reached, is locked, or has no connection left."""


def unavailable(error: Exception) -> DatabaseUnavailable:
    """Log what the driver said and return the error to answer with."""
    logger.warning("The database did not answer: %s", cause_of(error))
    return DatabaseUnavailable()


def cause_of(error: Exception) -> str:
    """Return what the driver said in one line, without the statement and its values."""
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__}: {str(cause).partition(chr(10))[0]}"
