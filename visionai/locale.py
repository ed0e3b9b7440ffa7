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


def language_of(header: str | None) -> str:
    """Return "es" or "en" for an `Accept-Language` header; Spanish where there is none or it asks for neither."""
    if not header:
        return SPANISH
    accepted = parse_accept_header(header, LanguageAccept)
    return accepted.best_match(LANGUAGES, default=SPANISH) or SPANISH


def choose_language() -> str:
    """Return the language of the current request; outside of one, that of the command line, English.

    On pages the language chosen there wins over the browser's; the API knows only the header.
    """
    if not has_request_context():
        return ENGLISH
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES and not request.path.startswith("/api/"):
        return chosen
    return language_of(request.headers.get("Accept-Language"))


def translate(template: str, values: Mapping[str, Any] | None = None, language: str | None = None) -> str:
    """Return `template` in `language` (that of the request by default), filled from `values` by name."""
    text = _catalogue(language or choose_language()).gettext(template)
    return text % values if values else text


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> NullTranslations:
    # Flask-Babel's own translations need a request or app context, which the answer to a frame does not have.
    return Translations.load(_CATALOGUES, [language])
