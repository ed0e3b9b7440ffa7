"""What we use or override of libraries' private ground: each name fails here, by itself, when an upgrade changes it.

A version that fails here is read before it is taken; what it changed is mended where the page says the name is used.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import warnings
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from tests.support.borrowed import ALL, MADE, MENTIONED, ON_DISK, SIGNATURES, THERE, each, ids, on_the_page
from visionai import ROOT

PACKAGE = ROOT / "visionai"


def resolved(path: str) -> Any:
    """The module, class or function of that dotted path."""
    steps = path.split(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # eventlet announces its retirement
        for length in range(len(steps), 0, -1):
            try:
                found: Any = importlib.import_module(".".join(steps[:length]))
            except ModuleNotFoundError:
                continue
            for step in steps[length:]:
                found = inspect.getattr_static(found, step) if inspect.isclass(found) else getattr(found, step)
            return found
    raise AssertionError(f"{path} is gone")


def parameters(function: Any) -> str:
    signature = inspect.signature(getattr(function, "__func__", function))
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def words(code: CodeType) -> set[str]:
    """Every name and text in a function's code, nested ones included."""
    found = {*code.co_names, *code.co_varnames}
    waiting = list(code.co_consts)
    while waiting:
        constant = waiting.pop()
        if isinstance(constant, CodeType):
            found |= words(constant)
        elif isinstance(constant, tuple | frozenset):
            waiting += constant
        elif isinstance(constant, str):
            found.add(constant)
    return found


@pytest.mark.parametrize(("name", "expected"), SIGNATURES.items(), ids=SIGNATURES)
def test_a_borrowed_function_takes_what_it_took(name: str, expected: str) -> None:
    assert parameters(resolved(name)) == expected


@pytest.mark.parametrize(("owner", "name"), each(THERE), ids=ids(THERE))
def test_a_borrowed_name_is_there(owner: str, name: str) -> None:
    assert hasattr(resolved(owner), name)


@pytest.mark.parametrize(("owner", "name"), each(MADE), ids=ids(MADE))
def test_a_borrowed_attribute_is_set_where_one_is_made(owner: str, name: str) -> None:
    with MADE[owner][0]() as made:
        assert isinstance(made, resolved(owner))
        assert hasattr(made, name)


@pytest.mark.parametrize(("owner", "name"), each(MENTIONED), ids=ids(MENTIONED))
def test_a_function_speaks_of_what_we_count_on(owner: str, name: str) -> None:
    found = resolved(owner)
    if isinstance(found, tuple):
        assert name in [kind.__name__ for kind in found]
    else:
        assert name in words(getattr(found, "__func__", found).__code__)


@pytest.mark.parametrize(("owner", "name"), each(ON_DISK), ids=ids(ON_DISK))
def test_a_package_holds_what_we_count_on(owner: str, name: str) -> None:
    top, *below = owner.split(".")
    spec = importlib.util.find_spec(top)
    assert spec is not None
    assert spec.origin is not None
    place = Path(spec.origin).parent.joinpath(*below)
    assert (place / name).is_dir() or re.search(rf"\b{name}\b", place.with_suffix(".py").read_text())


def test_the_page_and_this_file_name_the_same() -> None:
    assert sorted(on_the_page().keys() ^ ALL) == []


@pytest.mark.parametrize("name", sorted(on_the_page()))
def test_a_borrowed_name_is_used_where_the_page_says(name: str) -> None:
    files = [PACKAGE / file if (PACKAGE / file).exists() else ROOT / file for file in on_the_page()[name]]
    owner = max(
        (owner for owner in (*THERE, *MADE, *MENTIONED, *ON_DISK) if name.startswith(f"{owner}.")), key=len, default=""
    )
    used = name.rpartition(".")[2] if name in SIGNATURES else name.removeprefix(f"{owner}.")
    text = "\n".join(file.read_text() for file in files)
    assert re.search(rf"(?<!\w){re.escape(used)}(?!\w)", text)
