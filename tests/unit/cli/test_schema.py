"""The AsyncAPI documents: each topic is the one that a message really travels on."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from cli.schema import asyncapi
from shared.contracts.topics import TOPICS

SERVICES = ("invoicing", "payments", "notifications", "documents", "gateway", "projector")


def _document(service: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CliRunner().invoke(asyncapi, [service]).stdout)
    return document


def _resolve(document: Any, ref: str) -> Any:
    for step in unquote(ref).removeprefix("#/").split("/"):
        document = document[step]
    return document


@pytest.mark.parametrize("service", SERVICES)
def test_every_topic_exists_and_every_reference_leads_somewhere(service: str) -> None:
    document = _document(service)
    known = {topic.name for topic in TOPICS}
    assert {topic for topic in document["channels"] if not topic.startswith("partner.")} <= known
    for operation in document["operations"].values():
        assert _resolve(document, operation["channel"]["$ref"])
        for message in operation["messages"]:
            payload = _resolve(document, _resolve(document, message["$ref"])["$ref"])["payload"]
            assert _resolve(document, payload["$ref"])


def test_each_service_hears_its_own_commands_and_the_projector_every_outcome() -> None:
    heard = {service: " ".join(_document(service)["operations"]) for service in SERVICES}
    assert "receive republish.v1 on payments.commands" in heard["payments"]
    assert "invoicing.commands" not in heard["payments"]
    for service in ("invoicing", "payments"):
        assert f"receive command.refused.v1 on {service}.outcomes" in heard["projector"]
    assert "receive payment.received.v1 on partner.{name}.payments" in heard["payments"]
