"""Settings come typed from the environment, and a wrong one is said by name."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT, Config, ConfigError, Development, Production, Testing, database_uri

SECRET = "s" * 32


def test_defaults_are_those_of_a_server_on_one_machine(tmp_path: Path) -> None:
    config = Config({"SECRET_KEY": SECRET, "INSTANCE_PATH": str(tmp_path)})
    assert f"sqlite:///{tmp_path.as_posix()}/visionai.sqlite3" == config.SQLALCHEMY_DATABASE_URI
    assert config.REGISTRATION == "open"
    assert config.CORS_ORIGINS == []
    assert config.MAX_IMAGE_BYTES == 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INFERENCE_QUEUE", "many"),
        ("INFERENCE_QUEUE", "0"),
        ("INFERENCE_THREADS", "-1"),
        ("PRELOAD_MODEL", "perhaps"),
        ("SOURCE_IP", "hashed"),
        ("MODEL_RUNTIME", "torch"),
        ("PRIOR", "odd"),
        ("DATABASE_POOL_SIZE", "2"),
        ("DATABASE_CONNECT_TIMEOUT_SECONDS", "0"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEYS", f"{SECRET},short"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config({"SECRET_KEY": SECRET, "INSTANCE_PATH": str(tmp_path), name: value})


def test_the_pool_and_the_timeouts_of_postgresql_are_settings(tmp_path: Path) -> None:
    bounds = {
        "DATABASE_POOL_SIZE": "4",
        "DATABASE_POOL_OVERFLOW": "2",
        "DATABASE_POOL_TIMEOUT_SECONDS": "7",
        "DATABASE_CONNECT_TIMEOUT_SECONDS": "9",
        "IDLE_TRANSACTION_TIMEOUT_MS": "0",
    }
    config = Testing(tmp_path, DATABASE_URL="postgresql://u@h/d", **bounds)
    options = config.SQLALCHEMY_ENGINE_OPTIONS
    assert (options["pool_size"], options["max_overflow"], options["pool_timeout"]) == (4, 2, 7)
    assert options["connect_args"]["connect_timeout"] == 9
    assert options["execution_options"] == {
        "visionai_timeouts": {"statement_timeout": 10_000, "lock_timeout": 2000},
        "visionai_connections": 6,
    }


def test_nothing_is_told_to_postgresql_that_a_pooler_refuses(tmp_path: Path) -> None:
    config = Testing(tmp_path, DATABASE_URL="postgresql://u@h/d")
    assert "options" not in config.SQLALCHEMY_ENGINE_OPTIONS["connect_args"]


@pytest.mark.parametrize("value", ["true", "Yes", "ON", "1"])
def test_a_flag_is_understood_in_any_usual_spelling(tmp_path: Path, value: str) -> None:
    assert Testing(tmp_path, PRELOAD_MODEL=value).PRELOAD_MODEL is True


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert Testing(tmp_path, RETENTION_DAYS="").RETENTION_DAYS == 0


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_plain_postgresql_url_gets_the_driver_that_is_installed(scheme: str) -> None:
    assert database_uri(f"{scheme}://u:p@h/d") == "postgresql+psycopg2://u:p@h/d"


def test_production_refuses_to_start_without_a_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY is not set"):
        Production({"INSTANCE_PATH": str(tmp_path)})


def test_development_makes_a_secret_once_that_only_its_owner_reads(tmp_path: Path) -> None:
    first = Development({"INSTANCE_PATH": str(tmp_path)}).SECRET_KEY
    assert first == Production({"INSTANCE_PATH": str(tmp_path)}).SECRET_KEY
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_secret_of_the_environment_wins_over_the_one_kept(tmp_path: Path) -> None:
    Development({"INSTANCE_PATH": str(tmp_path)})
    assert Production({"INSTANCE_PATH": str(tmp_path), "SECRET_KEY": SECRET}).SECRET_KEY == SECRET


@pytest.mark.parametrize("separator", [",", " , ", "\n", "\r\n"])
def test_the_first_of_several_secrets_signs_and_the_others_verify(tmp_path: Path, separator: str) -> None:
    ring = separator.join(letter * 32 for letter in "abc")
    config = Testing(tmp_path, SECRET_KEYS=ring)
    assert config.SECRET_KEY == config.JWT_SECRET_KEY == "a" * 32
    assert config.SECRET_KEY_FALLBACKS == ["b" * 32, "c" * 32]


def test_one_secret_is_a_ring_of_one(tmp_path: Path) -> None:
    assert Testing(tmp_path).SECRET_KEY_FALLBACKS == []


def test_the_kept_file_may_hold_several_secrets_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(f"{'a' * 32}\n{'b' * 32}\n")
    config = Production({"INSTANCE_PATH": str(tmp_path)})
    assert (config.SECRET_KEY, config.SECRET_KEY_FALLBACKS) == ("a" * 32, ["b" * 32])


def test_on_the_command_line_a_wrong_setting_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    environment = {**os.environ, "VISIONAI_ENV": "production", "SECRET_KEY": "short", "INSTANCE_PATH": str(tmp_path)}
    flask = [sys.executable, "-m", "flask", "--app", "visionai", "users", "list"]
    ended = subprocess.run(flask, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "SECRET_KEY needs at least 32 bytes" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_settings_are_read_without_a_library_that_is_large() -> None:
    """gunicorn's master reads them, and keeps what it imported for as long as it lives."""
    code = "import sys, config; print(*sorted(sys.modules.keys() & {'sqlalchemy', 'flask', 'numpy', 'marshmallow'}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
