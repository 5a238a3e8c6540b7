"""Every page at four widths, in both languages, with long names: nothing off the screen, cut or covered."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests import patience
from tests.browser.conftest import Stack, open_context, sign_in

WIDTHS = (390, 820, 1280, 1440)
LOOKED_AT = (Path(__file__).parent / "layout.js").read_text()
LONG_OPERATOR = (
    "Khulna Zilla Parishad Broadband & Cable Vision Network Cooperative Society Limited (Sonadanga)"
)
LONG_PACKAGE = "Home Unlimited Family Super Saver Fibre 100 Mbps with Static IP and IPTV Bundle 2026"
READERS_PASSWORD = "reader-of-sonadanga"
NAMESAKES = "মোহাম্মদ আব্দুল্লাহ আল মামুন চৌধুরী ওরফে Mohammad Abdullah Al Mamun Chowdhury (Shopping Complex)"


@dataclass(frozen=True)
class Subjects:
    """What pages are about: everything with the longest names that it can have."""

    operator_id: str
    period: str
    bill_id: str
    paid_bill_id: str
    customer_id: str
    payment_id: str
    run_id: str
    action_id: str
    download_id: str
    portal: str
    reader: str
    file: str
    import_id: str


@pytest.fixture(scope="module")
def subjects(stack: Stack, session: Any) -> Iterator[Subjects]:
    cookies = {each["name"]: each["value"] for each in session["cookies"]}
    with httpx.Client(base_url=stack.address + "/api/v1", cookies=cookies, timeout=patience.SECONDS) as api:
        api.headers["X-CSRF-Token"] = api.get("/me").json()["csrf_token"]
        yield _made(api, stack)


def _made(api: httpx.Client, stack: Stack) -> Subjects:
    mark = uuid.uuid4().hex[:6].upper()
    operator = api.post(
        "/operators", json={"code": f"KZPBCVN-{mark}", "name": LONG_OPERATOR, "parent_id": stack.isp.pallabi}
    ).json()
    _asked(api, "/partners", name=f"partner-{mark.lower()}", operator_id=operator["id"])
    package = api.post(
        "/packages",
        json={"name": f"{LONG_PACKAGE} {mark}", "price_minor": 99_999_999_00, "vat_basis_points": 1_500},
    ).json()
    for number in range(3):
        body = {
            "code": f"SONADANGA-ROAD-17/{mark}-{number}", "name": NAMESAKES, "mobile": "+8801711000412",
            "operator_id": operator["id"], "package_id": package["id"], "since": "2026-01-01",
            "address": "House 12/B, Road 17, Sonadanga Residential Area Phase Two, Khulna 9100, Bangladesh",
        }  # fmt: skip
        customer = api.post("/customers", json=body).json()
    run = _asked(api, "/billing-runs", period=stack.isp.period, operator_id=operator["id"])
    bills = _until(
        lambda: api.get("/bills", params={"operator_id": operator["id"]}).json()["items"],
        lambda found: len(found) == 3,
    )
    paid = _asked(
        api, f"/bills/{bills[0]['id']}/payments",
        amount_minor=123_456_789_012_345, paid_on=f"{stack.isp.period}-01", reference="TRX-" + "8" * 60,
    )  # fmt: skip
    action = _asked(
        api, "/bulk-actions", action="mark_paid", selection={"bill_ids": [bills[1]["id"]]},
        parameters={"paid_on": f"{stack.isp.period}-01"},
    )  # fmt: skip
    download = _asked(
        api, "/bulk-actions", action="download_pdf", selection={"filter": {"operator_id": [operator["id"]]}}
    )
    shown = api.get(f"/customers/{customer['id']}").json()
    reader = f"{mark.lower()}@sonadanga.test"
    body = {"email": reader, "name": "Reader", "password": READERS_PASSWORD, "role": "viewer"}
    api.post("/users", json={**body, "operator_id": operator["id"]}).raise_for_status()
    return Subjects(
        operator["id"], stack.isp.period, bills[2]["id"], bills[0]["id"], customer["id"], paid["id"],
        run["id"], action["id"], download["id"], urlsplit(shown["portal_url"]).path, reader,
        *_imported(api, stack, mark),
    )  # fmt: skip


def _imported(api: httpx.Client, stack: Stack, mark: str) -> tuple[str, str]:
    """Return where a file is looked at whose columns nobody has named, and an import that was refused."""
    theirs = f"Kundennummer der Stadtwerke,Full name,Rufnummer\n{mark}/1,{NAMESAKES},01711000412\n"
    sent = httpx.post(
        f"{stack.address}/customers/import",
        data={"csrf_token": api.headers["X-CSRF-Token"]},
        files={"file": ("a-file-with-a-name-that-goes-on-and-on-and-on-for-as-long-as-it-may.csv", theirs)},
        headers={"Origin": stack.address},
        cookies=dict(api.cookies),
    )
    assert sent.status_code == 303, sent.text
    ours = f"code,name,mobile,operator,package\n{mark}-1,{NAMESAKES},0171,{LONG_OPERATOR},{LONG_PACKAGE}\n"
    begun = api.post(
        "/customers/import",
        content=ours.encode(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())},
    )
    assert begun.status_code == 202, begun.text
    return sent.headers["location"], begun.json()["id"]


def _asked(api: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = api.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code in (200, 201, 202), answer.text
    made: dict[str, Any] = answer.json()
    return made


def _until(look: Any, is_there: Any) -> Any:
    deadline = time.monotonic() + patience.SECONDS
    while not is_there(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.3)
    return found


def addresses(subjects: Subjects) -> list[str]:
    """Return every page of the product, with lists that are full and lists that are empty."""
    long_list = f"/bills?operator_id={subjects.operator_id}&period={subjects.period}"
    bill, paid = f"/bills/{subjects.bill_id}", f"/bills/{subjects.paid_bill_id}"
    customer = f"/customers/{subjects.customer_id}"
    return [
        "/", long_list, f"{long_list}&status=void&q=nobody+at+all", bill, paid, f"{bill}/mark-paid",
        f"{bill}/void", f"/payments/{subjects.payment_id}/reverse", "/bills/generate-missing",
        f"/customers?operator_id={subjects.operator_id}", "/customers?q=nobody+at+all", customer,
        f"{customer}/statement",
        f"{customer}/change", f"{customer}/payment", f"{customer}/bill", f"{customer}/status?to=closed",
        "/customers/new", "/customers/import", "/runs", "/runs/new", f"/runs/{subjects.run_id}",
        f"/runs/{subjects.run_id}/customers?outcome=created", "/bulk-actions",
        f"/bulk-actions/{subjects.action_id}", f"/bulk-actions/{subjects.action_id}/undo",
        f"/bulk-actions/{subjects.download_id}", "/settings/isp-profile",
        f"/settings/isp-profile?operator_id={subjects.operator_id}", "/operators",
        "/operators/new", "/packages", "/packages/new", "/users", "/users/new", "/partners", "/partners/new",
        "/activity", "/account", "/settings/billing", "/bills/nothing-there", "/payments?from=",
        "/payments?q=nobody+at+all", f"/payments/{subjects.payment_id}", "/close-of-day",
        "/close-of-day/sign",
        *_of_getting_paid(subjects), *_of_documents(subjects),
    ]  # fmt: skip


def _of_getting_paid(subjects: Subjects) -> list[str]:
    return [
        f"/bills/{subjects.bill_id}/payment-link", f"/customers/{subjects.customer_id}/portal-message",
        f"/customers/{subjects.customer_id}/refund", f"/customers/{subjects.customer_id}/portal-url",
        subjects.portal, "/held", "/settings/payment-gateways", "/settings/payment-gateways/bkash",
        "/settings/payment-gateways/sslcommerz", "/settings/payment-gateways/stripe", "/settings/sms-gateway",
        "/settings/sms-gateway/new?provider=bulksmsbd", "/settings/sms-templates", "/settings/reminders",
        "/settings/webhooks", "/settings/webhooks/new",
        "/settings/reminders/new",
    ]  # fmt: skip


def _of_documents(subjects: Subjects) -> list[str]:
    return [
        f"/operators/{subjects.operator_id}/change", f"/runs/{subjects.run_id}/operators",
        "/account/second-factor", subjects.file, f"/customers/imports/{subjects.import_id}",
    ]  # fmt: skip


def wrong_on(page: Page, address: str) -> list[str]:
    """Return what lies wrong on the page that is shown, at each width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{address} at {width} px: {each}" for each in page.evaluate(LOOKED_AT)]
    return found


@pytest.mark.parametrize("language", ["en", "bn"])
def test_no_page_has_anything_off_the_screen_cut_or_overlapped(
    browser: Browser, stack: Stack, session: Any, subjects: Subjects, language: str
) -> None:
    context = open_context(browser, stack, storage_state=session)
    context.add_cookies([{"name": "desk_language", "value": language, "url": stack.address}])
    page, found = context.new_page(), []
    for address in addresses(subjects):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        found += wrong_on(page, address)
    context.close()
    assert not found, "\n".join(found)


def test_the_name_of_ones_own_operator_stays_within_the_menu(
    browser: Browser, stack: Stack, subjects: Subjects
) -> None:
    context = open_context(browser, stack)
    page = context.new_page()
    sign_in(page, subjects.reader, READERS_PASSWORD)
    found = wrong_on(page, "/bills")
    name, menu = (page.locator(each).bounding_box() for each in (".desk-brand-name", ".desk-sidebar"))
    context.close()
    assert not found, "\n".join(found)
    assert name is not None
    assert menu is not None
    assert name["x"] + name["width"] <= menu["x"] + menu["width"]
