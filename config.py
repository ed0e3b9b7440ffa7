"""Environment to typed values, in this one place.

Every variable is explained once in `.env.example`. An object of one of these classes is what `create_app` takes; it
reads the environment when it is made, so a test can hand it another one. gunicorn's master reads them too, and stays
small: nothing large is imported here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl

from dotenv import load_dotenv

from visionai import ROOT
from visionai.environment import ConfigError, Environment, ring_of

MEBIBYTE = 1024 * 1024


class Config:
    """What every environment shares."""

    TESTING = False
    BCRYPT_ROUNDS = 12  # a hash takes a fifth of a second
    makes_secret = False

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        env = Environment(os.environ if values is None else values)
        self.INSTANCE_PATH = env.folder("INSTANCE_PATH", ROOT / "instance")
        self._read_secrets(env)
        self._read_database(env)
        self._read_access(env)
        self._read_inference(env)
        self._read_limits(env)
        self._read_operation(env)
        self._read_tracing(env)

    def _read_secrets(self, env: Environment) -> None:
        named, ring = "SECRET_KEYS", ring_of(env.text("SECRET_KEYS"))
        if not ring:
            key = env.text("SECRET_KEY")
            named, ring = "SECRET_KEY", [key] if key else _kept_secrets(self.INSTANCE_PATH, make=self.makes_secret)
        if not ring or min(len(key.encode()) for key in ring) < 32:
            raise ConfigError(
                f"{named} needs at least 32 bytes: python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        # Flask's own names: the first of the ring signs, and what any of them signed is taken.
        self.SECRET_KEY, *self.SECRET_KEY_FALLBACKS = ring
        self.JWT_SECRET_KEY = self.SECRET_KEY
        self.JWT_ENCODE_NBF = False
        self.JWT_ACCESS_TOKEN_EXPIRES = timedelta(minutes=env.integer("ACCESS_TOKEN_MINUTES", 24 * 60, 1, 525_600))
        self.JWT_REFRESH_TOKEN_EXPIRES = timedelta(days=env.integer("REFRESH_TOKEN_DAYS", 30, 1, 3650))

    def _read_database(self, env: Environment) -> None:
        default = f"sqlite:///{(self.INSTANCE_PATH / 'visionai.sqlite3').as_posix()}"
        self.SQLALCHEMY_DATABASE_URI = database_uri(env.url("DATABASE_URL", default, *DATABASES))
        _check_sqlite(self.SQLALCHEMY_DATABASE_URI, self.INSTANCE_PATH)
        timeouts = {
            "statement_timeout": env.integer("STATEMENT_TIMEOUT_MS", 10_000),
            "lock_timeout": env.integer("LOCK_TIMEOUT_MS", 2000),
            "idle_in_transaction_session_timeout": env.integer("IDLE_TRANSACTION_TIMEOUT_MS", 60_000),
        }
        pool = {
            "pool_size": env.integer("DATABASE_POOL_SIZE", 10, 3, 1000),
            "max_overflow": env.integer("DATABASE_POOL_OVERFLOW", 10, 0, 1000),
            "pool_timeout": env.integer("DATABASE_POOL_TIMEOUT_SECONDS", 5, 1, 60),
        }
        connect_seconds = env.integer("DATABASE_CONNECT_TIMEOUT_SECONDS", 3, 2, 60)
        self.SQLALCHEMY_ENGINE_OPTIONS = engine_options(self.SQLALCHEMY_DATABASE_URI, timeouts, pool, connect_seconds)
        self.REDIS_URL = env.url("REDIS_URL", "", "redis", "rediss")
        self.RECORDER_BUFFER = env.integer("RECORDER_BUFFER", 10_000, 1, 10_000_000)
        self.RECORDER_FLUSH_MS = env.integer("RECORDER_FLUSH_MS", 200, 1, 60_000)
        self.RETENTION_DAYS = env.integer("RETENTION_DAYS", 0, 0, 36_500)
        self.AUDIT_RETENTION_DAYS = env.integer("AUDIT_RETENTION_DAYS", 0, 0, 36_500)
        self.LOG_PARTITION = env.choice("LOG_PARTITION", "month", "week", "day")

    def _read_access(self, env: Environment) -> None:
        self.REGISTRATION = env.choice("REGISTRATION", "open", "closed")
        self.DASHBOARD_PUBLIC = env.flag("DASHBOARD_PUBLIC", True)
        self.SOURCE_IP = env.choice("SOURCE_IP", "truncated", "full", "off")
        self.CORS_ORIGINS = env.origins("CORS_ORIGINS")
        self.TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0, 0, 100)
        self.SCRIPT_NAME = env.prefix("SCRIPT_NAME")
        self.ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or default_hosts(
            env.address("HOST", "127.0.0.1"), self.TRUSTED_PROXIES
        )
        self.LOGIN_ATTEMPTS_PER_MINUTE = env.integer("LOGIN_ATTEMPTS_PER_MINUTE", 5, 1)
        self.LOGIN_FAILURES_PER_ADDRESS = env.integer("LOGIN_FAILURES_PER_ADDRESS", 60)
        self.LOGIN_FAILURES_PER_NAME = env.integer("LOGIN_FAILURES_PER_NAME", 50)
        self.RATE_LIMIT = env.rate("RATE_LIMIT")
        self.RATELIMIT_DEFAULT = self.RATE_LIMIT or None
        self.RATELIMIT_STORAGE_URI = self.REDIS_URL or "memory://"
        self.RATELIMIT_STORAGE_OPTIONS: dict[str, Any] = dict(REDIS_TIMEOUTS) if self.REDIS_URL else {}
        self.RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = True
        self.RATELIMIT_HEADERS_ENABLED = True
        self.WEBHOOK_PRIVATE_TARGETS = env.flag("WEBHOOK_PRIVATE_TARGETS", False)
        self.WEBHOOK_TIMEOUT_SECONDS = env.integer("WEBHOOK_TIMEOUT_SECONDS", 10, 1, 30)
        self.SESSIONS_PER_MINUTE = env.integer("SESSIONS_PER_MINUTE", 60)
        self.MAX_CLIENTS_PER_ADDRESS = env.integer("MAX_CLIENTS_PER_ADDRESS", 0)

    def _read_inference(self, env: Environment) -> None:
        self.MODEL_PATH = env.file("MODEL_PATH", ROOT / "ml_models" / "modelo_emociones.json")
        self.MODEL_STORE = env.folder("MODEL_STORE", self.INSTANCE_PATH) if env.text("MODEL_STORE") else None
        self.MODEL_RUNTIME = env.choice("MODEL_RUNTIME", "openvino", "tensorflow")
        self.INFERENCE_PRECISION = env.choice("INFERENCE_PRECISION", "default", "f32")
        self.PRIOR = env.choice("PRIOR", "auto", "even", "typical")
        self.INFERENCE_THREADS = env.integer("INFERENCE_THREADS", 0, 0, 1024) or os.cpu_count() or 1
        self.INFERENCE_QUEUE = env.integer("INFERENCE_QUEUE", 64, 1, 1_000_000)
        self.DECODE_MEMORY_MB = env.integer("DECODE_MEMORY_MB", 192, 16, 1_000_000)
        self.PRELOAD_MODEL = env.flag("PRELOAD_MODEL", False)

    def _read_limits(self, env: Environment) -> None:
        self.MAX_IMAGE_BYTES = env.integer("MAX_IMAGE_BYTES", 10 * MEBIBYTE, 1)
        self.MAX_IMAGE_PIXELS = env.integer("MAX_IMAGE_PIXELS", 64_000_000, 1)
        self.MAX_BATCH_BYTES = env.integer("MAX_BATCH_BYTES", 50 * MEBIBYTE, 1)
        self.MAX_BATCH_FILES = env.integer("MAX_BATCH_FILES", 32, 1, 10_000)
        self.BODY_MEMORY_MB = env.integer("BODY_MEMORY_MB", 64, 1, 1_000_000)
        self.BODY_MIN_BYTES_PER_SECOND = env.integer("BODY_MIN_BYTES_PER_SECOND", 500)
        self.BODY_MAX_SECONDS = env.integer("BODY_MAX_SECONDS", 300, 1)
        self.STREAM_MAX_FRAME_BYTES = env.integer("STREAM_MAX_FRAME_BYTES", 4 * MEBIBYTE, 1)
        self.STREAM_MAX_FPS = env.integer("STREAM_MAX_FPS", 30, 1, 1000)
        self.STREAM_LOG_INTERVAL_MS = env.integer("STREAM_LOG_INTERVAL_MS", 1000)
        self.PING_INTERVAL_SECONDS = env.integer("PING_INTERVAL_SECONDS", 25, 1)
        self.PING_TIMEOUT_SECONDS = env.integer("PING_TIMEOUT_SECONDS", 20, 1)

    def _read_operation(self, env: Environment) -> None:
        self.LOG_LEVEL = env.choice("LOG_LEVEL", "info", "debug", "warning", "error").upper()
        self.LOG_FORMAT = env.choice("LOG_FORMAT", "text", "json")
        self.METRICS_TOKEN = env.token("METRICS_TOKEN")
        self.STOP_DELAY_SECONDS = env.integer("STOP_DELAY_SECONDS", 0, 0, 300)
        self.WEB_CONCURRENCY = env.integer("WEB_CONCURRENCY", 1, 1, 256)

    def _read_tracing(self, env: Environment) -> None:
        """Read OpenTelemetry's own variables: those of the exporter here, those of the sampler by its SDK."""
        disabled = env.flag("OTEL_SDK_DISABLED", False)
        endpoint = env.url("OTEL_EXPORTER_OTLP_ENDPOINT", "", "http", "https")
        self.OTEL_EXPORTER_OTLP_ENDPOINT = "" if disabled else endpoint
        self.OTEL_EXPORTER_OTLP_HEADERS = env.pairs("OTEL_EXPORTER_OTLP_HEADERS")
        self.OTEL_EXPORTER_OTLP_CERTIFICATE = env.authorities("OTEL_EXPORTER_OTLP_CERTIFICATE")
        self.OTEL_EXPORTER_OTLP_TIMEOUT = env.integer("OTEL_EXPORTER_OTLP_TIMEOUT", 10_000, 1, 600_000)
        self.OTEL_BSP_SCHEDULE_DELAY = env.integer("OTEL_BSP_SCHEDULE_DELAY", 5000, 1, 600_000)
        self.OTEL_BSP_MAX_QUEUE_SIZE = env.integer("OTEL_BSP_MAX_QUEUE_SIZE", 2048, 1, 1_000_000)
        if self.OTEL_EXPORTER_OTLP_ENDPOINT:
            env.choice("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            _require_telemetry()


class Server:
    """Where the server listens, and with how many processes: what gunicorn.conf.py and wsgi.py read."""

    def __init__(self, config: Config, values: Mapping[str, str] | None = None) -> None:
        env = Environment(os.environ if values is None else values)
        self.HOST = env.address("HOST", "127.0.0.1")
        self.PORT = env.integer("PORT", 8000, 1, 65_535)
        self.ASYNC_MODE = env.choice("ASYNC_MODE", "eventlet", "threading")
        self.WEB_CONCURRENCY = config.WEB_CONCURRENCY
        self.HEADERS_MAX_SECONDS = env.integer("HEADERS_MAX_SECONDS", 5, 1, 3600)
        if self.WEB_CONCURRENCY > 1 and config.SQLALCHEMY_DATABASE_URI.startswith("sqlite"):
            raise ConfigError(
                "WEB_CONCURRENCY: SQLite takes one process. Set DATABASE_URL to a PostgreSQL, or leave it at 1."
            )
        if self.WEB_CONCURRENCY > 1 and not config.REDIS_URL:
            raise ConfigError(
                "WEB_CONCURRENCY: more than one process needs REDIS_URL, so that they hear of each other."
            )

    @property
    def netloc(self) -> str:
        """Host and port as a URL writes them: an IPv6 address in brackets (RFC 3986, section 3.2.2)."""
        return f"[{self.HOST}]:{self.PORT}" if ":" in self.HOST else f"{self.HOST}:{self.PORT}"


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

# What DATABASE_URL may begin with.
DATABASES = ("postgresql", "postgres", "postgresql+psycopg2", "sqlite")

# In seconds: a server that vanished without a word is given up within half a minute, not after two hours.
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}

Name = Literal["production", "development"]


def from_environment() -> Config:
    """Return the configuration that `VISIONAI_ENV` names (production by default), after reading `.env`."""
    load_dotenv(ROOT / ".env")
    kind = Environment(os.environ).choice("VISIONAI_ENV", "production", "development")
    return {"production": Production, "development": Development}[kind]()


# Parts of names of settings whose values are secret, or may hold a password.
_SECRET_PARTS = ("ENDPOINT", "KEY", "PASSWORD", "SECRET", "TOKEN", "URI", "URL")


def changed_settings(settings: Mapping[str, Any]) -> dict[str, bool | int | str]:
    """Return the settings that differ from the defaults and are no secret, as they may be written down.

    Of a URL, which may hold a password, none is returned.
    """
    defaults = Config({"SECRET_KEY": "-" * 32, "INSTANCE_PATH": str(settings["INSTANCE_PATH"])})
    changed = {name: settings[name] for name, usual in vars(defaults).items() if settings[name] != usual}
    open_ones = {name: value for name, value in changed.items() if not any(part in name for part in _SECRET_PARTS)}
    return {
        name: value if isinstance(value, bool | int) else str(value)
        for name, value in open_ones.items()
        if isinstance(value, bool | int | str | list | Path)
    }


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


def _require_telemetry() -> None:
    """Raise ConfigError where the packages that export spans are not installed."""
    try:
        found = all(map(find_spec, ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.common")))
    except ModuleNotFoundError:
        found = False
    if not found:
        raise ConfigError("OTEL_EXPORTER_OTLP_ENDPOINT needs: pip install -r requirements/telemetry.txt")


def _check_sqlite(uri: str, instance: Path) -> None:
    """Raise ConfigError for an SQLite that keeps nothing, or one whose folder is not there; PostgreSQL passes."""
    scheme, _, rest = uri.partition("://")
    if not scheme.startswith("sqlite"):
        return
    name = rest.removeprefix("/").removeprefix("file:").partition("?")[0]
    if name in ("", ":memory:"):
        raise ConfigError("DATABASE_URL: an SQLite in memory keeps nothing; take sqlite:////absolute/path.")
    # A relative one is in the instance folder, which is made at the start.
    folder = (instance / name).parent
    if folder != instance and not folder.is_dir():
        raise ConfigError("DATABASE_URL: the folder of the SQLite file does not exist; make it first.")


def engine_options(
    uri: str,
    timeouts: Mapping[str, int] | None = None,
    pool: Mapping[str, int] | None = None,
    connect_seconds: int = 3,
) -> dict[str, Any]:
    """Return SQLAlchemy engine options: on PostgreSQL a bounded pool that fails within seconds, not minutes.

    `timeouts` are PostgreSQL's, in milliseconds; 0 leaves the server's own. `pool` are SQLAlchemy's of these names.
    """
    # The text of an error, which may be logged, does not hold the values: names, addresses, hashes of passwords.
    everywhere = {"hide_parameters": True}
    if not uri.startswith("postgresql"):
        return everywhere
    bounds = {"connect_timeout": connect_seconds, "tcp_user_timeout": 5000}
    own = {"visionai_timeouts": _timeouts(uri, timeouts or {}), "visionai_connections": _most_of(pool or {})}
    return {
        **everywhere,
        **(pool or {}),
        "pool_pre_ping": True,
        # A commit adds to hundreds of figures: a hundred statements a round trip, not one.
        "executemany_mode": "values_plus_batch",
        "connect_args": {"application_name": "visionai", **bounds, **KEEPALIVES},
        "execution_options": own,
    }


def _most_of(pool: Mapping[str, int]) -> int:
    """Return how many connections `pool` opens at most."""
    return pool.get("pool_size", 10) + pool.get("max_overflow", 10)


def _timeouts(uri: str, timeouts: Mapping[str, int]) -> dict[str, int]:
    """Return those of `timeouts` that are set, but for what the URL's own `options` say: they win."""
    own = " ".join(value for name, value in parse_qsl(uri.rpartition("?")[2]) if name == "options")
    return {name: milliseconds for name, milliseconds in timeouts.items() if milliseconds and name not in own}


def _kept_secrets(instance: Path, make: bool) -> list[str]:
    """Return the secrets kept in the instance folder, mode 0600, one a line; `make` one where there is none."""
    file = instance / "secret_key"
    if file.is_file():
        return _read_secrets(file)
    if not make:
        raise ConfigError("SECRET_KEY is not set. Set it, or start with `make run`, which makes one in instance/.")
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_hex(32))
    except FileExistsError:
        pass  # Another process made it first.
    except OSError as err:
        raise ConfigError(f"SECRET_KEY is not set, and none can be kept in INSTANCE_PATH: {err.strerror}.") from err
    return _read_secrets(file)


def _read_secrets(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as err:
        raise ConfigError("SECRET_KEY is not set, and secret_key in INSTANCE_PATH cannot be read.") from err
