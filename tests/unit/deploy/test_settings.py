"""Every process is told what it needs, by compose and by the chart, and no secret that is not its own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from tests.unit.deploy.told import ROOT, SETTINGS, SHARED, by_chart, by_compose, compose

BOTH = pytest.mark.parametrize("told", [by_compose, by_chart], ids=["compose", "chart"])
Told = Callable[[str], dict[str, str]]


def prefix(process: str) -> str:
    return SETTINGS[process].model_config["env_prefix"]


@BOTH
@pytest.mark.parametrize("process", SETTINGS)
def test_what_has_no_default_is_set(process: str, told: Told) -> None:
    given = told(process)
    for name, field in SETTINGS[process].model_fields.items():
        if field.is_required():
            shared = name.upper() if name.startswith("kafka_") else "-"
            assert f"{prefix(process)}{name.upper()}" in given or shared in given, name


@BOTH
@pytest.mark.parametrize("process", SETTINGS)
def test_what_is_set_is_a_setting(process: str, told: Told) -> None:
    """A variable that nobody reads is a misspelt one, or a secret that is nobody's business here."""
    known = {f"{prefix(process)}{name.upper()}" for name in SETTINGS[process].model_fields}
    assert not {name for name in told(process) if name not in known and not SHARED.fullmatch(name)}


@BOTH
@pytest.mark.parametrize("process", SETTINGS)
def test_the_settings_can_be_read(process: str, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in told(process).items():
        default = re.fullmatch(r"\$\{\w+:-(.*)\}", value)
        monkeypatch.setenv(name, default[1] if default else value)
    settings = SETTINGS[process]()  # type: ignore[call-arg]
    assert settings.kafka.is_authenticated
    assert settings.kafka.username == process


@BOTH
@pytest.mark.parametrize("process", SETTINGS)
def test_nobody_is_in_development_unawares(process: str, told: Told) -> None:
    """There a webhook may lead into the installation's own network."""
    assert told(process)["ISPBILLS_ENVIRONMENT"] in ("production", "${ISPBILLS_ENVIRONMENT:-production}")


def test_whoever_makes_topics_is_told_their_replicas_by_the_chart() -> None:
    """Partners' topics are made by payments, when somebody lets a partner in at the desk."""
    for process in ("migrate", "payments"):
        assert by_chart(process)["KAFKA_REPLICATION_FACTOR"] == "3"


@BOTH
def test_secrets_are_references_never_values(told: Told) -> None:
    for process, kind in SETTINGS.items():
        given = told(process)
        secret = [name for name, field in kind.model_fields.items() if SecretStr in _types(field.annotation)]
        for name in [*secret, "database_url", "session_secret"]:
            shown = given.get(f"{prefix(process)}{name.upper()}", "${}")
            assert shown.startswith("secret:") or "${" in shown, (process, name)


def _types(annotation: object) -> tuple[object, ...]:
    return getattr(annotation, "__args__", (annotation,))


def test_gateway_and_payments_share_the_key_of_links_and_nobody_else_has_it() -> None:
    for told in (by_compose, by_chart):
        keys = {process: told(process).get(f"{prefix(process)}LINK_KEY", "") for process in SETTINGS}
        assert {process for process, key in keys.items() if key} == {"gateway", "payments"}
        assert len({re.sub(r":\?[^}]*", "", key) for key in keys.values() if key}) == 1


def test_every_secret_that_compose_asks_for_is_made() -> None:
    text = (ROOT / "compose.yaml").read_text()
    asked = set(re.findall(r"\$\{(\w+)(?:\}|:\?)", text))
    made = subprocess.run(
        ["sh", str(ROOT / "deploy/secrets.sh")], capture_output=True, text=True, check=True
    ).stdout
    names = {line.partition("=")[0] for line in made.splitlines()}
    assert asked <= names
    assert names <= asked, "made for nobody"


def test_every_process_of_compose_can_be_scaled() -> None:
    for process in SETTINGS:
        service = compose()[process]
        assert "ports" not in service, f"a second replica of {process} would find its port taken"
        assert "container_name" not in service, process
        assert service["read_only"], process
