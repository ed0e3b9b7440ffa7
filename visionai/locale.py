"""Localization: the language of an answer, Spanish or English, and its texts.

Everything we say to people is written as an English template and translated where it is shown, for the language of
that one request or connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

SPANISH, ENGLISH = "es", "en"
LANGUAGES = (SPANISH, ENGLISH)
COOKIE = "lang"
"""The cookie in which our pages remember the language that was chosen on them."""

_CATALOGUES = Path(__file__).parent / "translations"


def language_of(header: str | None, usual: str = SPANISH) -> str:
    """Return "es" or "en" for an `Accept-Language` header.

    `usual` is for who names no language at all; who asks for neither of the two gets English.
    """
    accepted = parse_accept_header(header, LanguageAccept)
    match = accepted.best_match((usual, *LANGUAGES))
    asks = any(name and quality > 0 for name, quality in accepted)
    return match or (ENGLISH if asks else usual)


def choose_language() -> str:
    """Return the language of the current request; outside of one, that of the command line, English.

    The API knows only the header, and its first clients, which send none, expect Spanish. On pages the language that
    was chosen there wins over the browser's, and English is the usual one.
    """
    if not has_request_context():
        return ENGLISH
    asked = request.headers.get("Accept-Language")
    if request.path.startswith("/api/"):
        return language_of(asked)
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else language_of(asked, ENGLISH)


def translate(template: str, values: Mapping[str, Any] | None = None, language: str | None = None) -> str:
    """Return `template` in `language` (that of the request by default), filled from `values` by name."""
    text = _catalogue(language or choose_language()).gettext(template)
    return text % values if values else text


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> NullTranslations:
    # Flask-Babel's own translations need a request or app context, which the answer to a frame does not have.
    return Translations.load(_CATALOGUES, [language])
