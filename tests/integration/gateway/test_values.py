"""One value is read the same by the page, the API and the import."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.db import Pool
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import GatewayHarness

SPELLINGS = [
    "1700000011",
    "01700-000011",
    "'01700000011",
    "+880 1700-000011",
    "008801700000011",
    "০১৭০০০০০০১১",
]


async def _said(pool: Pool) -> dict[str, Any]:
    """The command that was written last."""
    payload = await pool.fetchval("SELECT payload FROM outbox ORDER BY id DESC LIMIT 1")
    return dict(json.loads(payload))


def _customer(harness: GatewayHarness, **differs: Any) -> dict[str, Any]:
    return {
        "code": "N-1",
        "name": "Nasrin Akter",
        "address": "",
        "operator_id": str(harness.north.operator_id),
        "package_id": str(harness.plan.package_id),
        **differs,
    }


async def _signed_in(client: httpx.AsyncClient, visitor: httpx.AsyncClient) -> dict[str, str]:
    """What a form of the visitor's session carries, once they have signed in as the client's user."""
    email = (await client.get("/me")).json()["email"]
    session = await visitor.post("/session", json={"email": email, "password": PASSWORD})
    return {"csrf_token": session.json()["csrf_token"], "idempotency_key": uuid4().hex}


async def _on_the_page(
    visitor: httpx.AsyncClient, form: dict[str, str], path: str, **fields: Any
) -> httpx.Response:
    return await visitor.post(
        f"http://desk.test{path}", data={**form, **fields}, headers={"Origin": "http://desk.test"}
    )


@pytest.mark.parametrize("typed", SPELLINGS)
async def test_a_mobile_is_kept_as_e164_however_it_is_typed(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, gateway_pool: Pool, typed: str
) -> None:
    clerk = await client_for(harness.root, "operator")
    answer = await clerk.post("/customers", json=_customer(harness, mobile=typed))
    assert answer.status_code == 202, answer.text
    by_the_api = await _said(gateway_pool)
    form = await _signed_in(clerk, visitor)
    fields = _customer(harness, mobile=typed, code="N-2", status="active", billing_cycle="monthly", since="")
    assert (await _on_the_page(visitor, form, "/customers", **fields)).status_code in (200, 303)
    on_the_page = await _said(gateway_pool)
    assert (by_the_api["code"], on_the_page["code"]) == ("N-1", "N-2")
    assert by_the_api["mobile"] == on_the_page["mobile"] == "+8801700000011"


@pytest.mark.parametrize("typed", ["0170", "1.70E+09", "call me", "N/A", "", "029666777"])
async def test_what_is_no_mobile_is_refused_with_its_field_and_the_reason(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool, typed: str
) -> None:
    clerk = await client_for(harness.root, "operator")
    for answer in (
        await clerk.post("/customers", json=_customer(harness, mobile=typed)),
        await clerk.patch(f"/customers/{harness.abdul.customer_id}", json={"mobile": typed}),
    ):
        problem = answer.json()
        assert (answer.status_code, problem["type"].rsplit("/", 1)[1]) == (422, "no-mobile")
        assert [error["field"] for error in problem["errors"]] == ["mobile"]
        assert problem["errors"][0]["detail"]
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_page_tells_each_wrong_value_beside_its_field(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, gateway_pool: Pool
) -> None:
    form = await _signed_in(await client_for(harness.root, "operator"), visitor)
    fields = _customer(harness, mobile="0170", since="31/02/2026", status="active", billing_cycle="monthly")
    page = await _on_the_page(visitor, form, "/customers", **fields)
    assert page.status_code == 422
    assert "“0170” is too short for a mobile number" in page.text
    assert "There is no such date as 31/02/2026." in page.text
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 0


@pytest.mark.parametrize("typed", ["09/01/2026", "2026-01-09", "9 Jan 2026", "০৯/০১/২০২৬"])
async def test_a_day_on_a_page_is_read_day_first(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, gateway_pool: Pool, typed: str
) -> None:
    form = await _signed_in(await client_for(harness.root, "operator"), visitor)
    fields = _customer(harness, since=typed, mobile="", status="active", billing_cycle="monthly")
    await _on_the_page(visitor, form, "/customers", **fields)
    assert (await _said(gateway_pool))["since"] == "2026-01-09"


async def test_the_api_takes_days_as_rfc_3339_writes_them_and_nothing_else(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.root, "operator")
    for typed in ("09/01/2026", 1767225600, "1767225600", "2026-02-31"):
        answer = await clerk.post("/customers", json=_customer(harness, since=typed))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "since"), typed


async def _imported(client: httpx.AsyncClient, *lines: str) -> httpx.Response:
    header = "code,name,mobile,operator,package,status,since"
    return await client.post(
        "/customers/import",
        content="\n".join([header, *lines]).encode(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": uuid4().hex},
    )


async def test_a_file_is_read_as_pages_and_api_are(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    clerk = await client_for(harness.root, "operator")
    lines = [f"C-{n},Name,{typed},north,home 20,,09/01/2026" for n, typed in enumerate(SPELLINGS)]
    answer = await _imported(clerk, *lines, "C-9,,N/A,,,,", "C 10,Name,0170,NORTH,Home 20,gone,31/02/2026")
    assert answer.status_code == 202, answer.text
    said = (await _said(gateway_pool))["lines"]
    assert {line["mobile"] for line in said[:-1]} == {"+8801700000011"}
    assert {line["since"] for line in said[:-1]} == {"2026-01-09"}
    assert {said[-1][name] for name in ("name", "mobile", "operator", "package", "status", "since")} == {None}
    kept = await gateway_pool.fetchrow("SELECT refused, warnings FROM customer_import")
    refused, warnings = kept["refused"], kept["warnings"]
    assert [reason["field"] for reason in refused[0]["reasons"]] == ["code", "mobile", "status", "since"]
    assert refused[0]["line"] == len(lines) + 3
    # One had lost its zero; and whoever shares a mobile with the line before may be the same person.
    assert [warning["line"] for warning in warnings] == list(range(2, len(SPELLINGS) + 2))


async def test_the_report_counts_every_line_that_was_read(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.root, "operator")
    answer = await _imported(clerk, "C 1,Name,,,,,")
    report = (await clerk.get(answer.headers["location"].removeprefix("/api/v1"))).json()["resource"]
    assert (report["read"], len(report["refused"]), report["warnings"]) == (1, 1, [])


async def test_the_preview_shows_what_a_line_leaves_out_and_what_is_worth_a_look(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    form = await _signed_in(await client_for(harness.root, "operator"), visitor)
    sent = await visitor.post(
        "http://desk.test/customers/import",
        data=form,
        files={"file": ("customers.csv", b"code,mobile,operator\nN1,1700000011,north\nN2,0170,NORTH\n")},
        headers={"Origin": "http://desk.test"},
    )
    page = await visitor.get("http://desk.test" + sent.headers["location"])
    assert page.status_code == 200, page.text
    assert "had lost its leading zero" in page.text
    assert "This is not a mobile number here" in page.text
    assert "None" not in page.text
    assert "is not known here" not in page.text
