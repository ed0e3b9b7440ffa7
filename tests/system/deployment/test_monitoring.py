"""Rules, alerts and dashboard: accepted by Prometheus, made of what a server exports, each alert in the runbook."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.support.promql import grouped_by, selectors
from tests.support.servers import start_server
from tests.system.deployment.test_manifests import check, tool
from visionai import ROOT

MONITORING = ROOT / "deploy" / "monitoring"
RUNBOOK = (ROOT / "docs" / "RUNBOOK.md").read_text()
RULES = [
    rule
    for name in ("service_levels.yaml", "alerts.yaml")
    for group in yaml.safe_load((MONITORING / name).read_text())["groups"]
    for rule in group["rules"]
]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
RECORDED = {rule["record"]: rule["expr"] for rule in RULES if "record" in rule}
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text())
# What Prometheus itself adds to every series, and the series that are its own.
ADDED = {"job", "instance"}
OF_PROMETHEUS = {"up": ADDED, "ALERTS": {"alertname", "alertstate", "severity", *ADDED}}

Exported = dict[str, set[str]]


def dashboard_expressions() -> list[str]:
    """Every query of the dashboard, with values for the variables that Grafana fills in."""
    queries = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]
    queries += [annotation["expr"] for annotation in DASHBOARD["annotations"]["list"]]
    values = [variable["definition"] for variable in DASHBOARD["templating"]["list"] if variable["type"] == "query"]
    queries += [re.sub(r"^label_values\((.*), \w+\)$", r"\1", value) for value in values]
    return [query.replace("$__rate_interval", "5m").replace("$job", "j").replace("$instance", "i") for query in queries]


def expressions() -> list[str]:
    return [*(rule["expr"] for rule in RULES), *dashboard_expressions()]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The labels of each series that a server exports which nobody has asked for anything yet."""
    server = start_server(tmp_path_factory.mktemp("watched"))
    text = requests.get(f"{server.url}/metrics", timeout=30).text
    server.stop()
    series: Exported = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            series.setdefault(sample.name, set()).update(sample.labels)
    return {name: labels | ADDED for name, labels in series.items()} | OF_PROMETHEUS


def is_known(name: str, labels: set[str], exported: Exported) -> bool:
    if name in RECORDED:
        return labels <= grouped_by(RECORDED[name]) | ADDED
    return name in exported and labels <= exported[name]


def test_every_query_names_series_and_labels_that_a_server_exports_before_its_first_event(exported: Exported) -> None:
    asked = [(name, labels, query) for query in expressions() for name, labels in selectors(query)]
    assert len(asked) > 100
    assert [(name, query) for name, labels, query in asked if not is_known(name, labels, exported)] == []


def test_series_are_grouped_by_labels_that_they_have(exported: Exported) -> None:
    known = set().union(*exported.values())
    assert [query for query in expressions() if not grouped_by(query) <= known] == []


def test_prometheus_accepts_scraping_rules_and_alerts(tmp_path: Path) -> None:
    config = yaml.safe_load((MONITORING / "prometheus.yaml").read_text())
    token = tmp_path / "token"
    token.write_text("a token of tests")
    config["scrape_configs"][0]["authorization"]["credentials_file"] = str(token)
    config["rule_files"] = [str(MONITORING / name) for name in config["rule_files"]]
    (tmp_path / "prometheus.yaml").write_text(yaml.safe_dump(config))
    said = check(tool("promtool"), "check", "config", tmp_path / "prometheus.yaml")
    assert sum(map(int, re.findall(r"(\d+) rules found", said))) == len(RULES)


def test_prometheus_accepts_every_query_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(dashboard_expressions())]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    check(tool("promtool"), "check", "rules", file)


def test_alerts_fire_when_they_should_and_only_then() -> None:
    check(tool("promtool"), "test", "rules", MONITORING / "alerts_test.yaml")


def test_every_alert_is_tried_by_a_test() -> None:
    tried = (MONITORING / "alerts_test.yaml").read_text()
    steady = {"VisionAIRequestsFailSteadily", "VisionAIPicturesSlowSteadily"}  # as the one of pictures that fail
    assert [name for name in ALERTS if name not in steady and not re.search(rf"\b{name}\b", tried)] == []


def entries() -> dict[str, str]:
    """The entries of the runbook for alerts."""
    sections = re.split(r"^## ", RUNBOOK, flags=re.MULTILINE)[1:]
    return {title: text for title, _, text in (section.partition("\n") for section in sections) if "VisionAI" in title}


def test_every_alert_has_its_entry_in_the_runbook_and_every_entry_its_alert() -> None:
    assert list(entries()) == list(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_an_entry_says_what_it_means_where_to_look_and_what_to_do(name: str) -> None:
    parts = re.findall(r"^- \*\*([^*]+)\.\*\* \S", entries()[name], flags=re.MULTILINE)
    assert parts == ["Means", "Look at", "Do"]


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_leads_to_its_entry_and_says_how_urgent_it_is(name: str) -> None:
    rule: dict[str, Any] = ALERTS[name]
    assert rule["labels"]["severity"] in ("page", "ticket")
    # GitHub's anchor of a heading.
    assert rule["annotations"]["runbook_url"] == f"docs/RUNBOOK.md#{name.lower()}"


def test_every_link_within_the_runbook_leads_to_a_heading() -> None:
    headings = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", RUNBOOK, flags=re.MULTILINE)}
    assert [link for link in re.findall(r"\]\(#([^)]+)\)", RUNBOOK) if link not in headings] == []


def test_panels_that_the_runbook_names_are_on_the_dashboard() -> None:
    titles = {panel["title"] for panel in DASHBOARD["panels"]}
    looked_at = " ".join(re.findall(r"^- \*\*Look at\.\*\*(.*?)^- \*\*Do", RUNBOOK, flags=re.MULTILINE | re.DOTALL))
    named = {" ".join(name.split()) for name in re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", looked_at)}
    assert named
    assert sorted(named - titles) == []


def test_no_two_panels_cover_one_another() -> None:
    cells = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
