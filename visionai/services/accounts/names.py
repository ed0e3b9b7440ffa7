"""User names: their form, and those that are reserved."""

from __future__ import annotations

import re

from ...errors import N_, ValidationFailed

MIN_LENGTH, MAX_LENGTH = 3, 50
PATTERN = f"[A-Za-z0-9._-]{{{MIN_LENGTH},{MAX_LENGTH}}}"
"""The form of a name, as a regular expression of Python and of JavaScript for the whole of it."""

RULE = N_("Choose 3 to 50 characters out of A-Z, a-z, 0-9, “.”, “_” and “-”.")
"""What is said of a name of another form."""

_LETTER_OR_DIGIT = re.compile(r"[A-Za-z0-9]")

# "me" is the caller in addresses and filters; what has no letter and no digit may be a step of a path.
_NEVER = frozenset({"me"})

# What a person could take for the service or its staff, a program for no value, or a filter for everybody or nobody.
_RESERVED = frozenset(
    {
        *("admin", "administrator", "administrador", "administradora", "root", "superuser", "sysadmin"),
        *("operator", "operador", "moderator", "moderador", "staff", "support", "soporte", "security", "seguridad"),
        *("system", "sistema", "server", "servidor", "service", "servicio", "visionai", "postmaster", "webmaster"),
        *("anonymous", "anonimo", "anonima", "anon", "unknown", "desconocido", "deleted"),
        *("everybody", "everyone", "all", "todos", "nobody", "nadie", "users", "myself", "self"),
        *("null", "nil", "none", "undefined", "nan", "true", "false", "void"),
        *("api", "login", "logout", "register", "export", "dashboard"),
    }
)


def check(username: str) -> None:
    """Raise ValidationFailed for a name that no account may have, whoever makes it."""
    if not re.fullmatch(PATTERN, username):
        raise ValidationFailed({"username": [RULE]})
    if username.lower() in _NEVER or not _LETTER_OR_DIGIT.search(username):
        raise _reserved()


def check_open(username: str) -> None:
    """Raise ValidationFailed for a name that only an operator may give; names that exist stay."""
    if username.lower() in _RESERVED:
        raise _reserved()


def _reserved() -> ValidationFailed:
    return ValidationFailed({"username": [N_("That name is reserved. Choose another one.")]})
