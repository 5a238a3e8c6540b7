"""A reseller sees their own subtree; a neighbour's bills are not there, by whatever route."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests import patience
from tests.browser.conftest import Stack, open_context, sign_in


@pytest.fixture
def neighbours_bill(stack: Stack, session: Any) -> str:
    cookies = {each["name"]: each["value"] for each in session["cookies"]}
    with httpx.Client(
        base_url=stack.address + "/api/v1", cookies=cookies, timeout=patience.SECONDS
    ) as client:
        found = client.get("/bills", params={"operator_id": stack.isp.uttara, "limit": 1}).json()
        bill_id: str = found["items"][0]["id"]
        return bill_id


def test_a_neighbours_bills_are_not_there(browser: Browser, stack: Stack, neighbours_bill: str) -> None:
    context = open_context(browser, stack)
    page = context.new_page()
    sign_in(page, stack.isp.reseller_email, stack.isp.reseller_password)
    page.goto(f"/bills?period={stack.isp.period}")
    expect(page.locator(".bill-row").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(f"Uttara {stack.isp.prefix}")
    unknown = uuid.uuid4()
    for path in ("", "/mark-paid", "/void", "/row", "/state?operation=" + str(unknown)):
        reached = page.request.get(f"/bills/{neighbours_bill}{path}")
        assert reached.status == 404, path
        assert reached.status == page.request.get(f"/bills/{unknown}{path}").status
    for path in ("/bills", "/bills/export.csv", "/bills/export.xlsx"):
        assert page.request.get(f"{path}?operator_id={stack.isp.uttara}").status == 404, path
    token = page.request.get("/session-token").text()
    paid = page.request.post(
        f"/bills/{neighbours_bill}/payments",
        form={"amount": "10", "paid_on": "2026-11-01", "method": "cash", "csrf_token": token},
    )
    assert paid.status == 404
    context.close()


def test_a_form_without_the_sessions_token_is_refused(browser: Browser, stack: Stack) -> None:
    context = open_context(browser, stack)
    page = context.new_page()
    sign_in(page, stack.isp.reseller_email, stack.isp.reseller_password)
    refused = page.request.post(f"/bills/{uuid.uuid4()}/payments", form={"amount": "10"})
    assert refused.status == 403
    context.close()
