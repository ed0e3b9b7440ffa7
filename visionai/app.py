"""The application factory: named steps, in the order in which they must happen."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config as configuration

from . import ROOT, api, cli, concurrency, inference, observability, pages, private_files, streaming
from .extensions import babel, db, jwt, limiter, migrate, rest_api
from .locale import choose_language
from .services import lifecycle
from .web import compression, hosts, prefix


def create_app(config: configuration.Config | None = None) -> Flask:
    """Return the application for `config` (by default what the environment says). Loads no network, migrates nothing.

    Raises config.ConfigError where a variable is missing or not of its kind.
    """
    settings = configuration.from_environment() if config is None else config
    app = _make_flask(settings)
    _bind_extensions(app)
    compression.init_app(app)
    observability.init_app(app)
    api.init_app(app, rest_api)
    streaming.init_app(app)
    observability.watch_streams(app)
    hosts.init_app(app)
    _trust_proxies(app)
    pages.init_app(app)
    cli.init_app(app)
    lifecycle.init_app(app)
    return app


def start(app: Flask) -> None:
    """Begin what a server process does beside answering; a command line or a test does without."""
    observability.start(app)
    lifecycle.start(app, configuration.changed_settings(app.config))
    streaming.start(app)
    concurrency.at_stop(lambda: lifecycle.flush(app))
    concurrency.freeze_objects()


def _make_flask(settings: configuration.Config) -> Flask:
    app = Flask(
        "visionai",
        instance_path=str(settings.INSTANCE_PATH),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
        root_path=str(ROOT / "visionai"),
    )
    app.config.from_object(settings)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    private_files.make_folder(settings.INSTANCE_PATH)
    private_files.tighten(settings.INSTANCE_PATH, holding=ROOT)
    return app


def _trust_proxies(app: Flask) -> None:
    """Read client addresses from `X-Forwarded-*` as many hops deep as the operator says there are proxies.

    Take off the path that the service is below. Comes after the streams and the check of names have wrapped the
    application, so that they see those too.
    """
    prefix.init_app(app)
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    jwt.init_app(app)
    babel.init_app(
        app, locale_selector=choose_language, default_locale="es", default_translation_directories="translations"
    )
    # Otherwise the extension keeps the limits of the first application that has some.
    limiter.limit_manager.set_default_limits([])
    limiter.init_app(app)
    rest_api.init_app(app)
    inference.init_app(app)
