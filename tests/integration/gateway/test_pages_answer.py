"""Every page and every form answers, as a dialog and as a page, in both languages; what is wrong is said."""

from __future__ import annotations

import re

import httpx
import pytest

from shared.ids import new_id
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid
from tests.integration.gateway.test_runs_from_above import run_of_the_isp

SWAP = {"HX-Request": "true", "HX-Current-URL": "http://desk.test/bills?period=2026-12"}


async def signed_in(
    visitor: httpx.AsyncClient, client_for: ClientFor, harness: GatewayHarness
) -> httpx.AsyncClient:
    """The ISP's admin with a session, as a browser has one."""
    await client_for(harness.root, "admin")
    visitor.base_url = httpx.URL("http://desk.test")
    email = f"admin.{harness.root.code.lower()}@desk.test"
    answer = await visitor.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return visitor


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_every_page_answers_whole_and_as_a_part(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, language: str
) -> None:
    admin = await signed_in(visitor, client_for, harness)
    admin.cookies.set("desk_language", language)
    issued, owed = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    money, run = paid(issued, 5_000), run_of_the_isp(harness)
    await harness.say(issued, owed, money, run)
    bill, customer = f"/bills/{owed.invoice_id}", f"/customers/{harness.abdul.customer_id}"
    payment, ran = f"/payments/{money.payments[0].payment_id}", f"/runs/{run.run_id}"
    for path in (
        "/", "/bills?period=2026-12", "/bills?period=2026-12&status=void", bill, f"{bill}/mark-paid",
        f"{bill}/void", f"{payment}/reverse", "/bills/generate-missing",
        f"/bills/generate-missing/{run.run_id}", f"/bills/generate-missing/{run.run_id}/progress",
        "/customers", customer, f"{customer}/change", f"{customer}/payment", f"{customer}/bill",
        f"{customer}/refund", f"{customer}/portal-url", f"{customer}/status?to=closed", "/customers/new",
        "/customers/import", "/runs", "/runs/new", ran, f"{ran}/operators",
        f"{ran}/customers?outcome=created", "/bulk-actions", "/operators", "/operators/new",
        f"/operators/{harness.north.operator_id}/change", "/packages", "/packages/new",
        f"/packages/{harness.plan.package_id}/change", "/users", "/users/new", "/partners", "/partners/new",
        "/activity", "/runs/missed/2026-11", "/bills/views/new?filter=status%3Dunpaid",
        "/account", "/account/second-factor", "/settings/billing",
    ):  # fmt: skip
        for headers in ({}, SWAP):
            answer = await admin.get(path, headers=headers)
            assert answer.status_code == 200, (path, bool(headers), answer.text[:2_000])


async def test_a_form_comes_back_with_what_was_typed_and_what_is_wrong_beside_its_field(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    admin = await signed_in(visitor, client_for, harness)
    owed = invoice(harness.mitu, "SOUTH-000001")
    await harness.say(owed)
    token = re.search(r'name="csrf_token" value="([^"]+)"', (await admin.get("/operators/new")).text)
    assert token is not None
    customer, bill = f"/customers/{harness.abdul.customer_id}", f"/bills/{owed.invoice_id}"
    below, package_id = str(harness.north.operator_id), str(harness.plan.package_id)
    user = {"name": "N", "email": "a@b.c", "role": "viewer", "operator_id": below}
    newcomer = {"name": "N", "code": "N7", "operator_id": below, "package_id": package_id}
    for path, typed, field in (
        ("/packages", {"name": "Home", "price": "1.000,00", "vat": "5"}, "price"),
        ("/partners", {"name": "Bad Name", "operator_id": below}, "name"),
        ("/operators", {"name": "N", "code": "two words", "parent_id": below}, "code"),
        ("/users", {**user, "password": "short"}, "password"),
        ("/customers", {**newcomer, "mobile": "call me"}, "mobile"),
        (f"{customer}/refund", {"amount": "5", "reason": ""}, "reason"),
        (f"{customer}/payment", {"amount": "799,50", "paid_on": "2026-12-01"}, "amount"),
        (f"{bill}/payments", {"amount": "10", "paid_on": "2199-01-01"}, "paid_on"),
        (f"{bill}/void", {"reason": ""}, "reason"),
        ("/bulk-actions", {"paid_on": "2199-01-01", "bill_ids": str(owed.invoice_id)}, "paid_on"),
        ("/account/password", {"current_password": "x", "new_password": "a" * 12, "again": "b"}, "again"),
        ("/settings/billing", {"due_days": "soon", "link_valid_hours": "1", "vat": "5"}, "due_days"),
    ):  # fmt: skip
        sent = {**typed, "csrf_token": token[1], "idempotency_key": str(new_id())}
        for headers in ({}, SWAP):
            answer = await admin.post(path, data=sent, headers=headers)
            assert answer.status_code == 422, (path, answer.status_code, answer.text[:2_000])
            assert f'id="{field}-error"' in answer.text, (path, answer.text[-2_000:])
            assert sent["idempotency_key"] not in answer.text, path
