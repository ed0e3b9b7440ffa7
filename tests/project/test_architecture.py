"""`docs/ARCHITECTURE.md`, held by reading every import and every place that the page names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support import architecture
from tests.support.architecture import Package
from tests.support.architecture_page import PAGE, Rules, UnreadablePage, section
from visionai import ROOT

Check = Callable[[Rules, Package], list[str]]

CHECKS: dict[str, Check] = {
    "imports go along the arrows": architecture.strays,
    "every arrow has an import": architecture.unused_arrows,
    "every part has its row": architecture.unlisted_parts,
    "no circle of files": architecture.circles,
    "every lazy import that is listed opens a circle": architecture.needless_lazy_imports,
    "services import downwards": architecture.out_of_order,
    "every service has its level": architecture.unlisted_services,
    "guarded packages are imported behind their doors": architecture.behind_no_door,
    "every door is used": architecture.unused_doors,
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_the_package_keeps_to_the_page(check: Check) -> None:
    assert check(Rules.read(PAGE.read_text()), Package(ROOT / "visionai")) == []


# What the page tells step by step -----------------------------------------------------------------------------------

WAYS = ("## The way of a frame", "## The way of a row", "## Start", "## Stop")
STEP = re.compile(r"^\d+\. (.*(?:\n   .*)*)", re.MULTILINE)


def steps(page: str) -> list[str]:
    return [step for way in WAYS for step in STEP.findall(section(page, way))]


def places(text: str) -> list[str]:
    """The files and folders that a text names."""
    return re.findall(r"`([\w./-]+(?:\.py|/)|Makefile)`", text)


def found(place: str) -> list[Path]:
    bases = (ROOT / "visionai", ROOT / "visionai" / "services", ROOT)
    return [base / place for base in bases if (base / place).exists()][:1]


@pytest.mark.parametrize("document", ["docs/ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_place_that_a_document_names_exists(document: str) -> None:
    named = places((ROOT / document).read_text())
    assert len(named) > 20
    assert [place for place in named if not found(place)] == []


@pytest.mark.parametrize("step", steps(PAGE.read_text()), ids=lambda step: re.sub(r"\W+", "-", step[:50]).strip("-"))
def test_every_name_of_a_step_is_in_a_file_of_the_step(step: str) -> None:
    files = [path for place in places(step) for path in found(place) if path.is_file()]
    text = "\n".join(path.read_text() for path in files)
    said = re.findall(r"`([A-Za-z_][\w.]*)`", step)
    missing = [name for name in said if not re.search(rf"\b{re.escape(name.split('.')[-1])}\b", text)]
    assert files
    assert [name for name in missing if name not in places(step)] == []


# The checks themselves, on packages so small that one sees what is wrong with them -----------------------------------

TINY = """
## Parts and arrows

Open to every part: `errors`.

| part | what it is for | may import |
| --- | --- | --- |
| `errors` | failures | nothing |
| `api` | REST | `services` |
| `services` | use cases | nothing |

## The order inside `services`

| level | modules |
| --- | --- |
| 1 | `log/` |
| 2 | `analysis.py` |

## Circles

| file | imports | why |
| --- | --- | --- |

## Doors

| package | only in | never in |
| --- | --- | --- |
| `sqlalchemy` | `services/` | nothing |
| `flask` | nothing | `services/` |
"""

TREE = {
    "errors.py": "",
    "api.py": "import flask\nfrom .services import analysis\nfrom .errors import Busy",
    "services/analysis.py": "import sqlalchemy\nfrom .log import recent",
    "services/log/recent.py": "",
}


def judged(tmp_path: Path, check: Check, changed: Mapping[str, str] = {}, page: str = TINY) -> list[str]:
    """What a check says of the tiny tree, some files of which are changed or added."""
    root = tmp_path / "tiny"
    for file, code in {**TREE, **changed}.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(code)
    return check(Rules.read(page), Package(root))


def with_lazy(file: str, module: str) -> str:
    return TINY.replace(
        "| --- | --- | --- |\n\n## Doors", f"| --- | --- | --- |\n| `{file}` | `{module}` | why |\n\n## Doors"
    )


@pytest.mark.parametrize("name", CHECKS)
def test_a_tree_that_keeps_to_its_page_passes(tmp_path: Path, name: str) -> None:
    assert judged(tmp_path, CHECKS[name]) == []


def test_an_import_against_the_arrows_is_seen(tmp_path: Path) -> None:
    assert judged(tmp_path, architecture.strays, {"services/analysis.py": "from ..api import route"}) == [
        "services/analysis.py imports tiny.api.route"
    ]


def test_an_import_for_type_checking_is_one_like_any_other(tmp_path: Path) -> None:
    code = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..api import route"
    assert judged(tmp_path, architecture.strays, {"services/analysis.py": code}) != []


def test_an_import_inside_a_function_is_one_like_any_other(tmp_path: Path) -> None:
    code = "def late():\n    from .. import api"
    assert judged(tmp_path, architecture.strays, {"services/analysis.py": code}) != []


def test_the_settings_beside_the_package_need_an_arrow(tmp_path: Path) -> None:
    assert judged(tmp_path, architecture.strays, {"services/analysis.py": "from config import Config"}) != []


def test_an_arrow_to_a_module_allows_no_other_module(tmp_path: Path) -> None:
    page = TINY.replace("REST | `services`", "REST | `services.analysis`")
    code = "from .services.analysis import analyse\nfrom .services.log import recent"
    assert judged(tmp_path, architecture.strays, {"api.py": code}, page) == ["api.py imports tiny.services.log.recent"]


def test_an_arrow_that_nobody_uses_is_seen(tmp_path: Path) -> None:
    assert judged(tmp_path, architecture.unused_arrows, {"api.py": ""}) == ["api → services"]


def test_a_part_without_a_row_and_a_row_without_a_part_are_seen(tmp_path: Path) -> None:
    page = TINY.replace("| `errors` | failures | nothing |", "| `gone` | nobody knows | nothing |")
    assert judged(tmp_path, architecture.unlisted_parts, page=page) == ["errors", "gone"]


@pytest.mark.parametrize(
    "code",
    [
        "from ..analysis import Source",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..analysis import Source",
        "def late():\n    from ..analysis import Source",
    ],
    ids=["at the top", "for type checking", "inside a function"],
)
def test_a_circle_of_files_is_seen(tmp_path: Path, code: str) -> None:
    circle = ["services/analysis.py ↔ services/log/recent.py"]
    assert judged(tmp_path, architecture.circles, {"services/log/recent.py": code}) == circle


def test_a_circle_over_three_files_is_seen_as_one(tmp_path: Path) -> None:
    changed = {"services/log/recent.py": "from . import rows", "services/log/rows.py": "from ...api import route"}
    assert judged(tmp_path, architecture.circles, changed) == [
        "api.py ↔ services/analysis.py ↔ services/log/recent.py ↔ services/log/rows.py"
    ]


def test_a_circle_over_a_package_is_seen(tmp_path: Path) -> None:
    changed = {"services/log/__init__.py": "from .. import analysis", "services/analysis.py": "from . import log"}
    assert judged(tmp_path, architecture.circles, changed) == ["services/analysis.py ↔ services/log/__init__.py"]


def test_a_lazy_import_that_is_listed_may_close_a_circle(tmp_path: Path) -> None:
    page = with_lazy("services/log/recent.py", "services.analysis")
    late = "def late():\n    from ..analysis import Source"
    assert judged(tmp_path, architecture.circles, {"services/log/recent.py": late}, page) == []
    assert judged(tmp_path, architecture.needless_lazy_imports, {"services/log/recent.py": late}, page) == []


def test_an_import_at_the_top_is_no_lazy_one(tmp_path: Path) -> None:
    page = with_lazy("services/log/recent.py", "services.analysis")
    assert (
        judged(tmp_path, architecture.circles, {"services/log/recent.py": "from ..analysis import Source"}, page) != []
    )


def test_a_lazy_import_that_closes_no_circle_is_seen(tmp_path: Path) -> None:
    page = with_lazy("api.py", "services.analysis")
    code = "def late():\n    from .services.analysis import Source"
    assert judged(tmp_path, architecture.needless_lazy_imports, {"api.py": code}, page) == [
        "api.py imports services.analysis"
    ]


def test_a_service_that_imports_a_higher_one_is_seen(tmp_path: Path) -> None:
    assert judged(tmp_path, architecture.out_of_order, {"services/log/recent.py": "from ..analysis import Source"}) == [
        "services/log/recent.py imports tiny.services.analysis.Source"
    ]


def test_a_service_that_imports_one_of_its_level_is_seen(tmp_path: Path) -> None:
    page = TINY.replace("| 1 | `log/` |", "| 1 | `log/`, `presence.py` |")
    changed = {"services/log/recent.py": "from .. import presence", "services/presence.py": ""}
    assert judged(tmp_path, architecture.out_of_order, changed, page) != []


def test_a_service_without_a_level_is_seen(tmp_path: Path) -> None:
    assert judged(tmp_path, architecture.unlisted_services, {"services/presence.py": ""}) == ["presence.py"]


def test_a_guarded_package_outside_of_its_door_is_seen(tmp_path: Path) -> None:
    assert judged(tmp_path, architecture.behind_no_door, {"api.py": "import sqlalchemy.orm"}) == [
        "api.py imports sqlalchemy.orm"
    ]


def test_a_package_where_it_may_never_be_is_seen(tmp_path: Path) -> None:
    assert judged(tmp_path, architecture.behind_no_door, {"services/analysis.py": "from flask import g"}) == [
        "services/analysis.py imports flask.g"
    ]


def test_an_own_folder_of_the_name_of_a_guarded_package_is_none(tmp_path: Path) -> None:
    changed = {"services/flask.py": "", "services/analysis.py": "from . import flask"}
    assert judged(tmp_path, architecture.behind_no_door, changed) == []


def test_a_door_that_nobody_uses_is_seen(tmp_path: Path) -> None:
    assert judged(tmp_path, architecture.unused_doors, {"services/analysis.py": ""}) == ["sqlalchemy: services/"]


def test_a_place_that_is_barred_and_does_not_exist_is_seen(tmp_path: Path) -> None:
    page = TINY.replace("| nothing | `services/` |", "| nothing | `gone/` |")
    assert judged(tmp_path, architecture.unused_doors, page=page) == ["flask: gone/"]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("## Doors", "## Gates", "expected the heading “## Doors”"),
        ("| part |", "| name |", "expected the columns"),
        ("| `api` | REST |", "| REST |", "a row under “## Parts and arrows” has 2 cells"),
        ("| `api` | REST | `services` |", "| `api` | REST | services |", "expected names in backticks or “nothing”"),
        ("| `api` |", "| `api`, `web` |", "expected one name in backticks"),
        ("Open to every part: ", "Open: ", "expected one line “Open to every part: ...”"),
        ("| file | imports | why |\n| --- | --- | --- |", "None.", "expected a table under “## Circles”"),
    ],
)
def test_a_page_that_cannot_be_read_says_what_is_wrong(was: str, becomes: str, said: str) -> None:
    with pytest.raises(UnreadablePage, match=re.escape(said)):
        Rules.read(TINY.replace(was, becomes))
