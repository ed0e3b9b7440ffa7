"""The Spanish catalogue: every text of the code, the templates and the scripts has its translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import translations

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|%%")
STATIC = Path(translations.ROOT) / "static" / "js"
KEYS = sorted((Path(translations.ROOT) / "templates" / "texts").glob("*.html"))


def test_every_text_is_translated_and_none_is_doubtful() -> None:
    catalogue = translations.translations()
    assert translations.missing(catalogue) == []


def test_the_catalogue_is_in_step_with_the_sources() -> None:
    kept = {message.id for message in translations.translations() if message.id}
    marked = {message.id for message in translations.texts() if message.id}
    assert marked - kept == set(), "run `python -m scripts.translations` and translate these"
    assert kept - marked == set(), "run `python -m scripts.translations`: these are used no more"


def test_translations_keep_the_values_that_are_filled_in() -> None:
    pairs = [(str(message.id), str(message.string)) for message in translations.translations() if message.id]
    assert [pair for pair in pairs if placeholders(pair[0]) != placeholders(pair[1])] == []


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def test_every_text_that_a_script_says_is_there_and_every_one_there_is_said() -> None:
    texts = "\n".join(file.read_text() for file in KEYS)
    given = set(re.findall(r'^  "([\w.]+)":', texts, re.MULTILINE))
    code = "\n".join(file.read_text() for file in STATIC.rglob("*.js"))
    said = set(re.findall(r'\b(?:t|counted)\(\s*"([\w.]+)"', code))
    said |= {
        f"{key}.{number}" for key in set(re.findall(r'\bcounted\("([\w.]+)"', code)) for number in ("one", "other")
    }
    said -= set(re.findall(r'\bcounted\("([\w.]+)"', code))
    made = tuple(set(re.findall(r"\bt\(`([\w.]+\.)\$\{", code)))
    quoted = set(re.findall(r'"([\w.]+)"', code))
    assert said - given == set()
    assert {key for key in given - said if not key.startswith(made) and key not in quoted} == set()


SENTENCE = re.compile(r'["`>][A-Z][a-z]+ [a-z]+ [a-z]+')


@pytest.mark.parametrize("file", sorted(STATIC.rglob("*.js")), ids=lambda file: file.name)
def test_no_sentence_for_people_stands_in_a_script(file: Path) -> None:
    lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith(("//", "*", "/*"))]
    shown = [line for line in lines if SENTENCE.search(line) and "Error(" not in line]
    assert shown == []
