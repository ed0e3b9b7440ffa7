"""`python -m benchmarks.database.query_plans TOKEN PATH...`: how PostgreSQL reads what calls ask it for, as JSON.

Each call is made of the application itself, its SELECTs are noted and explained with their parameters. For a call: the
names of the scans of its plans, each once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import event

from visionai import create_app
from visionai.extensions import db


def scans(app: Flask, path: str, token: str) -> list[str]:
    """Return the scans by which a GET of `path` is answered."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    answer = app.test_client().get(path, headers={"Authorization": f"Bearer {token}"})
    event.remove(db.engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} is answered {answer.status_code}.")
    return sorted({scan for statement, parameters in asked for scan in _explained(statement, parameters)})


def _explained(statement: str, parameters: Any) -> Iterator[str]:
    with db.engine.connect() as connection:
        plans = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
    for plan in plans or ():
        yield from _scans(plan["Plan"])


def _scans(node: dict[str, Any]) -> Iterator[str]:
    if "Relation Name" in node or "Index Name" in node:
        backward = " backward" if node.get("Scan Direction") == "Backward" else ""
        yield f"{node['Node Type']}{backward} of {node.get('Index Name') or node['Relation Name']}"
    for inner in node.get("Plans", ()):
        yield from _scans(inner)


if __name__ == "__main__":
    application = create_app()
    with application.app_context():
        print(json.dumps({path: scans(application, path, sys.argv[1]) for path in sys.argv[2:]}))
