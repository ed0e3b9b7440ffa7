"""Every setting is checked at the start: a wrong value is one line that names it, an empty one is the default."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import limits
import pytest

from config import ROOT, Config, ConfigError, Server
from tests.support.servers import environment_of
from visionai.environment import FROM_FILES

SECRET = {"SECRET_KEY": "s" * 32}
WHOLE_NUMBERS = (
    *("ACCESS_TOKEN_MINUTES", "REFRESH_TOKEN_DAYS", "LOGIN_ATTEMPTS_PER_MINUTE", "RECORDER_BUFFER"),
    *("RECORDER_FLUSH_MS", "RETENTION_DAYS", "TRUSTED_PROXIES", "MAX_CLIENTS_PER_ADDRESS", "INFERENCE_THREADS"),
    *("INFERENCE_QUEUE", "MAX_IMAGE_BYTES", "MAX_BATCH_BYTES", "MAX_BATCH_FILES", "MAX_IMAGE_PIXELS"),
    *("STREAM_MAX_FRAME_BYTES", "STREAM_MAX_FPS", "STREAM_LOG_INTERVAL_MS", "PORT", "WEB_CONCURRENCY"),
    *("STOP_DELAY_SECONDS", "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_MAX_QUEUE_SIZE"),
)
FLAGS = ("DASHBOARD_PUBLIC", "PRELOAD_MODEL", "OTEL_SDK_DISABLED")
CHOICES = (
    *("REGISTRATION", "SOURCE_IP", "MODEL_RUNTIME", "INFERENCE_PRECISION", "LOG_LEVEL", "LOG_FORMAT", "ASYNC_MODE"),
)
OTHERS = {
    "SECRET_KEY": ["short", "é" * 15, "\udcff" * 40],
    "INSTANCE_PATH": ["/dev/null", "/dev/null/deeper", "README.md"],
    "MODEL_PATH": ["missing.json", "ml_models", "/dev/null/weights.json"],
    "DATABASE_URL": [
        *("visionai", "mysql://user@host/name", "postgresql+asyncpg://host/name", "POSTGRES", "://host", "sqlite:"),
        *("postgresql://user:password@host:port/name", "postgresql://host:99999/name", "postgresql://ho st/name"),
        *("sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:////nowhere/at/all.sqlite3"),
    ],
    "REDIS_URL": ["localhost", "localhost:6379", "http://localhost:6379", "redis://localhost:zero", "redis://h:0/0"],
    "CORS_ORIGINS": [
        *("app.example.org", "https://", "https://app.example.org/", "https://app.example.org/page", "null"),
        *("https://app.example.org, other", "https://*.example.org", "https://app:99999", "https://añb.example"),
        "https://user@app.example.org",
    ],
    "RATE_LIMIT": [
        "lots",
        "100",
        "0/minute",
        "-1/minute",
        "100/fortnight",
        "100/minute;",
        "9999999999/minute",
        "1/0 hour",
    ],
    "SCRIPT_NAME": ["vision", "//evil.example", "/a//b", "/..", "/a b", "/visión", "https://example.org/vision"],
    "OTEL_EXPORTER_OTLP_ENDPOINT": ["collector:4318", "grpc://collector:4317", "http://collector:port"],
    "OTEL_EXPORTER_OTLP_HEADERS": ["secret", "=secret", "two words=1", "key=", "key=%0Aother: 1", "key=contraseña"],
    "OTEL_EXPORTER_OTLP_CERTIFICATE": ["missing.pem", "README.md", "tests"],
    "METRICS_TOKEN": ["two\nlines", "contraseña"],
    "HOST": ["local host", "256.0.0.1", "127.0.0.1:8000", "[::1", "[localhost]", "::g", "http://localhost", "*", "-"],
}
WRONG = [
    *(
        (name, value)
        for name in WHOLE_NUMBERS
        for value in ("many", "-1", "1.5", "1e3", "0x10", "9" * 5000, "2147483648")
    ),
    *((name, value) for name in FLAGS for value in ("perhaps", "2", "-")),
    *((name, "another") for name in CHOICES),
    *((name, value) for name, values in OTHERS.items() for value in values),
]


def read(**values: str) -> tuple[Config, Server]:
    config = Config({**SECRET, **values})
    return config, Server(config, values)


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda word: ascii(word)[:40])
def test_a_wrong_value_is_one_line_that_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(**{name: value})
    line = raised.value.format_message()
    assert line.startswith(name)
    assert len(line.splitlines()) == 1
    assert len(line) < 300


@pytest.mark.parametrize("name", [*WHOLE_NUMBERS, *FLAGS, *CHOICES, *OTHERS])
@pytest.mark.parametrize("empty", ["", "  ", "\t\n"])
def test_an_empty_or_blank_setting_is_its_default(name: str, empty: str, tmp_path: Path) -> None:
    if name == "SECRET_KEY":
        pytest.skip("has no default: one is made, or the start is refused")
    values = {"INSTANCE_PATH": str(tmp_path)} if name != "INSTANCE_PATH" else {}
    assert [vars(one) for one in read(**values, **{name: empty})] == [vars(one) for one in read(**values)]


def test_no_message_shows_a_password() -> None:
    for url in ("mysql://ana:hunter2@host/name", "postgresql://ana:hunter2@host:port/name", "ana:hunter2@host"):
        with pytest.raises(ConfigError) as raised:
            read(DATABASE_URL=url)
        assert "hunter2" not in raised.value.format_message()


@pytest.mark.parametrize(
    "url",
    [
        *("postgresql:///visionai", "postgres://u:p#?/[@host/name", "postgresql://u:p@[::1]:5432/name?sslmode=require"),
        *("postgresql+psycopg2://host/name", "postgresql:///name?host=/var/run/postgresql", "sqlite:///relative.db"),
    ],
)
def test_a_url_that_sqlalchemy_reads_is_taken(url: str, tmp_path: Path) -> None:
    assert read(DATABASE_URL=url, INSTANCE_PATH=str(tmp_path))[0].SQLALCHEMY_DATABASE_URI


@pytest.mark.parametrize("url", ["redis://localhost:6379/0", "rediss://:secret@[::1]:6380/1", "redis://redis"])
def test_a_url_of_redis_is_taken(url: str) -> None:
    assert url == read(REDIS_URL=url)[0].REDIS_URL


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://App.Example.org", "https://app.example.org"),
        ("https://app.example.org:443", "https://app.example.org"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("*", "*"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(written: str, sent: str) -> None:
    assert [sent] == read(CORS_ORIGINS=written)[0].CORS_ORIGINS


@pytest.mark.parametrize(
    "text", ["100/minute", "100 per minute", "100/minute;2000/hour", "10 per 2 hours, 5/day", "1/SECOND", "7|8"]
)
def test_a_limit_is_taken_exactly_where_flask_limiter_takes_it(text: str) -> None:
    try:
        limits.parse_many(text)
    except ValueError:
        with pytest.raises(ConfigError):
            read(RATE_LIMIT=text)
    else:
        assert text == read(RATE_LIMIT=text)[0].RATE_LIMIT


@pytest.mark.parametrize(
    ("host", "netloc"),
    [
        ("", "127.0.0.1:8000"),
        (" ", "127.0.0.1:8000"),
        ("0.0.0.0", "0.0.0.0:8000"),
        ("::1", "[::1]:8000"),
        ("[::1]", "[::1]:8000"),
        ("::", "[::]:8000"),
        ("localhost", "localhost:8000"),
        ("vision_ai.internal", "vision_ai.internal:8000"),
    ],
)
def test_the_server_listens_where_host_says_and_on_loopback_else(host: str, netloc: str) -> None:
    assert read(HOST=host)[1].netloc == netloc


@pytest.mark.parametrize("missing", [{}, {"DATABASE_URL": "postgresql://host/name"}], ids=["PostgreSQL", "Redis"])
def test_several_processes_need_postgresql_and_redis(missing: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="WEB_CONCURRENCY"):
        read(WEB_CONCURRENCY="2", **missing)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("RATE_LIMIT", "lots"), ("PORT", "99999"), ("WEB_CONCURRENCY", "two"), ("ASYNC_MODE", "gevent")),
        *(("DATABASE_URL", "mysql://host/name"), ("INSTANCE_PATH", "/dev/null")),
    ],
)
@pytest.mark.parametrize("program", [["-m", "visionai"], ["wsgi.py"]])
def test_a_server_with_a_wrong_setting_does_not_start(
    program: list[str], name: str, value: str, tmp_path: Path
) -> None:
    environment = {**environment_of(tmp_path), name: value}
    ended = subprocess.run(
        [sys.executable, *program], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"Error: {name}")
    assert len(ended.stderr.splitlines()) == 1


def test_gunicorn_itself_refuses_a_wrong_setting_in_a_line(tmp_path: Path) -> None:
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
    environment = {**environment_of(tmp_path), "PORT": "99999"}
    ended = subprocess.run(gunicorn, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (2, "Error: PORT takes a whole number from 1 to 65535, not '99999'.\n")


@pytest.mark.parametrize("content", [None, b"\xff" * 40])
def test_a_kept_secret_that_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        if os.geteuid() == 0:
            pytest.skip("root reads every file")
        (tmp_path / "secret_key").touch(mode=0)
    else:
        (tmp_path / "secret_key").write_bytes(content)
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        Config({"INSTANCE_PATH": str(tmp_path)})


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "SECRET_KEY": "k" * 40,
        "SECRET_KEYS": f"{'k' * 40},{'l' * 40}",
        "DATABASE_URL": "postgresql://visionai:secret@database/visionai",
        "REDIS_URL": "redis://redis:6379/0",
        "METRICS_TOKEN": "a token",
    }.items(),
)
def test_a_secret_may_come_from_a_file(name: str, value: str, tmp_path: Path) -> None:
    file = tmp_path / "mounted"
    file.write_text(f"{value}\n")
    assert vars(Config({**SECRET, name: "", f"{name}_FILE": str(file)})) == vars(Config({**SECRET, name: value}))


def test_what_is_set_wins_over_its_file(tmp_path: Path) -> None:
    file = tmp_path / "mounted"
    file.write_text("of the file")
    assert Config({**SECRET, "METRICS_TOKEN": "set", "METRICS_TOKEN_FILE": str(file)}).METRICS_TOKEN == "set"


@pytest.mark.parametrize("name", FROM_FILES)
def test_a_file_of_a_secret_that_cannot_be_read_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"{name}_FILE"):
        Config({**SECRET, name: "", f"{name}_FILE": str(tmp_path / "missing")})


COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}


def test_header_fields_are_decoded() -> None:
    said = Config({**SECRET, "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b%3D, tenant=us"})
    assert said.OTEL_EXPORTER_OTLP_HEADERS == {"api-key": "a b=", "tenant": "us"}


def test_a_wrong_header_field_is_not_shown() -> None:
    with pytest.raises(ConfigError) as raised:
        Config({**SECRET, "OTEL_EXPORTER_OTLP_HEADERS": "hunter2"})
    assert "hunter2" not in raised.value.format_message()


def test_the_protocol_of_spans_matters_only_where_they_are_exported() -> None:
    grpc = {**SECRET, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    Config(grpc)
    with pytest.raises(ConfigError, match="OTEL_EXPORTER_OTLP_PROTOCOL takes one of http/protobuf"):
        Config({**grpc, **COLLECTOR})


def test_what_is_disabled_is_exported_nowhere() -> None:
    assert Config({**SECRET, **COLLECTOR}).OTEL_EXPORTER_OTLP_ENDPOINT == "http://collector:4318"
    assert Config({**SECRET, **COLLECTOR, "OTEL_SDK_DISABLED": "true"}).OTEL_EXPORTER_OTLP_ENDPOINT == ""
