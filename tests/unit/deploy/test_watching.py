"""Alerts, dashboards and runbooks ask for what is measured, fire when they should, and say what to do."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from cli.serve import _PROCESSES
from shared import telemetry
from tests.tools import tool

ROOT = Path(__file__).resolve().parents[3]
HOME = ROOT / "deploy/prometheus"
RUNBOOKS = ROOT / "docs/runbooks"
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/ispbills.json").read_text())
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((HOME / "alerts.yaml").read_text())["groups"] for rule in group["rules"]
]
TESTS: list[dict[str, Any]] = yaml.safe_load((HOME / "alerts_test.yaml").read_text())["tests"]
NAMES = sorted(rule["alert"] for rule in RULES)
METRICS = [each for each in vars(telemetry).values() if isinstance(each, MetricWrapperBase)]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())
]


def promtool(*arguments: str, at: Path = HOME) -> str:
    done = subprocess.run([tool("promtool"), *arguments], cwd=at, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rules_load_and_each_fires_for_its_fault() -> None:
    assert f"{len(RULES)} rules found" in promtool("check", "rules", "alerts.yaml")
    promtool("test", "rules", "alerts_test.yaml")


def test_each_alert_is_seen_to_fire_in_its_unit_test() -> None:
    fired = {each["alertname"] for test in TESTS for each in test["alert_rule_test"] if each["exp_alerts"]}
    assert sorted(fired) == NAMES


def test_each_alert_says_whom_it_wakes() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]


def test_each_alert_has_a_runbook_and_each_runbook_an_alert() -> None:
    assert sorted(page.stem for page in RUNBOOKS.glob("*.md") if page.stem != "index") == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_runbook_says_what_it_means_where_to_look_what_to_do_and_how_it_was_tried(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text()
    assert re.findall(r"^#+ (.+)$", text, re.MULTILINE) == [name, "Look", "Do", "Tried"]
    for path in re.findall(r"`(tests/[\w/]+(?:\.py)?)`", text):
        assert (ROOT / path).exists(), path
    for alert in re.findall(r"`((?:[A-Z][a-z]+){2,})`", text):
        assert alert in NAMES or alert == "MessageSizeTooLarge", alert


def test_what_is_asked_for_is_measured() -> None:
    suffixes = ("", "_total", "_count", "_sum", "_bucket")
    measured = {f"{metric._name}{suffix}" for metric in METRICS for suffix in suffixes}
    asked = {name for each in EXPRESSIONS for name in re.findall(r"\bispbills_\w+", each)}
    assert asked <= measured, asked - measured


def test_every_measure_is_asked_for() -> None:
    """What nobody looks at is a cost and no help."""
    asked = " ".join(EXPRESSIONS)
    assert [metric._name for metric in METRICS if metric._name not in asked] == []


def test_labels_that_are_asked_for_are_borne() -> None:
    borne = {label for metric in METRICS for label in metric._labelnames}
    given = {"job", "instance", "le", "part"}  # `part` is given by `shared.lanes`
    for each in EXPRESSIONS:
        for listed in re.findall(r"by \(([^)]*)\)", each):
            assert {label.strip() for label in listed.split(",")} <= borne | given, each


def test_the_dashboard_can_be_loaded(tmp_path: Path) -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    recorded = [
        {"record": f"panel:{number}", "expr": each.replace("$job", ".+")}
        for number, each in enumerate(EXPRESSIONS)
    ]
    (tmp_path / "panels.yaml").write_text(yaml.safe_dump({"groups": [{"name": "p", "rules": recorded}]}))
    promtool("check", "rules", "panels.yaml", at=tmp_path)


def test_every_process_is_looked_at() -> None:
    promtool("check", "config", "prometheus.yml")
    told = yaml.safe_load((HOME / "prometheus.yml").read_text())["scrape_configs"]
    assert {each["job_name"] for each in told} == set(_PROCESSES)
    for alert in ("ProcessDown", "ProcessMissing"):
        rule = next(each for each in RULES if each["alert"] == alert)
        assert all(name in rule["expr"] for name in _PROCESSES), alert
