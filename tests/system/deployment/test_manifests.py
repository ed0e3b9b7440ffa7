"""What is in deploy/, each file checked by the tool that is made for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.support.caddy import caddy_or_skip
from visionai import ROOT, __version__
from visionai.services.recording import spool

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
# The Gateway API is an addition to Kubernetes, which the validator does not know.
MANIFESTS = sorted(
    {*KUBERNETES.rglob("*.yaml")} - {*KUBERNETES.rglob("kustomization.yaml"), *KUBERNETES.rglob("route.yaml")}
)
VARIANTS = {"gateway": "HTTPRoute", "ingress": "Ingress"}
STOP_SECONDS = 25
"""What a server may take besides, to answer and to write what waits (`graceful_timeout` and its end)."""
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


def services_of(compose: list[str]) -> dict[str, Any]:
    """What Compose starts unless asked for more; the old one lists the rest too."""
    services = yaml.safe_load(check(*compose, "config"))["services"]
    return {name: service for name, service in services.items() if "profiles" not in service}


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


def test_compose_keeps_every_log_small(compose: list[str]) -> None:
    services = yaml.safe_load(check(*compose, "config"))["services"].values()
    assert [service for service in services if service["logging"]["options"].keys() != {"max-size", "max-file"}] == []


def test_compose_accepts_its_file(compose: list[str]) -> None:
    assert services_of(compose).keys() == {"proxy", "visionai-1", "visionai-2", "migrate", "database", "redis"}


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


def built(variant: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(check(tool("kubectl"), "kustomize", KUBERNETES / variant)))


def of_kind(documents: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (found,) = [document for document in documents if document["kind"] == kind]
    return found


@pytest.mark.parametrize(("variant", "way_in"), VARIANTS.items())
def test_kustomize_builds_every_manifest_but_the_template_of_the_secret(variant: str, way_in: str) -> None:
    kinds = {document["kind"] for document in built(variant)}
    common = {"Namespace", "ConfigMap", "Job", "StatefulSet", "Service", "HorizontalPodAutoscaler", "NetworkPolicy"}
    assert kinds == {*common, "PodDisruptionBudget", way_in}


def test_the_route_leads_to_a_port_of_the_service() -> None:
    documents = built("gateway")
    (rule,) = of_kind(documents, "HTTPRoute")["spec"]["rules"]
    ports = {
        (document["metadata"]["name"], port["port"])
        for document in documents
        if document["kind"] == "Service"
        for port in document["spec"]["ports"]
    }
    assert {(backend["name"], backend["port"]) for backend in rule["backendRefs"]} <= ports


def test_the_autoscaler_alone_says_how_many_servers_there_are() -> None:
    documents = built("gateway")
    target = of_kind(documents, "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    servers = of_kind(documents, "StatefulSet")
    assert (target["kind"], target["name"]) == ("StatefulSet", servers["metadata"]["name"])
    assert "replicas" not in servers["spec"]


def test_the_volume_of_a_server_holds_its_spool_and_that_of_one_that_died() -> None:
    (claim,) = of_kind(built("gateway"), "StatefulSet")["spec"]["volumeClaimTemplates"]
    gibibytes = int(claim["spec"]["resources"]["requests"]["storage"].removesuffix("Gi"))
    assert gibibytes * 2**30 > 2 * spool.MAX_BYTES


def test_a_policy_covers_every_pod() -> None:
    documents = built("gateway")
    pods = {
        document["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/name"]
        for document in documents
        if document["kind"] in ("StatefulSet", "Job")
    }
    policies = [document["spec"] for document in documents if document["kind"] == "NetworkPolicy"]
    assert {policy["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for policy in policies} == pods
    assert all(policy["policyTypes"] == ["Ingress", "Egress"] for policy in policies)


def test_a_pod_has_time_to_drain_and_to_answer() -> None:
    documents = built("gateway")
    delay = int(of_kind(documents, "ConfigMap")["data"]["STOP_DELAY_SECONDS"])
    grace = of_kind(documents, "StatefulSet")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert grace >= delay + STOP_SECONDS


def test_compose_gives_a_server_time_to_drain_and_to_answer(compose: list[str]) -> None:
    server = yaml.safe_load(check(*compose, "config"))["services"]["visionai-1"]
    assert (
        int(server["stop_grace_period"].removesuffix("s"))
        >= int(server["environment"]["STOP_DELAY_SECONDS"]) + STOP_SECONDS
    )


def test_compose_listens_to_this_machine_alone(compose: list[str]) -> None:
    published = [port for service in services_of(compose).values() for port in service.get("ports", [])]
    # A text from the old Compose, its parts from the new one.
    assert [port["host_ip"] if isinstance(port, dict) else port.split(":")[0] for port in published] == ["127.0.0.1"]


def test_compose_has_https_for_who_asks(compose: list[str]) -> None:
    services = yaml.safe_load(check(*compose, "--profile", "https", "config"))["services"]
    assert [port["target"] for port in services["https"]["ports"]] == [80, 443]


def test_caddy_accepts_its_file(tmp_path: Path) -> None:
    assert "Valid configuration" in caddy_or_skip(tmp_path).check()


def test_the_base_of_the_image_is_named_by_its_digest() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^ARG BASE=\S+@sha256:[0-9a-f]{64}$", text, flags=re.MULTILINE)
    assert set(re.findall(r"^FROM (\S+)", text, flags=re.MULTILINE)) == {"${BASE}"}


def test_the_image_of_kustomize_is_of_this_version() -> None:
    (image,) = yaml.safe_load((KUBERNETES / "base" / "kustomization.yaml").read_text())["images"]
    assert image["newTag"] == __version__


TEMPLATES = {
    "Dockerfile": r"\bDASHBOARD_PUBLIC=(\S+)",
    "visionai.env.example": r"^DASHBOARD_PUBLIC=(\S+)",
    "systemd/visionai.service": r"^Environment=DASHBOARD_PUBLIC=(\S+)",
    "kubernetes/base/config.yaml": r'^  DASHBOARD_PUBLIC: "(\S+)"',
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
