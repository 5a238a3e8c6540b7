"""The OpenAPI document: whole, and true of what the API answers."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args

import jsonschema_rs
import pytest

from gateway.api import openapi
from gateway.context import Gateway
from gateway.schemas.bills import BillSort
from gateway.store.bill_pages import SORTS
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid


@pytest.fixture
def document(gateway: Gateway) -> dict[str, Any]:
    return openapi.document(app_for(gateway))


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def test_every_route_says_what_it_takes_and_answers(gateway: Gateway, document: dict[str, Any]) -> None:
    silent = []
    for route in openapi.routes_of(app_for(gateway)):
        operation = document["paths"][route.path][route.method]
        takes = route.method not in ("post", "put", "patch") or "requestBody" in operation
        takes = takes or route.path.endswith(("/retry", "/cancel", "/portal-url", "/undo", "/left-out"))
        takes = takes or route.path.endswith(("/secret", "{webhook_id}/test", "/redelivery"))
        takes = takes or route.path.endswith(("/redrive", "/discard", "/step-over"))
        contents = [each.get("content", {"-": {"schema": 1}}) for each in operation["responses"].values()]
        if not takes or not all(kind["schema"] for content in contents for kind in content.values()):
            silent.append((route.method, route.path))
    assert silent == []


def test_a_name_stands_for_one_type(gateway: Gateway) -> None:
    routes = list(openapi.routes_of(app_for(gateway)))
    kinds = {kind for route in routes for kind in (route.types.body, route.types.answer) if kind is not None}
    names = Counter(getattr(kind, "__name__", str(kind)) for kind in kinds if not get_args(kind))
    assert [name for name, count in names.items() if count > 1] == []
    assert len({route.handler.fn.__name__ for route in routes}) == len(routes), "operations are told apart"


def test_every_operation_parameter_and_field_is_described(document: dict[str, Any]) -> None:
    silent = [
        each["operationId"] for each in _operations(document) if not (each["summary"] and each["description"])
    ]
    silent += [
        f"{each['operationId']} {parameter['name']}"
        for each in _operations(document)
        for parameter in each["parameters"]
        if not parameter["description"]
    ]
    for name, component in document["components"]["schemas"].items():
        silent += [name] if not component.get("description") else []
        silent += [
            f"{name}.{field}"
            for field, schema in component.get("properties", {}).items()
            if not schema.get("description")
        ]
    assert silent == []


def test_problems_are_documented_by_their_status(document: dict[str, Any]) -> None:
    for operation in _operations(document):
        problems = {
            status
            for status, answer in operation["responses"].items()
            if "application/problem+json" in answer.get("content", {})
        }
        assert problems >= {"401", "429", "default"}, operation["operationId"]
    payment = document["paths"]["/api/v1/bills/{bill_id}/payments"]["post"]["responses"]
    assert {"201", "202", "403", "404", "409", "422"} <= set(payment)


def test_money_and_mass_changes_say_that_they_need_a_key(document: dict[str, Any]) -> None:
    keyed = {
        operation["operationId"]
        for operation in _operations(document)
        for parameter in operation["parameters"]
        if parameter["name"] == "Idempotency-Key" and parameter["required"]
    }
    assert keyed == {
        "record_payment",
        "record_lump_sum",
        "reverse_payment",
        "void_bill",
        "start_run",
        "import_customers",
        "send_payment_link",
        "send_portal_address",
        "send_receipt",
        "start_bulk_action",
        "undo_bulk_action",
        "refund_payment",
        "retry_message",
        "close_day",
    }


def test_the_document_is_the_same_each_time_it_is_made(document: dict[str, Any]) -> None:
    """Read beside the last release's, it differs by what has changed."""
    assert [list(item) for item in document["paths"].values()] == [
        sorted(item) for item in document["paths"].values()
    ]


def test_the_sorts_that_are_documented_are_the_sorts_there_are() -> None:
    assert set(get_args(BillSort)) == set(SORTS)


@pytest.mark.parametrize(
    "path",
    [
        "/me",
        "/bills",
        "/operators",
        "/packages",
        "/customers",
        "/users",
        "/tokens",
        "/settings/billing",
        "/settings/isp-profile",
    ],
)
async def test_what_is_answered_is_what_the_document_says(
    harness: GatewayHarness, client_for: ClientFor, document: dict[str, Any], path: str
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued, paid(issued, 5_000))
    answer = await (await client_for(harness.root, "admin")).get(path)
    said = document["paths"]["/api/v1" + path]["get"]["responses"][str(answer.status_code)]
    wanted = {**said["content"]["application/json"]["schema"], "components": document["components"]}
    assert [str(each) for each in jsonschema_rs.validator_for(wanted).iter_errors(answer.json())] == []
