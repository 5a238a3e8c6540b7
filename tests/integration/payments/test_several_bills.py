"""Several bills paid at once: one charge, the oldest settled first, each bill's own link left as it is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.payments.handlers.reminders import _sort_out
from shared.contracts.envelope import CommandRefused
from shared.contracts.payments import (
    CreatePaymentLink,
    HeldPaymentState,
    PaymentLinkCreated,
    PaymentLinkPaid,
    PaymentRecorded,
)
from shared.db import in_transaction
from shared.ids import new_id
from tests.integration.payments.harness import CLERK, OFFICE
from tests.integration.payments.online import MOBILE, Online

DUE = (date(2026, 10, 10), date(2026, 11, 10), date(2026, 12, 10))


async def owing(online: Online, *totals: int) -> tuple[UUID, list[UUID]]:
    """A customer with a bill of each amount, oldest first."""
    await online.sandbox()
    customer = await online.harness.customer("C-1", mobile=MOBILE)
    bills = [
        await online.harness.billed(customer, total, due_on=due)
        for total, due in zip(totals, DUE, strict=False)
    ]
    return customer, bills


def of_several(customer: UUID, bills: list[UUID]) -> CreatePaymentLink:
    return CreatePaymentLink(
        actor=CLERK, link_id=new_id(), invoice_id=bills[0], further_invoice_ids=tuple(bills[1:]),
        customer_id=customer,
    )  # fmt: skip


async def token_for(online: Online, customer: UUID, bills: list[UUID]) -> str:
    end = await online.harness.ask(of_several(customer, bills))
    assert isinstance(end, PaymentLinkCreated), end
    return OFFICE.links.token(end.link_id)


async def balances(online: Online, bills: list[UUID]) -> list[int]:
    rows = await online.harness.pool.fetch(
        "SELECT invoice_id, total_minor - paid_minor AS owed FROM receivable"
    )
    owed = {row["invoice_id"]: row["owed"] for row in rows}
    return [owed[each] for each in bills]


async def test_one_charge_pays_the_bills_that_it_was_asked_for(online: Online) -> None:
    customer, bills = await owing(online, 45_000, 105_000, 105_000)
    token = await token_for(online, customer, bills[:2])
    page = (await online.browser.get(f"/pay/{token}")).text
    assert "1,500.00" in page
    assert "450.00" in page
    await online.checkout(token, "sandbox")
    row = await online.row()
    assert row["amount_minor"] == 150_000
    before = await online.harness.last()
    assert (await online.call_back(row["reference"], 150_000)).json()["outcome"] == "heard"
    said = [each.message for each in await online.harness.said(after=before)]
    recorded = next(each for each in said if isinstance(each, PaymentRecorded))
    assert recorded.payments[0].invoice_id is None
    assert {each.invoice_id: each.amount_minor for each in recorded.payments[0].allocations} == {
        bills[0]: 45_000,
        bills[1]: 105_000,
    }
    assert [each.state for each in said if isinstance(each, PaymentLinkPaid)] == ["paid"]
    assert await balances(online, bills) == [0, 0, 105_000]
    receipt = (await online.browser.get(f"/paid/{row['reference']}")).text
    assert "1,500.00" in receipt
    assert "1,050.00" in receipt


async def test_a_part_settles_the_oldest_of_them_first(online: Online) -> None:
    customer, bills = await owing(online, 45_000, 105_000)
    token = await token_for(online, customer, bills)
    await online.checkout(token, "sandbox", amount="500.00")
    row = await online.row()
    await online.call_back(row["reference"], 50_000)
    assert await balances(online, bills) == [0, 100_000]


async def test_what_was_paid_meanwhile_is_credit_and_redelivery_changes_nothing(online: Online) -> None:
    customer, bills = await owing(online, 45_000, 105_000)
    together, alone = await token_for(online, customer, bills), await online.link(customer, bills[0])
    await online.checkout(together, "sandbox")
    both = (await online.row())["reference"]
    await online.checkout(alone, "sandbox")
    one = (await online.row())["reference"]
    await online.call_back(one, 45_000)
    for _ in range(2):
        await online.call_back(both, 150_000, id="evt-1")
    await online.call_back(both, 150_000)
    assert await balances(online, bills) == [0, 0]
    assert await online.harness.pool.fetchval("SELECT credit_minor FROM account") == 45_000
    assert await online.harness.pool.fetchval("SELECT count(*) FROM payment") == 2


async def test_a_bill_voided_meanwhile_leaves_its_part_as_credit(online: Online) -> None:
    customer, [newer] = await owing(online, 105_000)
    older = online.harness.bill(customer, 45_000, due_on=DUE[0])
    await online.harness.tell(older)
    token = await token_for(online, customer, [older.invoice_id, newer])
    await online.checkout(token, "sandbox")
    reference = (await online.row())["reference"]
    await online.harness.tell(online.harness.voided(older))
    await online.call_back(reference, 150_000)
    assert await balances(online, [newer]) == [0]
    assert await online.harness.pool.fetchval("SELECT credit_minor FROM account") == 45_000


async def test_two_phones_that_pay_all_of_them_pay_once_and_the_second_is_credit(online: Online) -> None:
    customer, bills = await owing(online, 45_000, 105_000)
    for token in (await token_for(online, customer, bills), await token_for(online, customer, bills)):
        await online.checkout(token, "sandbox")
    references = [
        row["reference"] for row in await online.harness.pool.fetch("SELECT reference FROM checkout")
    ]
    assert len(references) == 2
    for reference in references:
        await online.call_back(reference, 150_000)
    assert await balances(online, bills) == [0, 0]
    assert await online.harness.pool.fetchval("SELECT credit_minor FROM account") == 150_000


async def test_a_link_to_several_leaves_each_bills_own_link_and_is_refused_as_theirs_would_be(
    online: Online,
) -> None:
    customer, bills = await owing(online, 45_000, 105_000)
    alone = await online.link(customer, bills[0])
    command = of_several(customer, bills)
    first = await online.harness.ask(command)
    again = await online.harness.ask(command)
    assert first == again
    assert (await online.browser.get(f"/pay/{alone}")).status_code == 200
    stranger = await online.harness.customer("C-2", mobile=MOBILE)
    theirs = await online.harness.billed(stranger)
    refused = await online.harness.ask(of_several(customer, [bills[0], theirs]))
    assert isinstance(refused, CommandRefused)
    assert refused.code == "not-found"
    other = await online.harness.ask(command.model_copy(update={"further_invoice_ids": ()}))
    assert isinstance(other, CommandRefused)
    assert other.code == "id-taken"


async def test_money_that_differs_from_their_sum_is_held_for_the_customer(online: Online) -> None:
    customer, bills = await owing(online, 45_000, 105_000)
    await online.checkout(await token_for(online, customer, bills), "sandbox")
    before = await online.harness.last()
    await online.call_back((await online.row())["reference"], 149_999)
    held = next(
        each.message
        for each in await online.harness.said(after=before)
        if isinstance(each.message, HeldPaymentState)
    )
    assert (held.customer_id, held.invoice_id, held.reason) == (customer, None, "amount-mismatch")


async def test_nobody_is_reminded_of_a_bill_that_is_just_being_paid_with_others(online: Online) -> None:
    customer, bills = await owing(online, 45_000, 105_000)
    await online.checkout(await token_for(online, customer, bills), "sandbox")
    await online.meddle("UPDATE checkout SET returned_at = now()")
    async with in_transaction(online.harness.pool) as tx:
        good, skipped = await _sort_out(tx, bills)
    assert (good, skipped["pending-checkout"]) == ([], 2)
