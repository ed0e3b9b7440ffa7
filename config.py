"""Environment to typed values, in this one place.

Every variable is explained once in `.env.example`. An object of one of these classes is what `create_app` takes; it
reads the environment when it is made, so a test can hand it another one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

import click
from dotenv import load_dotenv
from sqlalchemy.engine import make_url

ROOT = Path(__file__).resolve().parent
MEBIBYTE = 1024 * 1024


class ConfigError(click.ClickException):
    """A variable of the environment is missing or not of its kind; the text names it and what it takes.

    On the command line it is this one line, and exit code 2.
    """

    exit_code = 2


class Environment:
    """Typed reading of environment variables; an empty one counts as not set."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """Return the variable, stripped, or `default`."""
        return self._values.get(name, "").strip() or default

    def integer(self, name: str, default: int, at_least: int = 0) -> int:
        """Return a whole number; raises ConfigError for anything else or less than `at_least`."""
        text = self.text(name, str(default))
        if not text.removeprefix("-").isdecimal() or int(text) < at_least:
            raise ConfigError(f"{name} takes a whole number of at least {at_least}, not {text!r}.")
        return int(text)

    def flag(self, name: str, default: bool) -> bool:
        """Return a truth value written as true/false, yes/no, on/off or 1/0."""
        text = self.text(name, str(default)).lower()
        if text not in _FLAGS:
            raise ConfigError(f"{name} takes true or false, not {text!r}.")
        return _FLAGS[text]

    def choice(self, name: str, *choices: str) -> str:
        """Return one of `choices`; the first is the default."""
        text = self.text(name, choices[0]).lower()
        if text not in choices:
            raise ConfigError(f"{name} takes one of {', '.join(choices)}, not {text!r}.")
        return text

    def words(self, name: str) -> list[str]:
        """Return the comma-separated parts; none where it is not set."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def path(self, name: str, default: Path) -> Path:
        """Return an absolute path; a relative one counts from the project's folder."""
        return (ROOT / self.text(name, str(default))).resolve()


_FLAGS = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)


class Config:
    """What every environment shares."""

    TESTING = False
    BCRYPT_ROUNDS = 12  # a hash takes a fifth of a second
    makes_secret = False

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        env = Environment(os.environ if values is None else values)
        self.INSTANCE_PATH = env.path("INSTANCE_PATH", ROOT / "instance")
        self._read_secrets(env)
        self._read_database(env)
        self._read_access(env)
        self._read_inference(env)
        self._read_limits(env)
        self._read_operation(env)

    def _read_secrets(self, env: Environment) -> None:
        self.SECRET_KEY = env.text("SECRET_KEY") or _kept_secret(self.INSTANCE_PATH, make=self.makes_secret)
        if len(self.SECRET_KEY.encode()) < 32:
            raise ConfigError(
                "SECRET_KEY needs at least 32 bytes: python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        self.JWT_SECRET_KEY = self.SECRET_KEY
        self.JWT_ACCESS_TOKEN_EXPIRES = timedelta(minutes=env.integer("ACCESS_TOKEN_MINUTES", 24 * 60, 1))
        self.JWT_REFRESH_TOKEN_EXPIRES = timedelta(days=env.integer("REFRESH_TOKEN_DAYS", 30, 1))

    def _read_database(self, env: Environment) -> None:
        default = f"sqlite:///{(self.INSTANCE_PATH / 'visionai.sqlite3').as_posix()}"
        self.SQLALCHEMY_DATABASE_URI = database_uri(env.text("DATABASE_URL", default))
        timeouts = {
            "statement_timeout": env.integer("STATEMENT_TIMEOUT_MS", 10_000),
            "lock_timeout": env.integer("LOCK_TIMEOUT_MS", 2000),
        }
        self.SQLALCHEMY_ENGINE_OPTIONS = engine_options(self.SQLALCHEMY_DATABASE_URI, timeouts)
        self.REDIS_URL = env.text("REDIS_URL")
        self.RECORDER_BUFFER = env.integer("RECORDER_BUFFER", 10_000, 1)
        self.RECORDER_FLUSH_MS = env.integer("RECORDER_FLUSH_MS", 200, 1)
        self.RETENTION_DAYS = env.integer("RETENTION_DAYS", 0)

    def _read_access(self, env: Environment) -> None:
        self.REGISTRATION = env.choice("REGISTRATION", "open", "closed")
        self.DASHBOARD_PUBLIC = env.flag("DASHBOARD_PUBLIC", True)
        self.SOURCE_IP = env.choice("SOURCE_IP", "truncated", "full", "off")
        self.CORS_ORIGINS = env.words("CORS_ORIGINS")
        self.TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
        self.ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or default_hosts(
            env.text("HOST", "127.0.0.1"), self.TRUSTED_PROXIES
        )
        self.LOGIN_ATTEMPTS_PER_MINUTE = env.integer("LOGIN_ATTEMPTS_PER_MINUTE", 5, 1)
        self.LOGIN_FAILURES_PER_ADDRESS = env.integer("LOGIN_FAILURES_PER_ADDRESS", 60)
        self.LOGIN_FAILURES_PER_NAME = env.integer("LOGIN_FAILURES_PER_NAME", 50)
        self.RATE_LIMIT = env.text("RATE_LIMIT")
        self.RATELIMIT_DEFAULT = self.RATE_LIMIT or None
        self.RATELIMIT_STORAGE_URI = self.REDIS_URL or "memory://"
        self.RATELIMIT_STORAGE_OPTIONS: dict[str, Any] = dict(REDIS_TIMEOUTS) if self.REDIS_URL else {}
        self.RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = True
        self.RATELIMIT_HEADERS_ENABLED = True
        self.MAX_CLIENTS_PER_ADDRESS = env.integer("MAX_CLIENTS_PER_ADDRESS", 0)

    def _read_inference(self, env: Environment) -> None:
        self.MODEL_PATH = env.path("MODEL_PATH", ROOT / "ml_models" / "modelo_emociones.json")
        self.MODEL_RUNTIME = env.choice("MODEL_RUNTIME", "openvino", "tensorflow")
        self.INFERENCE_PRECISION = env.choice("INFERENCE_PRECISION", "default", "f32")
        self.PRIOR = env.choice("PRIOR", "auto", "even", "typical")
        self.INFERENCE_THREADS = env.integer("INFERENCE_THREADS", 0) or os.cpu_count() or 1
        self.INFERENCE_QUEUE = env.integer("INFERENCE_QUEUE", 64, 1)
        self.DECODE_MEMORY_MB = env.integer("DECODE_MEMORY_MB", 192, 16)
        self.PRELOAD_MODEL = env.flag("PRELOAD_MODEL", False)

    def _read_limits(self, env: Environment) -> None:
        self.MAX_IMAGE_BYTES = env.integer("MAX_IMAGE_BYTES", 10 * MEBIBYTE, 1)
        self.MAX_IMAGE_PIXELS = env.integer("MAX_IMAGE_PIXELS", 64_000_000, 1)
        self.MAX_BATCH_BYTES = env.integer("MAX_BATCH_BYTES", 50 * MEBIBYTE, 1)
        self.MAX_BATCH_FILES = env.integer("MAX_BATCH_FILES", 32, 1)
        self.BODY_MEMORY_MB = env.integer("BODY_MEMORY_MB", 64, 1)
        self.BODY_MIN_BYTES_PER_SECOND = env.integer("BODY_MIN_BYTES_PER_SECOND", 500)
        self.BODY_MAX_SECONDS = env.integer("BODY_MAX_SECONDS", 300, 1)
        self.STREAM_MAX_FRAME_BYTES = env.integer("STREAM_MAX_FRAME_BYTES", 4 * MEBIBYTE, 1)
        self.STREAM_MAX_FPS = env.integer("STREAM_MAX_FPS", 30, 1)
        self.STREAM_LOG_INTERVAL_MS = env.integer("STREAM_LOG_INTERVAL_MS", 0)
        self.PING_INTERVAL_SECONDS = env.integer("PING_INTERVAL_SECONDS", 25, 1)
        self.PING_TIMEOUT_SECONDS = env.integer("PING_TIMEOUT_SECONDS", 20, 1)

    def _read_operation(self, env: Environment) -> None:
        self.LOG_LEVEL = env.choice("LOG_LEVEL", "info", "debug", "warning", "error").upper()
        self.LOG_FORMAT = env.choice("LOG_FORMAT", "text", "json")
        self.METRICS_TOKEN = env.text("METRICS_TOKEN")


class Production(Config):
    """A server that others rely on: it refuses to start without a secret."""


class Development(Config):
    """One's own machine: a secret is made where there is none."""

    DEBUG = False  # Flask's reloader and debugger do not go with native inference threads.
    makes_secret = True


class Testing(Config):
    """Automatic tests: nothing is read from the machine's environment but what the test gives."""

    TESTING = True
    BCRYPT_ROUNDS = 4
    __test__ = False  # A name that begins with "Test", for pytest to leave alone.

    def __init__(self, instance_path: Path, **values: str) -> None:
        super().__init__(
            {"INSTANCE_PATH": str(instance_path), "SECRET_KEY": "a secret of tests and of nothing else", **values}
        )


# Both in seconds: a Redis that hangs must not make anybody wait.
REDIS_TIMEOUTS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}

# In seconds: a server that vanished without a word is given up within half a minute, not after two hours.
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}

Name = Literal["production", "development"]


def from_environment() -> Config:
    """Return the configuration that `VISIONAI_ENV` names (production by default), after reading `.env`."""
    load_dotenv(ROOT / ".env")
    kind = Environment(os.environ).choice("VISIONAI_ENV", "production", "development")
    return {"production": Production, "development": Development}[kind]()


def default_hosts(host: str, proxies: int) -> list[str]:
    """Return the names to answer to where none are set: any ("*") unless only this machine reaches the server.

    Browsers of this machine would let any page in whose name was made to point to loopback. A proxy in between has
    names that nobody told us of.
    """
    address = host.strip("[]")
    try:
        local = ip_address(address).is_loopback
    except ValueError:
        local = address == "localhost"
    return ["localhost"] if local and not proxies else ["*"]


def database_uri(url: str) -> str:
    """Return `url` with its driver named: SQLAlchemy takes a bare `postgresql://` for psycopg 3, we have psycopg2."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg2://" + url.removeprefix(scheme)
    return url


def engine_options(uri: str, timeouts: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return SQLAlchemy engine options: on PostgreSQL a bounded pool that fails within seconds, not minutes.

    `timeouts` are PostgreSQL's, in milliseconds; 0 leaves the server's own.
    """
    # The text of an error, which may be logged, does not hold the values: names, addresses, hashes of passwords.
    everywhere = {"hide_parameters": True}
    if not uri.startswith("postgresql"):
        return everywhere
    return everywhere | {
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": 5,
        "pool_pre_ping": True,
        # A commit adds to hundreds of figures: a hundred statements a round trip, not one.
        "executemany_mode": "values_plus_batch",
        "connect_args": {"connect_timeout": 3, "tcp_user_timeout": 5000, "application_name": "visionai", **KEEPALIVES}
        | _server_options(uri, timeouts or {}),
    }


def _server_options(uri: str, timeouts: Mapping[str, int]) -> dict[str, str]:
    """Return libpq's `options` with `timeouts`, before those of the URL, which win."""
    own = make_url(uri).query.get("options", "")
    told = [f"-c {name}={milliseconds}" for name, milliseconds in timeouts.items() if milliseconds]
    return {"options": " ".join([*told, *([own] if isinstance(own, str) else own)]).strip()} if told else {}


def _kept_secret(instance: Path, make: bool) -> str:
    """Return the secret kept in the instance folder, mode 0600; `make` one where there is none."""
    file = instance / "secret_key"
    if file.is_file():
        return file.read_text().strip()
    if not make:
        raise ConfigError("SECRET_KEY is not set. Set it, or start with `make run`, which makes one in instance/.")
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_hex(32))
    return file.read_text().strip()
