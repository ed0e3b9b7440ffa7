"""How a database that is away looks from here, so that transports can say so without knowing SQLAlchemy."""

from __future__ import annotations

import logging

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..errors import DatabaseUnavailable

logger = logging.getLogger(__name__)

DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout)
"""What SQLAlchemy raises where the database cannot be reached, is locked, or has no connection left."""


def unavailable(error: Exception) -> DatabaseUnavailable:
    """Log what the driver said, without the statement and its values, and return the error to answer with."""
    cause = getattr(error, "orig", None) or error
    logger.warning("The database did not answer: %s: %s", type(cause).__name__, str(cause).partition("\n")[0])
    return DatabaseUnavailable()
