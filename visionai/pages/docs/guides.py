"""The guides for developers: Markdown files of the repository, one a language, in their order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ... import ROOT
from ...locale import ENGLISH

_DOCS = ROOT / "docs"
_LINK = re.compile(r"\]\((?P<to>[^)\s]+)\)")
_FILE = re.compile(r"(?:\.\./)*(?:developers/\w+/)?(?P<name>[\w-]+?)(?:\.es)?\.md(?P<section>#.*)?")


@dataclass(frozen=True)
class Guide:
    """A guide: its name in addresses, and where its file lies in `docs/`; `{language}` stands for "es" or "en"."""

    name: str
    pattern: str = "developers/{language}/{name}.md"

    def read(self, language: str) -> str:
        """Return the Markdown of a language."""
        return _text(_DOCS / self.pattern.format(name=self.name, language=language, suffix=_SUFFIXES[language]))


_SUFFIXES = {"en": "", "es": ".es"}
"""What tells the languages of a file apart that lies beside its translation."""

START = Guide("start")
GUIDES = (
    START,
    Guide("images"),
    Guide("live-stream"),
    Guide("sessions"),
    Guide("keys"),
    Guide("webhooks"),
    Guide("errors"),
    Guide("limits"),
    Guide("data-dictionary", "DATA_DICTIONARY{suffix}.md"),
    Guide("coming-from-the-first-system", "COMING_FROM_THE_FIRST_SYSTEM{suffix}.md"),
)
BY_NAME = {guide.name: guide for guide in GUIDES}


def title_of(guide: Guide, language: str = ENGLISH) -> str:
    """Return the heading of a guide."""
    return guide.read(language).partition("\n")[0].removeprefix("# ")


def summary_of(guide: Guide, language: str = ENGLISH) -> str:
    """Return the first sentence of a guide in one line, as plain text."""
    paragraph = guide.read(language).split("\n\n")[1]
    return " ".join(re.sub(r"[`*]", "", paragraph).split()).partition(". ")[0].removesuffix(".") + "."


def with_links(text: str, page: Callable[[str], str], guide: Callable[[str], str]) -> str:
    """Return Markdown whose links lead elsewhere: those to a path of this server, and those to a guide's file.

    `page` is given the path, `guide` the guide's name; each returns where the link leads.
    """

    def led(link: re.Match[str]) -> str:
        to = link["to"]
        if file := _FILE.fullmatch(to):
            return f"]({guide(file['name'].lower().replace('_', '-'))}{file['section'] or ''})"
        return f"]({page(to)})" if to.startswith("/") else link[0]

    return _LINK.sub(led, text)


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
