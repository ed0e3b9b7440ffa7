"""The image's packages: locked by hash, as the requirement files say, for Intel and ARM, and on a bill of materials."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import lock, sbom
from visionai import ROOT

REQUIREMENTS = ROOT / "requirements"


def required(name: str) -> dict[str, str]:
    """The packages of a requirement file, with the version that it names."""
    lines = (REQUIREMENTS / f"{name}.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def locked(name: str) -> dict[str, str]:
    """The packages of a locked file, with their version on this machine's Python."""
    text = (REQUIREMENTS / "locked" / f"{name}.txt").read_text()
    entries = [Requirement(line.rstrip(" \\")) for line in re.findall(r"^[a-z].*$", text, flags=re.MULTILINE)]
    here = [entry for entry in entries if entry.marker is None or entry.marker.evaluate()]
    return {canonicalize_name(entry.name): str(entry.specifier).removeprefix("==") for entry in here}


def needed_by(package: str) -> set[str]:
    """What an installed package says that it needs here, without its extras."""
    needs = [Requirement(text) for text in metadata.requires(package) or []]
    here = [need for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    return {canonicalize_name(need.name) for need in here}


@pytest.mark.parametrize("name", lock.FILES)
def test_what_is_required_is_locked_at_that_version(name: str) -> None:
    versions = {canonicalize_name(package): version for package, version in required(name).items()}
    assert versions.items() <= locked(name).items()


@pytest.mark.parametrize("name", ["serve", "telemetry"])
def test_what_a_locked_package_needs_is_locked_too(name: str) -> None:
    packages = locked(name)
    assert set().union(*map(needed_by, packages)) - packages.keys() == set()


@pytest.mark.parametrize("name", lock.FILES)
def test_every_locked_package_has_a_hash(name: str) -> None:
    text = (REQUIREMENTS / "locked" / f"{name}.txt").read_text()
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("platform", lock.PLATFORMS)
def test_every_locked_package_is_ready_made_for(platform: str) -> None:
    pytest.importorskip("uv")
    lock.check(platform)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The packages of both bills of materials, with their versions."""
    pytest.importorskip("cyclonedx_py")
    written = sbom.write(tmp_path_factory.mktemp("sbom"))
    return {file.name.partition(".")[0]: components_of(file) for file in written}


def components_of(file: Path) -> dict[str, str]:
    document = json.loads(file.read_text())
    assert document["bomFormat"] == "CycloneDX"
    assert all(component["purl"] for component in document["components"])
    return {component["name"]: component["version"] for component in document["components"]}


def test_the_bill_of_materials_names_every_package_of_the_image(documents: dict[str, dict[str, str]]) -> None:
    assert {**locked("serve"), **locked("models")}.keys() <= documents["python"].keys()


def test_the_bill_of_materials_names_what_the_pages_load(documents: dict[str, dict[str, str]]) -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert wanted.items() <= documents["pages"].items()
