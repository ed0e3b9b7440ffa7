"""Bring the Spanish catalogue up to date with the texts of the code and the templates.

`python -m scripts.translations` finds every text, keeps the translations there are, and compiles them. Texts that are
new are written without a translation; a test fails until they have one.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "visionai" / "translations" / "es" / "LC_MESSAGES" / "messages.po"
PLACES = (("visionai", "**.py", "python"), ("templates", "**.html", "jinja2"))
# As Flask-Babel reads templates: a percent sign of a `trans` block is doubled, for values to be filled in.
OPTIONS = {"**.html": {"newstyle_gettext": "true"}}
HEADER = r"""# VisionAI in Spanish. `python -m scripts.translations` keeps this file in step with the texts.
msgid ""
msgstr ""
"Language: es\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def texts() -> Catalog:
    """Return every text that is marked for translation, with the places where it stands."""
    catalogue = Catalog()
    for folder, pattern, method in PLACES:
        found = extract_from_dir(str(ROOT / folder), [(pattern, method)], OPTIONS, keywords=KEYWORDS)
        for name, line, message, _, context in found:
            catalogue.add(message, locations=[(f"{folder}/{name}", line)], context=context)
    return catalogue


def translations() -> Catalog:
    """Return the Spanish catalogue as it is kept."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="es")


def update() -> list[str]:
    """Write the catalogue anew and compile it; return the texts that have no translation."""
    catalogue = translations()
    catalogue.update(texts(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        # Babel's own header changes with each run, and it marks a catalogue that it updated as doubtful.
        file.write(HEADER.encode())
        write_po(file, catalogue, width=118, sort_output=True, include_lineno=False, omit_header=True)
    compile_catalogue()
    return missing(catalogue)


def compile_catalogue() -> None:
    """Write the catalogue in the form that programs read."""
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, translations())


def missing(catalogue: Catalog) -> list[str]:
    """Return the texts of `catalogue` without a translation, or with one that is marked as doubtful."""
    return [str(message.id) for message in catalogue if message.id and (not message.string or message.fuzzy)]


if __name__ == "__main__":
    left = update()
    print(f"{len(left)} texts without a translation", *left, sep="\n  ")
