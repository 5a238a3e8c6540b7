"""The pictures of README and docs, taken anew from a running stack with the demo ISP.

`python -m tests.browser.screenshots` beside `make up`; look at what it wrote to `docs/screenshots`.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import patience
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
COLOURS = 128  # as many as nobody misses; a third of the size
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
DOTS_AN_INCH = 86
# What the manual shows as it is found.
PAGES = {
    "/payments": "payments",
    "/held": "held-money",
    "/runs": "billing-runs",
    "/close-of-day": "close-of-day",
    "/": "dashboard",
    "/activity": "activity",
    "/account/second-factor": "two-factor",
    "/settings/sms-gateway": "sms-gateway",
    "/settings/payment-gateways": "payment-gateways",
}
# A page, what is pressed there, and how the picture of the dialog is called that it opens.
DIALOGS = (
    ("/bills?status=unpaid&overdue=true", "Save this view…", "saved-view"),
    ("/users", "Add user", "users"),
    ("/partners", "Key and limits…", "partner"),
    ("/settings/webhooks", "Add webhook", "webhook"),
    ("/settings/reminders", "Add reminder", "reminders"),
)
FILE = """Username,Full name,Phone,Address,Plan,Status,Operator
new-1001,Anwar Hossain,01712000111,House 4 Mirpur 10,Home 30 Mbps,active,MIR
new-1002,Nasrin Akter,01812000222,House 9 Mirpur 12,Home 30 Mbps,active,MIR
new-1003,Abdul Karim,not known,House 11 Pallabi,Nobody knows this,active,PLB
"""


def main() -> None:
    """Visit the demo ISP as its admin and take every picture."""
    status = json.loads(
        subprocess.run(
            [sys.executable, "-m", "cli.main", "status", "--json"], check=True, capture_output=True, text=True
        ).stdout
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        door = browser.new_context(base_url=status["gateway_url"])
        page = door.new_page()
        sign_in(page, status["admin"]["email"], status["admin"]["password"])
        session = door.storage_state()
        _take(browser, status["gateway_url"], session)
        browser.close()
    _invoice(status)


def _take(browser: Browser, address: str, session: object) -> None:
    def pictures(show: Callable[[Page], None], **looks: object) -> None:
        options = {"base_url": address, "storage_state": session, "viewport": DESK, **looks}
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(patience.MILLISECONDS)
        show(context.new_page())
        context.close()

    pictures(_at_the_desk)
    pictures(_of_the_manual)
    pictures(_of_a_month)
    pictures(_of_a_customer)
    pictures(_of_operations)
    pictures(lambda page: _bills(page, "customer-bills-dark"), color_scheme="dark")
    pictures(
        lambda page: _bills(page, "customer-bills-phone"),
        viewport=PHONE, device_scale_factor=2, is_mobile=True,
    )  # fmt: skip


def _bills(page: Page, name: str) -> None:
    page.goto("/bills")
    _keep(page, name)


def _at_the_desk(page: Page) -> None:
    _bills(page, "customer-bills")
    page.goto("/bills?status=unpaid")
    page.locator(".row-pay").first.click()
    page.get_by_label("Amount received").fill("600")
    page.get_by_text("The bill becomes Partial.").wait_for()
    _keep(page, "mark-as-paid")
    page.goto("/bills?status=partial")
    page.locator(".bill-row .col-number a").first.click()
    page.locator("#bill-timeline").wait_for()
    _keep(page, "one-bill")
    page.goto("/bills?limit=25")
    page.get_by_label("Select all bills on this page").check()
    page.get_by_role("button", name="Download PDFs").click()
    page.get_by_role("dialog").get_by_role("button", name="Download 25 PDFs").click()
    page.locator("#bulk-drawer .progress-value", has_text="25 of 25").wait_for()
    page.wait_for_timeout(1_000)
    _keep(page, "bulk-action")
    page.goto("/settings/isp-profile")
    page.locator(".preview-sheet").wait_for()
    page.wait_for_timeout(1_000)
    _keep(page, "isp-profile")


def _of_the_manual(page: Page) -> None:
    for path, name in PAGES.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        _keep(page, name)
    page.goto("/bills?status=unpaid")
    page.locator(".link-state").first.click()
    page.get_by_role("dialog").get_by_role("button").first.wait_for()
    page.wait_for_timeout(500)
    _keep(page, "payment-link")
    for path, pressed, name in DIALOGS:
        page.goto(path)
        # What lies in a menu that is closed is opened by its address as well.
        page.get_by_text(pressed).first.evaluate("link => link.click()")
        _keep_dialog(page, name)
    _of_an_import(page)


def _of_an_import(page: Page) -> None:
    page.goto("/customers/import")
    page.locator("#file").set_input_files(
        {"name": "new-customers.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    page.locator("#file").evaluate("field => field.form.requestSubmit()")
    page.wait_for_url("**/customers/import/*")
    page.wait_for_load_state("networkidle")
    _keep(page, "import")
    page.get_by_role("button", name="Check 3 lines").click()
    page.get_by_text("Nothing is written yet.").wait_for()
    _keep(page, "import-check")


def _of_a_month(page: Page) -> None:
    page.goto("/runs")
    page.get_by_role("row", name="Automatic").first.get_by_role("link").first.click()
    page.get_by_text("Every customer is accounted for.").wait_for()
    _keep(page, "one-run")
    page.goto("/customers?status=suspended")
    code = page.locator("tbody .number").first.inner_text()
    page.goto("/runs")
    page.get_by_label("Code, name or mobile of the customer").fill(code)
    page.get_by_role("button", name="Look up").click()
    page.locator("#why table").wait_for()
    _keep(page, "why-billed")
    page.goto("/bills")
    page.get_by_role("link", name="Generate missing bills").click()
    page.get_by_role("dialog").get_by_role("button", name="Preview").click()
    page.get_by_text("would be generated").wait_for()
    _keep_dialog(page, "missing-bills")
    _a_missed_month(page)


def _a_missed_month(page: Page) -> None:
    """Bill from a month before the first that was run, and as it was again."""
    first = _billed_from(page, "")
    year, month = (int(part) for part in first.split("-"))
    _billed_from(page, f"{year - (month == 1)}-{(month - 2) % 12 + 1:02}")
    page.goto("/runs")
    page.locator(".missed-figures").first.wait_for()
    _keep(page, "missed-month")
    _billed_from(page, first)


def _billed_from(page: Page, period: str) -> str:
    """Say from which month on bills are made; nothing leaves it. Returns the one before."""
    page.goto("/settings/billing")
    field = page.get_by_label("Billing from")
    before = field.input_value()
    if period:
        field.fill(period)
        page.get_by_role("button", name="Save settings").click()
        page.get_by_text("Saved.").wait_for()
    return before


def _of_a_customer(page: Page) -> None:
    page.goto("/customers?owing=true")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Take a payment").wait_for()
    _keep(page, "customer")
    page.get_by_role("link", name="Take a payment").click()
    page.get_by_text("How it is split").wait_for()
    _keep_dialog(page, "lump-sum")


def _of_operations(page: Page) -> None:
    page.goto("/operations")
    page.get_by_text("Audit the promises").click()
    page.locator("#audit-standing", has_text="promises hold").wait_for()
    page.goto("/operations")
    page.get_by_text("6 of 6 running").wait_for()
    _keep(page, "operations")
    page.locator("#audit-newest").click()
    _keep_dialog(page, "audit")


def _keep_dialog(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button").first.wait_for()
    page.wait_for_timeout(500)
    _keep(page, name)


def _keep(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    _save(Image.open(io.BytesIO(page.screenshot())), name)


def _save(picture: Image.Image, name: str) -> None:
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        FOLDER / f"{name}.png", optimize=True
    )


def _invoice(status: dict[str, object]) -> None:
    """An invoice that is paid in part, as its customer gets it."""
    admin = status["admin"]
    with httpx.Client(base_url=f"{status['gateway_url']}/api/v1", timeout=patience.SECONDS) as api:
        api.post("/session", json=admin).raise_for_status()
        bill = (
            api.get("/bills", params={"status": "partial", "limit": 1}).raise_for_status().json()["items"][0]
        )
        answer = api.get(f"/bills/{bill['id']}/invoice.pdf")
        while answer.status_code == 202:
            answer = api.get(f"/bills/{bill['id']}/invoice.pdf")
    page = pypdfium2.PdfDocument(answer.raise_for_status().content)[0]
    _save(page.render(scale=DOTS_AN_INCH / 72).to_pil(), "invoice")


if __name__ == "__main__":
    os.environ.setdefault("TZ", "Asia/Dhaka")
    main()
