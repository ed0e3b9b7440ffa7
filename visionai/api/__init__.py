"""REST: routes that validate, call one service and answer."""

from __future__ import annotations

from flask import Flask

from ..database.availability import DATABASE_AWAY, unavailable
from ..web.failures import answer
from ..web.smorest import Api
from . import (
    acting,
    admin,
    admin_users,
    asyncapi,
    audit,
    auth,
    budgets,
    calibrations,
    dashboard,
    docs,
    history,
    keys,
    predict,
    rules,
    sessions,
    system,
    webhooks,
)


def init_app(app: Flask, rest_api: Api) -> None:
    """Give `app` its routes under /api/v1, their document, and Swagger UI at /docs/api."""
    for kind in DATABASE_AWAY:
        app.register_error_handler(kind, lambda error: answer(unavailable(error)))
    acting.init_app(app)
    budgets.init_app(app)
    of_users = (auth, keys, predict, sessions, history, webhooks, rules)
    for module in (*of_users, dashboard, system, calibrations, admin, admin_users, audit):
        rest_api.register_blueprint(module.blueprint)
    app.register_blueprint(asyncapi.blueprint)
    app.register_blueprint(docs.blueprint)
