"""The text of a key, `vai_<id>_<secret>`: made, parsed, and its secret hashed.

Both parts are digits and letters of ASCII, so that “_” parts them and a double click selects all of it.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from hashlib import sha256

PREFIX = "vai_"
ID_LENGTH = 12
SECRET_BYTES = 32

_DIGITS = string.digits + string.ascii_letters
# As many of 62 digits as hold 32 bytes.
_SECRET_LENGTH = 43
_KEY = re.compile(rf"vai_([0-9A-Za-z]{{{ID_LENGTH}}})_([0-9A-Za-z]{{{_SECRET_LENGTH}}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class KeyText:
    """The two parts of a key."""

    key_id: str
    secret: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.key_id}_{self.secret}"

    def __repr__(self) -> str:
        return f"KeyText({self.key_id})"

    @property
    def digest(self) -> str:
        """The SHA-256 of the secret; it holds 32 random bytes, of which nobody can try all."""
        return sha256(self.secret.encode()).hexdigest()


def is_key(token: str) -> bool:
    """Tell whether a bearer token means to be a key; a token of a login never begins so."""
    return token.startswith(PREFIX)


def make() -> KeyText:
    """Return a new key."""
    key_id = "".join(secrets.choice(_DIGITS) for _ in range(ID_LENGTH))
    return KeyText(key_id, _in_digits(int.from_bytes(secrets.token_bytes(SECRET_BYTES))))


def parse(token: str) -> KeyText | None:
    """Return the parts of a key, None for whatever is not written as one."""
    found = _KEY.fullmatch(token)
    return KeyText(found[1], found[2]) if found else None


def _in_digits(number: int) -> str:
    digits = []
    for _ in range(_SECRET_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(digits)
