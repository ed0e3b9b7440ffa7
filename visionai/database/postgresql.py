"""PostgreSQL's timeouts, told at the beginning of each transaction and for no longer.

A pooler in transaction mode, such as PgBouncer, has another connection to the server for each transaction: what one
session sets would be in force for others, and it refuses timeouts among the startup parameters.
https://www.pgbouncer.org/features.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Engine, event

TIMEOUTS = "visionai_timeouts"
"""The execution option of an engine or connection that holds the timeouts, by PostgreSQL's names, in milliseconds."""


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    # What cannot be in a transaction, such as CREATE INDEX CONCURRENTLY, has the server's own.
    if (timeouts := options.get(TIMEOUTS)) and options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql(local_settings(timeouts))


def local_settings(timeouts: Mapping[str, int]) -> str:
    """Return the statements that set `timeouts` until the end of the transaction."""
    return "; ".join(f"SET LOCAL {name} = {milliseconds}" for name, milliseconds in timeouts.items())
