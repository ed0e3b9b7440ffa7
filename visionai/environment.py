"""Typed reading of environment variables: every wrong value is one line that names the variable.

Imports nothing of the application, and nothing that starts threads: gunicorn's master reads settings too, before any
worker has patched itself.
"""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

import click

from . import ROOT


class ConfigError(click.ClickException):
    """A variable of the environment is missing or not of its kind; the text names it and what it takes.

    On the command line it is this one line, and exit code 2.
    """

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the line to stderr, in the form that LOG_FORMAT asks for."""
        if os.environ.get("LOG_FORMAT", "").strip().lower() != "json":
            super().show(file)
            return
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": time, "level": "critical", "logger": "visionai", "message": self.format_message()}
        click.echo(json.dumps(line, ensure_ascii=False), file, err=True)


# As SQLAlchemy reads a URL: a password may hold anything but an "@".
_URL = re.compile(
    r"[\w+]+://(?:[^:/@]*(?::[^@]*)?@)?(?:\[[0-9A-Fa-f:.]+\]|[^\s\[\]@/:?]*)(?::(?P<port>[^/?]*))?(?:/[^?]*)?(?:\?.*)?"
)
_ORIGIN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]+))?")
_RATE = re.compile(
    r"\s*[1-9][0-9]{0,8}\s*(?:/|\s*per\s*)\s*(?:[1-9][0-9]{0,8})?\s*(?:second|minute|hour|day|month|year)s?\s*", re.I
)
# A name whose last part is a number would be an IPv4 address, and is a wrong one.
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*(?![0-9]+\Z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_FIELD_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VISIBLE = re.compile(r"[ -~]*[!-~][ -~]*")
PATH_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)+")
"""Plain segments: what begins with two slashes would be another host in a link, and ".." another path."""

FROM_FILES = ("SECRET_KEY", "SECRET_KEYS", "DATABASE_URL", "REDIS_URL", "METRICS_TOKEN")
"""Variables that a file may hold, named by the variable with `_FILE` behind: secrets that orchestrators mount."""

_FLAGS = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)


class Environment:
    """The variables of an environment, each asked for by its kind; an empty one counts as not set."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """Return the variable, stripped, or `default`; raises ConfigError where it is not UTF-8.

        One of FROM_FILES that is not set is read from the file that its `_FILE` names.
        """
        value = self._values.get(name, "").strip() or self._from_file(name)
        try:
            value.encode()
        except UnicodeEncodeError as err:
            raise ConfigError(f"{name} is not valid UTF-8.") from err
        return value or default

    def _from_file(self, name: str) -> str:
        file = self._values.get(f"{name}_FILE", "").strip() if name in FROM_FILES else ""
        try:
            return Path(file).read_text(encoding="utf-8").strip() if file else ""
        except (OSError, UnicodeDecodeError) as err:
            raise ConfigError(f"{name}_FILE takes a file of text that can be read.") from err

    def integer(self, name: str, default: int, at_least: int = 0, at_most: int = 2**31 - 1) -> int:
        """Return a whole number from `at_least` to `at_most`; raises ConfigError for anything else."""
        text = self.text(name, str(default))
        if not re.fullmatch(r"-?[0-9]{1,18}", text) or not at_least <= int(text) <= at_most:
            raise ConfigError(f"{name} takes a whole number from {at_least} to {at_most}, not {_shown(text)}.")
        return int(text)

    def flag(self, name: str, default: bool) -> bool:
        """Return a truth value written as true/false, yes/no, on/off or 1/0."""
        text = self.text(name, str(default)).lower()
        if text not in _FLAGS:
            raise ConfigError(f"{name} takes true or false, not {_shown(text)}.")
        return _FLAGS[text]

    def choice(self, name: str, *choices: str) -> str:
        """Return one of `choices`; the first is the default."""
        text = self.text(name, choices[0]).lower()
        if text not in choices:
            raise ConfigError(f"{name} takes one of {', '.join(choices)}, not {_shown(text)}.")
        return text

    def words(self, name: str) -> list[str]:
        """Return the comma-separated parts; none where it is not set."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def path(self, name: str, default: Path) -> Path:
        """Return an absolute path; a relative one counts from the project's folder."""
        return (ROOT / self.text(name, str(default))).resolve()

    def folder(self, name: str, default: Path) -> Path:
        """Return a folder that can be written to, or made; raises ConfigError for anything else."""
        path = self.path(name, default)
        existing = next(place for place in (path, *path.parents) if place.exists())
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            raise ConfigError(f"{name} takes a folder that this user may write to; {_shown(str(path))} is none.")
        return path

    def file(self, name: str, default: Path) -> Path:
        """Return a file; raises ConfigError where the variable names none that can be read."""
        path = self.path(name, default)
        if self.text(name) and not (path.is_file() and os.access(path, os.R_OK)):
            raise ConfigError(f"{name} takes a file that can be read; {_shown(str(path))} is none.")
        return path

    def authorities(self, name: str) -> Path | None:
        """Return a file of certificates in PEM, None where it is not set; raises ConfigError for anything else."""
        file = self.file(name, ROOT) if self.text(name) else None
        try:
            ssl.create_default_context(cafile=file)
        except OSError as err:
            raise ConfigError(f"{name} takes a file of certificates (PEM).") from err
        return file

    def url(self, name: str, default: str, *schemes: str) -> str:
        """Return a URL that begins with one of `schemes`; raises ConfigError, which never shows a password."""
        text = self.text(name, default)
        expected = " or ".join(f"{scheme}://..." for scheme in schemes)
        scheme, found, _ = text.partition("://")
        if text and (not found or scheme not in schemes):
            what = _shown(f"{scheme}://...") if found else "what it is set to"
            raise ConfigError(f"{name} takes {expected}, not {what}.")
        parts = _URL.fullmatch(text)
        if text and (parts is None or not _is_port(parts["port"] or "1")):
            raise ConfigError(f"{name} cannot be read: expected {scheme}://user:password@host:port/name.")
        return text

    def origins(self, name: str) -> list[str]:
        """Return the origins (RFC 6454) as browsers write them, or "*"; raises ConfigError for anything else."""
        return [_origin(name, word) for word in self.words(name)]

    def rate(self, name: str) -> str:
        """Return limits such as "100/minute;2000/hour", in the notation of Flask-Limiter; raises ConfigError."""
        text = self.text(name)
        if text and not all(_RATE.fullmatch(part) for part in re.split("[,;|]", text)):
            raise ConfigError(f"{name} takes limits such as 100/minute;2000/hour, not {_shown(text)}.")
        return text

    def token(self, name: str) -> str:
        """Return a secret that fits into a header; raises ConfigError for one of several lines or beyond ASCII."""
        text = self.text(name)
        if not re.fullmatch(r"[ -~]*", text):
            raise ConfigError(f"{name} takes letters, digits and signs of ASCII, on one line.")
        return text

    def pairs(self, name: str) -> dict[str, str]:
        """Return header fields such as "api-key=a%20secret,tenant=us", by their names; raises ConfigError."""
        pairs = [word.partition("=") for word in self.words(name)]
        if not all(
            _FIELD_NAME.fullmatch(key.strip()) and _VISIBLE.fullmatch(unquote(value)) for key, _, value in pairs
        ):
            raise ConfigError(f"{name} takes fields such as api-key=secret,tenant=us, percent-encoded where needed.")
        return {key.strip(): unquote(value).strip() for key, _, value in pairs}

    def prefix(self, name: str) -> str:
        """Return a path without a slash at its end, such as "/vision"; empty where it is not set or "/"."""
        text = self.text(name).rstrip("/")
        if text and not PATH_PREFIX.fullmatch(text):
            raise ConfigError(f"{name} takes a path such as /vision, of letters, digits and ._~-, not {_shown(text)}.")
        return text

    def address(self, name: str, default: str) -> str:
        """Return a host name or IP address to listen on, IPv6 without brackets; raises ConfigError."""
        text = self.text(name, default)
        bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
        if not (_is_ip(bare) or (bare == text and _HOST.fullmatch(text))):
            raise ConfigError(f"{name} takes an address such as 127.0.0.1, ::1 or 0.0.0.0, not {_shown(text)}.")
        return bare


def ring_of(text: str) -> list[str]:
    """Return the secrets in a text, separated by commas or lines, in their order."""
    return [part.strip() for part in re.split(r"[,\r\n]", text) if part.strip()]


def _shown(text: str) -> str:
    """Return a wrong value as a message quotes it: on one line, and not at any length."""
    return repr(text if len(text) <= 80 else f"{text[:80]}...")


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_port(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,5}", text) is not None and 0 < int(text) < 65_536


def _origin(name: str, word: str) -> str:
    """Return an origin in lower case and without its scheme's own port: browsers send it so."""
    parts = _ORIGIN.fullmatch(word.lower())
    if word != "*" and (parts is None or not _is_port(parts["port"] or "1")):
        raise ConfigError(f"{name} takes origins such as https://app.example.org, without a path, not {_shown(word)}.")
    if parts is not None and (parts["scheme"], parts["port"]) in (("http", "80"), ("https", "443")):
        return word.lower().rpartition(":")[0]
    return word.lower()
