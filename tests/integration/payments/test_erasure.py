"""An erased customer's money stays, and every word beside it goes, however late it comes."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from shared.contracts.catalog import CustomerChanged, CustomerErased
from shared.contracts.payments import MoneyRepublished
from tests.integration.payments.harness import PaymentsHarness
from tests.integration.traces import traces_of

NAME, MOBILE = "Nadira Begum Shefali", "+8801799887766"


def erased(customer: CustomerChanged) -> tuple[CustomerChanged, CustomerErased]:
    """What invoicing says when a customer is erased."""
    changed = customer.model_copy(
        update={"name": f"Erased customer {customer.code}", "mobile": None, "version": customer.version + 1}
    )
    return changed, CustomerErased(
        customer_id=customer.customer_id,
        operator_id=customer.operator_id,
        code=customer.code,
        erased_at=datetime.now(UTC),
        version=changed.version,
    )


async def who_paid(harness: PaymentsHarness) -> tuple[CustomerChanged, UUID]:
    customer = harness.customer_changed("C-1").model_copy(update={"name": NAME, "mobile": MOBILE})
    await harness.tell(customer)
    invoice_id = await harness.billed(customer.customer_id, 1_000)
    note = {"reference": MOBILE, "note": f"brought by {NAME}"}
    await harness.ask(harness.pays(customer.customer_id, 1_500, invoice_id, **note))
    await harness.ask(harness.refunds(customer.customer_id, 500, reason=f"{NAME} moved"))
    return customer, invoice_id


async def test_the_money_stays_and_the_words_go(harness: PaymentsHarness) -> None:
    customer, invoice_id = await who_paid(harness)
    assert await traces_of(harness.pool, NAME, MOBILE)
    for message in erased(customer):
        await harness.tell(message)
    before = await harness.last()
    await harness.work()
    assert await traces_of(harness.pool, NAME, MOBILE) == []
    assert await harness.paid(invoice_id) == 1_000
    said = [each.message for each in await harness.said(after=before)]
    assert [each.payments[0].reference for each in said if isinstance(each, MoneyRepublished)] == [None]


async def test_what_comes_twice_or_late_brings_nothing_back(harness: PaymentsHarness) -> None:
    customer, _ = await who_paid(harness)
    changed, gone = erased(customer)
    await harness.tell(gone)
    await harness.work()
    await harness.tell(changed)
    await harness.tell(gone)
    await harness.tell(customer)
    await harness.ask(harness.pays(customer.customer_id, 700, note=f"late, of {NAME}"))
    await harness.work()
    assert await traces_of(harness.pool, NAME, MOBILE) == []
    assert await harness.credit(customer.customer_id) == 700


async def test_another_customers_words_stay(harness: PaymentsHarness) -> None:
    customer, _ = await who_paid(harness)
    other = harness.customer_changed("C-2")
    await harness.tell(other)
    await harness.ask(harness.pays(other.customer_id, 300, note="in two coins"))
    for message in erased(customer):
        await harness.tell(message)
    await harness.work()
    assert await traces_of(harness.pool, "in two coins")
