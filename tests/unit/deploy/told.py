"""What each process is told, as compose and the chart say it."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gateway.settings import ProjectorSettings
from gateway.settings import Settings as GatewaySettings
from services.documents.settings import Settings as DocumentsSettings
from services.invoicing.settings import Settings as InvoicingSettings
from services.notifications.settings import Settings as NotificationsSettings
from services.payments.settings import Settings as PaymentsSettings
from shared.settings import ServiceSettings
from tests.tools import tool

ROOT = Path(__file__).resolve().parents[3]
CHART = ROOT / "deploy/helm"
SETTINGS: dict[str, type[ServiceSettings]] = {
    "invoicing": InvoicingSettings,
    "payments": PaymentsSettings,
    "notifications": NotificationsSettings,
    "documents": DocumentsSettings,
    "gateway": GatewaySettings,
    "projector": ProjectorSettings,
}
# Not a process's own, but what all of them or the libraries beneath hear.
SHARED = re.compile(r"KAFKA_\w+|ISPBILLS_\w+|OTEL_\w+")


@cache
def compose() -> dict[str, Any]:
    """The services of compose.yaml."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return found


@cache
def chart(*settings: str) -> tuple[dict[str, Any], ...]:
    """The objects of the chart, rendered with `settings` (`a.b=c`) above the least that it asks for."""
    return tuple(each for each in yaml.safe_load_all(rendered(*settings)) if each)


@cache
def rendered(*settings: str) -> str:
    """The same as text."""
    told = [f"--set={each}" for each in settings]
    values = CHART / "ci-values.yaml"
    return subprocess.run(
        [tool("helm"), "template", "ispbills", CHART, "--kube-version=1.31.0", "-f", values, *told],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def of_kind(kind: str, *settings: str) -> dict[str, dict[str, Any]]:
    """The chart's objects of a kind, by their process."""
    return {
        each["metadata"]["name"].removeprefix("ispbills-"): each
        for each in chart(*settings)
        if each["kind"] == kind
    }


def by_compose(process: str) -> dict[str, str]:
    """The variables that compose sets."""
    return {name: str(value) for name, value in compose()[process]["environment"].items()}


def by_chart(process: str, *settings: str) -> dict[str, str]:
    """The variables that the chart sets; a secret by its key."""
    kind = "Job" if process == "migrate" else "Deployment"
    (container,) = of_kind(kind, *settings)[process]["spec"]["template"]["spec"]["containers"]
    return {
        each["name"]: each["value"]
        if "value" in each
        else "secret:" + each["valueFrom"]["secretKeyRef"]["key"]
        for each in container["env"]
    }
