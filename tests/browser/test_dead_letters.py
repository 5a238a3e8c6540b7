"""What no service could handle: decided at the page of operations, carried out by its service."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from shared.contracts.topics import partner_topics
from shared.kafka import Kafka
from shared.topics import create_topics
from tests.batches import send_bytes, with_an_odd_header_name
from tests.browser.conftest import Stack, ispbills, reload_until
from tests.browser.partners import in_another_thread, payment_for, publish
from tests.journeys.stack import Body, Record, cloud_event

NO_EVENT: Record = (b"not json", [("ce_type", b"payment.received.v1")])


async def open_topics(kafka: str, partner: str) -> None:
    """Make a partner's topics before anybody has let it in."""
    await create_topics(Kafka(kafka), partner_topics(partner))


def letters_of(page: Page, partner: str) -> Locator:
    return page.locator(".letters-table tbody tr").filter(has_text=f"partner.{partner}.payments")


def decide(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label).click()


def is_paid(page: Page, payment: Body) -> None:
    """The payment shows among all payments."""
    page.goto(f"/payments?q={payment['payment_id']}")
    reload_until(page, page.locator("#content").get_by_text("70.00").first)


def test_a_letter_is_tried_again_in_vain_and_then_discarded_by_key(admin: Page, stack: Stack) -> None:
    partner = f"rubbish-{stack.isp.prefix.lower()}"
    ispbills(stack.state_dir, "partners", "add", partner, "--operator", f"P{stack.isp.prefix}")
    in_another_thread(publish(stack.kafka, partner, [NO_EVENT]))
    admin.goto("/operations")
    letter = letters_of(admin, partner)
    expect(letter).to_have_count(1)
    expect(letter).to_contain_text("1 try")
    redrive, dialog = letter.get_by_role("link", name="Redrive…"), admin.get_by_role("dialog")
    redrive.press("Enter")
    expect(dialog).to_contain_text(f"payments handles the record of partner.{partner}.payments[0] once more")
    dialog.get_by_role("button", name="Redrive").press("Enter")
    expect(dialog).to_contain_text("It failed again:")
    admin.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(letter).to_contain_text("2 tries")
    redrive.focus()
    admin.keyboard.press("Tab")
    expect(letter.get_by_role("link", name="Discard…")).to_be_focused()
    admin.keyboard.press("Enter")
    expect(dialog).to_contain_text("leaves the list for good: what it asked for is never done")
    dialog.get_by_role("link", name="Cancel").press("Enter")
    expect(dialog).to_be_hidden()
    expect(letter).to_have_count(1)
    letter.get_by_role("link", name="Discard…").press("Enter")
    dialog.get_by_role("button", name="Discard for good").press("Enter")
    expect(admin.get_by_text("The record was discarded.")).to_be_visible()
    expect(letter).to_have_count(0)
    assert f"partner.{partner}.payments" not in ispbills(stack.state_dir, "dead-letters", "list")
    admin.goto("/activity")
    expect(admin.locator("table")).to_contain_text("Dead letter discarded")


def test_money_that_came_before_its_partner_was_let_in_is_recorded_once_it_is_redriven(
    admin: Page, stack: Stack
) -> None:
    partner, payment = f"early-{stack.isp.prefix.lower()}", payment_for(f"P{stack.isp.prefix}-052", 7_000)
    in_another_thread(open_topics(stack.kafka, partner))
    in_another_thread(publish(stack.kafka, partner, [cloud_event(payment)]))
    admin.goto("/operations")
    letter = letters_of(admin, partner)
    expect(letter).to_contain_text("UnknownPartner")
    ispbills(stack.state_dir, "partners", "add", partner, "--operator", f"P{stack.isp.prefix}")
    letter.get_by_role("link", name="Redrive…").click()
    decide(admin, "Redrive")
    expect(admin.get_by_text("The record was handled.")).to_be_visible()
    expect(letter).to_have_count(0)
    is_paid(admin, payment)


def test_a_partition_that_cannot_be_read_is_stepped_over_and_what_lies_behind_is_heard(
    admin: Page, stack: Stack
) -> None:
    partner = f"stuck-{stack.isp.prefix.lower()}"
    unread, behind = (payment_for(f"P{stack.isp.prefix}-054", 7_000) for _ in range(2))
    ispbills(stack.state_dir, "partners", "add", partner, "--operator", f"P{stack.isp.prefix}")
    topic = f"partner.{partner}.payments"
    in_another_thread(send_bytes(stack.kafka, topic, with_an_odd_header_name([cloud_event(unread)])))
    in_another_thread(publish(stack.kafka, partner, [cloud_event(behind)]))
    admin.goto("/operations")
    aside = admin.locator(".fact-body").filter(has_text=f"{topic}, partition 0")
    expect(aside).to_contain_text("payments cannot read past offset 0")
    aside.get_by_role("link", name="Step over…").click()
    expect(admin.get_by_role("dialog")).to_contain_text("the records from offset 0 to 0 are never read")
    decide(admin, "Step over")
    expect(admin.get_by_text("It goes on within seconds.")).to_be_visible()
    expect(aside).to_have_count(0)
    is_paid(admin, behind)
    admin.goto(f"/payments?q={unread['payment_id']}")
    expect(admin.locator("#content")).not_to_contain_text("70.00")
