"""The seven have one name in each language: on pages, in READMEs and in documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from visionai import ROOT
from visionai.locale import translate
from visionai.vision.emotions import EMOTIONS

TEXTS = ROOT / "templates" / "texts" / "shared.html"
NAMES = {
    "en": ("anger", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"),
    "es": ("enojo", "asco", "miedo", "alegría", "neutral", "tristeza", "sorpresa"),
}
"""In the order of the emotions. The `description` of the API is its first clients' and says more."""
READMES = {"en": ROOT / "README.md", "es": ROOT / "README.es.md"}
OTHER_NAMES = re.compile(r"\b(felicidad|disgusto|enfado|ira|temor|joy|rage)\b", re.IGNORECASE)
DOCUMENTS = [*READMES.values(), *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").glob("*.md"))]


@pytest.mark.parametrize("language", NAMES)
def test_pages_name_the_seven_so(language: str) -> None:
    shown = dict(re.findall(r'"emotion\.(\w+)": _\("(\w+)"\)', TEXTS.read_text(encoding="utf-8")))
    named = tuple(translate(shown[emotion.value], language=language).lower() for emotion in EMOTIONS)
    assert named == NAMES[language]


@pytest.mark.parametrize("language", NAMES)
def test_the_readme_names_the_seven_so(language: str) -> None:
    text = " ".join(READMES[language].read_text(encoding="utf-8").split())
    assert f"({', '.join(NAMES[language])})" in text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_no_document_calls_them_otherwise(document: Path) -> None:
    assert OTHER_NAMES.findall(document.read_text(encoding="utf-8")) == []
