"""What is in deploy/, each file checked by the tool that is made for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from visionai import ROOT, __version__

DEPLOY = ROOT / "deploy"
MANIFESTS = sorted(file for file in (DEPLOY / "kubernetes").glob("*.yaml") if file.name != "kustomization.yaml")
UNIT = DEPLOY / "systemd" / "visionai.service"


def tool(name: str) -> str:
    """The path of a program of the environment or of the machine; skips where there is none."""
    path = shutil.which(name, path=f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return path or pytest.skip(f"{name} is not installed here")


def check(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run `command`; what it prints is the test's failure where it fails, else the result."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def compose(tmp_path: Path) -> list[str]:
    """The words that start Compose, old or new, on a filled-in copy of deploy/."""
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    shutil.copy(DEPLOY / "visionai.env.example", tmp_path / "deploy" / "visionai.env")
    file = ["--file", str(tmp_path / "deploy" / "compose.yaml")]
    if shutil.which("docker-compose"):
        return ["docker-compose", *file]
    plugin = subprocess.run([tool("docker"), "compose", "version"], capture_output=True)
    return ["docker", "compose", *file] if plugin.returncode == 0 else pytest.skip("Docker Compose is not installed")


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with its programs where this machine has them."""
    copy = tmp_path / UNIT.name
    bin_directory = Path(tool("gunicorn")).parent
    copy.write_text(UNIT.read_text().replace("/opt/visionai/.venv/bin", str(bin_directory)))
    return copy


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    check(tool("hadolint"), "--failure-threshold", "style", DEPLOY / "Dockerfile")


def test_yamllint_finds_nothing() -> None:
    check(tool("yamllint"), "--strict", "--config-file", DEPLOY / ".yamllint", DEPLOY)


def test_compose_accepts_its_file(compose: list[str]) -> None:
    services = yaml.safe_load(check(*compose, "config"))["services"]
    assert services.keys() == {"proxy", "visionai-1", "visionai-2", "migrate", "database", "redis"}


def test_the_two_servers_keep_their_waiting_rows_apart(compose: list[str]) -> None:
    services = yaml.safe_load(check(*compose, "config"))["services"]
    first, second = (str(services[name]["volumes"]) for name in ("visionai-1", "visionai-2"))
    assert first != second


def test_the_unit_is_well_formed(unit: Path) -> None:
    assert "visionai.service:" not in check(tool("systemd-analyze"), "verify", "--man=no", unit)


def test_the_unit_exposes_little(unit: Path) -> None:
    check(tool("systemd-analyze"), "security", "--offline=yes", "--threshold=25", "--no-pager", unit)


@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.name)
def test_kubernetes_knows_every_field(file: Path) -> None:
    for document in yaml.safe_load_all(file.read_text()):
        kubernetes_validate.validate(document, "1.32", strict=True)


def test_kustomize_builds_every_manifest_but_the_template_of_the_secret() -> None:
    built = list(yaml.safe_load_all(check(tool("kubectl"), "kustomize", DEPLOY / "kubernetes")))
    kinds = {document["kind"] for document in built}
    assert kinds >= {"Namespace", "ConfigMap", "Job", "StatefulSet", "Service", "Ingress"}
    assert "Secret" not in kinds


def test_the_image_of_kustomize_is_of_this_version() -> None:
    (image,) = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["images"]
    assert image["newTag"] == __version__


TEMPLATES = {
    "Dockerfile": r"\bDASHBOARD_PUBLIC=(\S+)",
    "visionai.env.example": r"^DASHBOARD_PUBLIC=(\S+)",
    "systemd/visionai.service": r"^Environment=DASHBOARD_PUBLIC=(\S+)",
    "kubernetes/config.yaml": r'^  DASHBOARD_PUBLIC: "(\S+)"',
}


@pytest.mark.parametrize(("template", "setting"), TEMPLATES.items(), ids=TEMPLATES)
def test_a_deployment_shows_figures_to_nobody_who_is_not_signed_in(template: str, setting: str) -> None:
    assert re.findall(setting, (DEPLOY / template).read_text(), flags=re.MULTILINE) == ["false"]


def test_the_servers_of_compose_read_that_setting(compose: list[str]) -> None:
    services = yaml.safe_load(check(*compose, "config"))["services"]
    shown = [services[name]["environment"]["DASHBOARD_PUBLIC"] for name in ("visionai-1", "visionai-2")]
    assert shown == ["false", "false"]


def test_the_image_gets_what_the_server_is_made_of_and_no_secret() -> None:
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    assert rules[1] == "*"
    wanted = {"config.py", "wsgi.py", "gunicorn.conf.py", "visionai", "migrations", "static", "templates", "ml_models"}
    taken = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    assert taken >= wanted
    assert taken.isdisjoint({"instance", ".env", "tests", "deploy"})
