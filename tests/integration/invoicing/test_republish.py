"""Republish: a newcomer hears everything again, word for word, and then that this was all."""

from __future__ import annotations

import pytest

from services.invoicing import workers
from services.invoicing.workers import republish
from shared.contracts.envelope import CommandCompleted, Message
from shared.contracts.invoicing import InvoiceIssued, Republish, RunProgressed, VoidInvoice
from shared.ids import new_id
from tests.integration.installation import leave_unsent
from tests.integration.invoicing.harness import CLERK, InvoicingHarness, apart

ALL = Republish(actor=CLERK, service="invoicing")


def latest(messages: list[Message]) -> dict[tuple[str, str], Message]:
    """The last state of each thing; runs by version, because their customers come in parts."""
    return {
        (type(each).type.split(".")[0], each.key() + _part(each)): each
        for each in messages
        if not isinstance(each, CommandCompleted)
    }


def _part(message: Message) -> str:
    if isinstance(message, RunProgressed):
        return f" {message.version}"
    return getattr(message, "number", "")


async def busy_month(harness: InvoicingHarness) -> None:
    await harness.tell(
        *(harness.customer(f"C-{n}") for n in range(7)), harness.customer("closed", status="closed")
    )
    await harness.bill("2026-12")
    for invoice in (await harness.said_of(InvoiceIssued))[:2]:
        await harness.ask(
            VoidInvoice(
                actor=CLERK,
                invoice_id=invoice.invoice_id,
                customer_id=invoice.customer_id,
                reason="Test",
                reissue=True,
            )
        )


async def test_everything_is_said_again_with_its_versions_and_then_the_end(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "ROWS_A_REPUBLISH_STEP", 3)
    await busy_month(harness)
    before = [one for each in await harness.said() for one in apart(each.message)]
    await harness.pool.execute("DELETE FROM outbox")
    command_id = new_id()
    assert await harness.tell(ALL, ALL, ids=[command_id, command_id]) == []
    while await republish(harness.pool):
        pass
    heard = await harness.said()
    assert {each.lane for each in heard} == {1}
    assert all(each.causation_id is None for each in heard)
    again = latest([each.message for each in heard])
    known = {
        place: message
        for place, message in latest(before).items()
        if not isinstance(message, RunProgressed) or message.state == "completed"
    }
    assert {place: each.model_dump() for place, each in again.items()} == {
        place: each.model_dump() for place, each in known.items()
    }
    await harness.pool.execute("DELETE FROM outbox")
    while await republish(harness.pool):
        pass
    [end] = await harness.said()
    assert isinstance(end.message, CommandCompleted)
    assert end.causation_id == command_id


async def test_only_the_subjects_that_are_named_are_said(harness: InvoicingHarness) -> None:
    await harness.pool.execute("DELETE FROM outbox")
    await harness.tell(ALL.model_copy(update={"subjects": ("packages",)}))
    while await republish(harness.pool):
        pass
    assert [type(each.message).__name__ for each in await harness.said()] == ["PackageChanged"]


async def test_the_end_waits_until_everything_has_left_the_outbox(harness: InvoicingHarness) -> None:
    await harness.tell(ALL)
    while await republish(harness.pool):
        pass
    assert await harness.said_of(CommandCompleted) == []


async def test_the_next_piece_waits_behind_what_has_not_left_the_outbox(harness: InvoicingHarness) -> None:
    await harness.tell(harness.customer("C-1"))
    await harness.tell(ALL)
    others = await leave_unsent(harness.pool, "partner.nobody.payments")
    assert await republish(harness.pool), "what waits for others' topics holds up none of it"
    unsent = await leave_unsent(harness.pool, "invoicing.customers")
    assert not await republish(harness.pool)
    await harness.pool.execute("DELETE FROM outbox WHERE id IN ($1, $2)", others, unsent)
    assert await republish(harness.pool)
