"""The OpenAPI document: whole, and true of what the API answers."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from gateway.api import openapi
from gateway.api.declarations import declared
from gateway.api.resources import RESOURCES
from gateway.app import create_app
from gateway.context import Gateway
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.world import World, invoice, paid


@pytest.fixture
def document(gateway: Gateway) -> dict[str, Any]:
    return openapi.document(create_app(gateway))


def test_every_route_says_what_it_takes_and_answers(gateway: Gateway, document: dict[str, Any]) -> None:
    bodies = {route.takes.__name__ for route in declared(create_app(gateway)).values() if route.takes}
    silent = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            takes = method not in ("post", "put", "patch") or "requestBody" in operation
            takes = takes or path.endswith(("/retry", "/cancel", "/portal-url"))
            contents = [each.get("content", {"-": {"schema": 1}}) for each in operation["responses"].values()]
            answers = all(kind["schema"] for content in contents for kind in content.values())
            if not (takes and answers):
                silent.append((method, path))
    assert silent == []
    assert bodies
    assert not bodies & set(RESOURCES), "a name stands for one thing"


def test_every_operation_has_a_summary_and_a_description(document: dict[str, Any]) -> None:
    operations = [each for item in document["paths"].values() for each in item.values()]
    assert [
        each["operationId"] for each in operations if not (each.get("summary") and each.get("description"))
    ] == []


@pytest.mark.parametrize(
    "path",
    ["/me", "/bills", "/operators", "/packages", "/customers", "/users", "/tokens", "/settings/billing"],
)
async def test_what_is_answered_is_what_the_document_says(
    world: World, client_for: ClientFor, document: dict[str, Any], path: str
) -> None:
    issued = invoice(world.abdul, "NORTH-000001")
    await world.say(issued, paid(issued, 5_000))
    answer = await (await client_for(world.root, "admin")).get(path)
    said = document["paths"]["/api/v1" + path]["get"]["responses"][str(answer.status_code)]
    wanted = {**said["content"]["application/json"]["schema"], "components": document["components"]}
    assert [str(each) for each in jsonschema_rs.validator_for(wanted).iter_errors(answer.json())] == []
