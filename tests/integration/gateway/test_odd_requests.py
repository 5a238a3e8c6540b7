"""Whatever is sent to the documented API: never a 5xx, and no answer that the document does not know."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from schemathesis.transport.requests import REQUESTS_TRANSPORT

from shared.db import Pool
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid
from tests.integration.gateway.test_imports import signed_in

ADDRESS = "http://desk.test"
CASES_OF_A_KIND = 4
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
# Answered as long as the action goes on.
STREAMS = ("/events",)


async def test_nothing_that_is_sent_breaks_the_api_or_its_document(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    known = await _stocked(harness)
    admin = await client_for(harness.root, "admin")
    document = (await visitor.get(f"{ADDRESS}/schema")).json()
    wrong = []
    for operation in schemathesis.openapi.from_dict(document).get_all_operations():
        for case in _cases(operation.ok(), known):
            wrong += await _faults(admin, case)
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(sorted(set(wrong)))


async def _stocked(harness: GatewayHarness) -> dict[str, UUID]:
    """Return ids that some requests name, for most that are made up are of nobody."""
    issued = invoice(harness.abdul, "NORTH-000001")
    payment = paid(issued, 60_000)
    await harness.say(issued, payment)
    return {
        "bill_id": issued.invoice_id,
        "customer_id": harness.abdul.customer_id,
        "operator_id": harness.north.operator_id,
        "package_id": harness.plan.package_id,
        "payment_id": payment.payments[0].payment_id,
    }


def _cases(operation: Any, known: dict[str, UUID]) -> Iterator[Any]:
    """Yield requests as the document allows them and as it does not, of made up ids and of known ones."""
    if operation.path.endswith(STREAMS):
        return
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        for number, case in enumerate(_generated(operation, mode)):
            if number % 2:
                case.path_parameters = {
                    name: str(known.get(name, value)) for name, value in (case.path_parameters or {}).items()
                }
            yield case


def _generated(operation: Any, mode: GenerationMode) -> list[Any]:
    cases: list[Any] = []

    @settings(
        max_examples=CASES_OF_A_KIND,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def generate(case: Any) -> None:
        cases.append(case)

    try:
        generate()
    except schemathesis.errors.SchemathesisError:
        return []  # nothing about such a request can be wrong
    return cases


async def _faults(client: httpx.AsyncClient, case: Any) -> list[str]:
    asked = REQUESTS_TRANSPORT.serialize_case(case, base_url=ADDRESS)
    try:
        sent = requests.Request(**asked).prepare()
        request = client.build_request(
            str(sent.method), str(sent.url), headers=dict(sent.headers), content=sent.body or b""
        )
    except (ValueError, requests.RequestException, httpx.InvalidURL, TypeError):
        return []  # no client can send it
    answer = await client.send(request)
    what = f"{case.method} {case.path}: {answer.status_code}"
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        return [f"{what} {failure}" for failure in group.exceptions]
    return _unlisted(what, str(answer.status_code), case.operation.responses.status_codes)


def _unlisted(what: str, status: str, listed: Collection[str]) -> list[str]:
    """Each status is listed by its number: beside `default`, Schemathesis' own check lets any pass."""
    return [] if status in listed else [f"{what} is not among {', '.join(listed)}"]


async def test_while_the_database_is_away_api_and_desk_say_when_to_come_again(
    harness: GatewayHarness,
    client_for: ClientFor,
    visitor: httpx.AsyncClient,
    gateway_pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = await client_for(harness.root, "admin")
    await signed_in(admin, visitor)
    with monkeypatch.context() as away:
        away.setattr(gateway_pool, "_closed", True)
        for answer in (await admin.get("/bills"), await admin.post("/bulk-actions", json={})):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"].endswith("/unavailable")
        page = await visitor.get(f"{ADDRESS}/bills", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["retry-after"]) == (503, "1")
        assert "The desk cannot reach its database." in page.text
    assert (await admin.get("/bills")).status_code == 200
