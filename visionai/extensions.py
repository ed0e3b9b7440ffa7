"""Flask extensions, unbound: `create_app` binds them; none keeps an app."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_babel import Babel
from flask_jwt_extended import JWTManager
from flask_limiter import Limiter
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase
from werkzeug.local import LocalProxy

from . import bare_imports
from .addresses import network_of
from .errors import SetupError
from .inference.engine import Engine
from .web.smorest import Api

# python-socketio imports the clients of brokers and of HTTP that are installed, and Alembic's templates what colours
# their errors: 15 MB that no server of ours needs.
with bare_imports.without("pygments", "redis", "requests"):
    from flask_migrate import Migrate
    from flask_socketio import SocketIO


def of_this_application(name: str) -> Any:
    """Return a proxy of what was bound to the current application under `name`; SetupError where nothing was."""

    def bound() -> Any:
        if name not in current_app.extensions:
            raise SetupError(f"There is no {name} here: did you forget to call its init_app(app)?")
        return current_app.extensions[name]

    return LocalProxy(bound)


class Base(DeclarativeBase):
    """The base of our tables; constraints get names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(render_as_batch=True)
jwt = JWTManager()
babel = Babel()
limiter = Limiter(key_func=lambda: network_of(request.remote_addr))
rest_api = Api()
socketio = SocketIO()
inference: Engine = of_this_application("inference")
