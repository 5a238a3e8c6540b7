"""Bills that come as a set: as if each came alone, whatever is wrong with one of them, in any order."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.payments import store
from services.payments.store import Accounts
from shared.consumer import Record
from shared.contracts.invoicing import InvoiceIssued
from shared.db import Tx
from tests.integration.payments.harness import PaymentsHarness, customer, record, voided
from tests.invoice_sets import set_of


def spoilt(said: Record, place: int, **wrong: Any) -> Record:
    """The set with something wrong in one of its rows."""
    value = json.loads(said.value or b"")
    value["invoices"][place] |= wrong
    return replace(said, value=json.dumps(value).encode())


async def known(harness: PaymentsHarness) -> set[str]:
    return {row["number"] for row in await harness.pool.fetch("SELECT number FROM receivable")}


async def letters(harness: PaymentsHarness) -> list[list[str]]:
    """The numbers of the invoices in each dead letter."""
    values = await harness.pool.fetch("SELECT value FROM dead_letter")
    return [[row["number"] for row in json.loads(each["value"])["invoices"]] for each in values]


async def test_a_set_makes_each_of_its_bills_once_however_often_it_comes(harness: PaymentsHarness) -> None:
    bills = [harness.invoice(100 + place % 3) for place in range(300)]
    said = record(set_of(*bills[:150])), record(set_of(*bills[150:]))
    await harness.bring(*said)
    before = await harness.pool.fetch("SELECT * FROM receivable ORDER BY invoice_id")
    assert {row["invoice_id"] for row in before} == {bill.invoice_id for bill in bills}
    await harness.bring(*said, said[0])
    assert await harness.pool.fetch("SELECT * FROM receivable ORDER BY invoice_id") == before


async def test_a_bill_of_a_set_is_what_it_would_be_by_itself(harness: PaymentsHarness) -> None:
    bills, alone = [harness.invoice(100) for _ in range(2)], [harness.invoice(100) for _ in range(2)]
    await harness.hear(set_of(*bills))
    await harness.hear(*alone)
    rows = await harness.pool.fetch("SELECT * FROM receivable")
    own = ("invoice_id", "customer_id", "number")
    said = [{name: value for name, value in row.items() if name not in own} for row in rows]
    assert said == said[:1] * 4
    for bill in (*bills, *alone):
        assert [getattr(bill, name) for name in own] in [[row[name] for name in own] for row in rows]


async def test_a_set_is_settled_by_credit_and_by_money_that_waited(harness: PaymentsHarness) -> None:
    paid_ahead, waited_for = harness.invoice(100), harness.invoice(100)
    await harness.hear(customer(paid_ahead.customer_id, "C-1", harness.north))
    await harness.hear(harness.settles(paid_ahead, 150, invoice_id=None))
    await harness.hear(harness.settles(waited_for))
    bills = [paid_ahead, waited_for, *(harness.invoice(100) for _ in range(200))]
    await harness.hear(set_of(*bills))
    await harness.work()
    assert await harness.paid_of(paid_ahead, waited_for, bills[2]) == [100, 100, 0]
    assert await harness.credit(paid_ahead.customer_id) == 50
    await harness.check_books()


async def test_a_set_and_the_void_of_one_of_it_end_alike_in_either_order(harness: PaymentsHarness) -> None:
    for void_first in (True, False):
        bills = [harness.invoice(100) for _ in range(3)]
        said = [set_of(*bills), voided(bills[1])]
        for message in reversed(said) if void_first else said:
            await harness.hear(message)
        ids = [bill.invoice_id for bill in bills]
        rows = await harness.pool.fetch("SELECT invoice_id FROM receivable WHERE voided")
        assert [row["invoice_id"] for row in rows if row["invoice_id"] in ids] == [bills[1].invoice_id]


async def test_old_messages_and_sets_are_read_beside_each_other(harness: PaymentsHarness) -> None:
    first, second, third = (harness.invoice(100) for _ in range(3))
    await harness.hear(first, set_of(first, second), third, voided(second))
    assert await known(harness) == {first.number, second.number, third.number}
    assert await harness.pool.fetchval("SELECT count(*) FROM receivable WHERE voided") == 1


async def test_an_invoice_that_cannot_be_read_leaves_its_set_alone(harness: PaymentsHarness) -> None:
    bills = [harness.invoice(100) for _ in range(5)]
    good = harness.invoice(100)
    said = spoilt(record(set_of(*bills)), 2, number=7)
    await harness.bring(said, record(good))
    assert await known(harness) == {bill.number for bill in (*bills, good)} - {bills[2].number}
    assert await letters(harness) == [[7]]


async def test_invoices_that_cannot_be_handled_become_one_letter_which_can_be_sent_again(
    harness: PaymentsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    bills = [harness.invoice(100) for _ in range(6)]
    said = record(set_of(*bills))
    lock, poison = store.lock_accounts_with_credit, {str(bills[1].customer_id), str(bills[4].customer_id)}

    async def lock_others(tx: Tx, customer_ids: Collection[UUID | str], **differs: Any) -> Accounts:
        if poison.intersection(map(str, customer_ids)):
            raise ValueError("a fault of ours")
        return await lock(tx, customer_ids, **differs)

    monkeypatch.setattr(store, "lock_accounts_with_credit", lock_others)
    await harness.bring(said)
    bad = {bills[1].number, bills[4].number}
    assert await known(harness) == {bill.number for bill in bills} - bad
    [letter] = await harness.pool.fetch("SELECT * FROM dead_letter")
    assert (letter["topic"], letter["partition"], letter["offset"]) == (
        said.topic,
        said.partition,
        said.offset,
    )
    assert await letters(harness) == [[bills[1].number, bills[4].number]]
    monkeypatch.undo()
    await harness.bring(replace(said, value=letter["value"], offset=said.offset + 1_000))
    assert await known(harness) == {bill.number for bill in bills}


async def test_a_set_whose_common_part_is_wrong_is_parked_whole(harness: PaymentsHarness) -> None:
    bills: list[InvoiceIssued] = [harness.invoice(100) for _ in range(3)]
    said = record(set_of(*bills))
    value = json.loads(said.value or b"") | {"currency": "taka"}
    await harness.bring(replace(said, value=json.dumps(value).encode()))
    assert await known(harness) == set()
    assert await letters(harness) == [[bill.number for bill in bills]]


async def test_names_with_control_characters_stay_in_their_columns(harness: PaymentsHarness) -> None:
    bills = [harness.invoice(100, number=f"odd\x1f{place}\x1e\x1d") for place in range(3)]
    await harness.hear(set_of(*bills))
    assert await known(harness) == {bill.number for bill in bills}
