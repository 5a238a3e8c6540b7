"""Partners: one receipt for each event that can be read, and no money taken twice or lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.consumer import Record
from shared.contracts.envelope import CommandCompleted
from shared.contracts.partner import PaymentReceipt
from shared.contracts.payments import (
    ChangePartner,
    ClosePartner,
    HeldPaymentPlaced,
    PartnerChanged,
    PaymentHeld,
    PaymentRecorded,
)
from shared.ids import new_id
from tests.integration.payments.harness import (
    CLERK,
    PaymentsHarness,
    body,
    customer,
    raw,
    received,
    record,
    structured,
)

TOPIC = "partner.bkash.payments"
TYPE = "payment.received.v1"


async def test_adding_a_partner_is_said_once_whatever_is_sent_again(harness: PaymentsHarness) -> None:
    command = await harness.partner("bkash", harness.north)
    await harness.hear(command)
    await harness.work()
    said = await harness.said_of(PartnerChanged)
    assert {(each.name, each.operator_id) for each in said} == {("bkash", harness.north)}
    causes = [each.causation_id for each in await harness.said()]
    assert len(set(causes)) == len(causes)


async def test_a_partners_payment_is_recorded_with_a_receipt(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(100)
    await harness.bring(received("bkash", "T1", 70, invoice_id=str(bill.invoice_id), payer_reference="017"))
    assert await harness.paid_of(bill) == [70]
    (said,) = await harness.said_of(PaymentRecorded)
    payment = said.payments[0]
    assert (payment.source, payment.method, payment.reference) == ("partner:bkash", "partner", "017")
    (receipt,) = await harness.said_of(PaymentReceipt)
    assert (receipt.outcome, receipt.payment_id, receipt.our_payment_id) == (
        "recorded", "T1", payment.payment_id,
    )  # fmt: skip
    assert receipt.event_id is not None
    assert (await harness.said())[-1].topic == "partner.bkash.receipts"


async def test_structured_mode_is_as_good_as_binary(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(100)
    await harness.bring(structured("bkash", "T1", 100, invoice_number=bill.number))
    assert await harness.paid_of(bill) == [100]
    (receipt,) = await harness.said_of(PaymentReceipt)
    assert (receipt.outcome, receipt.event_id) == ("recorded", "event-T1")


async def test_an_event_fifty_times_is_money_once(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(10_000)
    event = {"invoice_id": str(bill.invoice_id)}
    await harness.bring(*(received("bkash", "T1", 100, **event) for _ in range(25)))
    for _ in range(25):
        await harness.bring(received("bkash", "T1", 100, **event))
    assert await harness.paid_of(bill) == [100]
    outcomes = [outcome for _, outcome in await harness.receipts()]
    assert sorted(outcomes) == ["duplicate"] * 49 + ["recorded"]


@pytest.mark.parametrize(
    "differs", [{"amount": 101}, {"currency": "USD"}, {"invoice_number": "ISP-1", "invoice_id": None}]
)
@pytest.mark.parametrize("together", [True, False])
async def test_the_same_id_with_other_facts_is_a_conflict(
    harness: PaymentsHarness, differs: dict[str, Any], together: bool
) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(100)
    first = received("bkash", "T1", 100, invoice_id=str(bill.invoice_id))
    second = received("bkash", "T1", **{"amount": 100, "invoice_id": str(bill.invoice_id), **differs})
    if together:
        await harness.bring(first, second)
    else:
        await harness.bring(first)
        await harness.bring(second)
    assert await harness.receipts() == [("T1", "recorded"), ("T1", "conflict")]
    assert await harness.paid_of(bill) == [100]


async def test_two_partners_may_use_the_same_id(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    await harness.partner("nagad")
    bill = await harness.issue(100)
    event = {"invoice_id": str(bill.invoice_id)}
    await harness.bring(received("bkash", "T1", 40, **event), received("nagad", "T1", 40, **event))
    assert await harness.paid_of(bill) == [80]


@pytest.mark.parametrize(
    ("paid_at", "paid_on"),
    [
        ("2026-01-05T23:30:00", date(2026, 1, 5)),
        ("2026-01-05 23:30", date(2026, 1, 5)),
        ("2026-01-05T23:30:00Z", date(2026, 1, 6)),
        ("2026-01-05T01:00:00-11:00", date(2026, 1, 5)),
        ("1970-01-01T00:00:00", date(1970, 1, 1)),
    ],
)
async def test_a_time_without_a_zone_is_in_the_billing_zone(
    harness: PaymentsHarness, paid_at: str, paid_on: date
) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(100)
    await harness.bring(received("bkash", "T1", 100, invoice_id=str(bill.invoice_id), paid_at=paid_at))
    (recorded,) = await harness.said_of(PaymentRecorded)
    assert recorded.payments[0].paid_on == paid_on


async def test_what_a_record_says_of_its_own_time_may_be_anything(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(300)
    for number, timestamp in enumerate((-1, 2**63 - 1, 253_402_300_800_000)):
        event = received("bkash", f"T{number}", 100, invoice_id=str(bill.invoice_id))
        await harness.bring(replace(event, timestamp=timestamp))
    assert await harness.paid_of(bill) == [300]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"amount": 0}, "amount_minor"),
        ({"amount": -5}, "amount_minor"),
        ({"amount": 12.0}, "amount_minor"),
        ({"amount": "12"}, "amount_minor"),
        ({"amount": True}, "amount_minor"),
        ({"amount": 2**63}, "amount_minor"),
        ({"currency": "taka"}, "currency"),
        ({"currency": None}, "currency"),
        ({"paid_at": "yesterday"}, "paid_at"),
        ({"paid_at": None}, "paid_at"),
        ({"paid_at": "0001-01-01T00:00:00"}, "paid_at"),
        ({"paid_at": "1969-12-31T23:59:59Z"}, "paid_at"),
        ({"paid_at": "9999-12-31T23:59:59"}, "paid_at"),
        ({"paid_at": "9998-01-01T00:00:00Z"}, "paid_at"),
        ({"paid_at": 1767607200}, "paid_at"),
        ({"paid_at": "1767607200"}, "paid_at"),
        ({"paid_at": (datetime.now(UTC) + timedelta(hours=25)).isoformat()}, "paid_at"),
        ({"invoice_id": "no uuid"}, "invoice_id"),
        ({"invoice_id": None}, "invoice_id"),
        ({"customer_code": "C1"}, "customer_code"),
        ({"payer_reference": "a\x00b"}, "payer_reference"),
    ],
)
async def test_wrong_fields_are_rejected_by_name(
    harness: PaymentsHarness, fields: dict[str, Any], named: str
) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(100)
    good = received("bkash", "T2", 100, invoice_id=str(bill.invoice_id))
    wrong = received("bkash", "T1", **{"amount": 100, "invoice_id": str(bill.invoice_id), **fields})
    await harness.bring(wrong, good)
    assert sorted(await harness.receipts()) == [("T1", "rejected"), ("T2", "recorded")]
    receipt = next(each for each in await harness.said_of(PaymentReceipt) if each.outcome == "rejected")
    assert named in (receipt.reason or "")
    assert "Value error" not in (receipt.reason or "")
    assert await harness.dead_letters() == 0
    await harness.bring(received("bkash", "T1", 5, invoice_id=str(bill.invoice_id)))
    assert ("T1", "recorded") in await harness.receipts()


@pytest.mark.parametrize(
    "bad",
    [
        raw(TOPIC, None, TYPE),
        raw(TOPIC, b"", TYPE),
        raw(TOPIC, b"\xff\xfe{}", TYPE),
        raw(TOPIC, b"not json", TYPE),
        raw(TOPIC, b"[1]", TYPE),
        raw(TOPIC, b"null", TYPE),
        raw(TOPIC, body("T1"), None),
        raw(TOPIC, body("T1"), "payment.received.v2"),
        raw(TOPIC, b"42", None),
    ],
)
async def test_what_is_no_event_is_a_dead_letter_without_a_receipt(
    harness: PaymentsHarness, bad: Record
) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(100)
    await harness.bring(bad, received("bkash", "T2", 100, invoice_id=str(bill.invoice_id)))
    assert await harness.dead_letters() == 1
    assert await harness.receipts() == [("T2", "recorded")]


async def test_odd_headers_do_not_matter(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    bill = await harness.issue(100)
    odd = [("x-null", None), ("x-bytes", b"\xff\xfe"), ("ce_subject", None), ("traceparent", b"\xff")]
    value = body("T1", 100, invoice_id=str(bill.invoice_id))
    await harness.bring(raw(TOPIC, value, TYPE, id="not a uuid", headers=odd))
    (receipt,) = await harness.said_of(PaymentReceipt)
    assert (receipt.outcome, receipt.event_id) == ("recorded", "not a uuid")


async def test_an_event_of_a_partner_without_a_name_here_is_kept_as_a_dead_letter(
    harness: PaymentsHarness,
) -> None:
    await harness.bring(received("stranger", "T1", 100, customer_code="C1"))
    assert await harness.dead_letters() == 1


async def test_a_lump_sum_by_code_settles_the_oldest_due(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    id = new_id()
    await harness.hear(customer(id, "C1", harness.north))
    late = await harness.issue(100, customer_id=id)
    early = await harness.issue(100, customer_id=id, due_on=late.due_on.replace(day=1))
    await harness.bring(received("bkash", "T1", 250, customer_code="C1"))
    assert await harness.paid_of(early, late) == [100, 100]
    assert await harness.credit(id) == 50


@pytest.mark.parametrize("state", ["paid", "void"])
async def test_money_for_a_settled_bill_is_recorded_as_credit(harness: PaymentsHarness, state: str) -> None:
    from tests.integration.payments.harness import voided

    await harness.partner("bkash")
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill) if state == "paid" else voided(bill))
    await harness.bring(received("bkash", "T1", 30, invoice_id=str(bill.invoice_id)))
    assert await harness.receipts() == [("T1", "recorded")]
    assert await harness.credit(bill.customer_id) == 30


async def held_reasons(harness: PaymentsHarness) -> list[str]:
    return [each.reason for each in await harness.said_of(PaymentHeld)]


async def test_money_that_cannot_be_placed_is_held_with_the_reason(harness: PaymentsHarness) -> None:
    await harness.partner("bkash", harness.north)
    south = await harness.issue(100, operator_id=harness.south)
    mine = await harness.issue(100)
    await harness.hear(
        customer(new_id(), "TWIN", harness.north), customer(new_id(), "TWIN", harness.far_north)
    )
    await harness.hear(customer(new_id(), "SOUTH", harness.south))
    cases: list[tuple[dict[str, Any], str]] = [
        ({"invoice_id": str(new_id())}, "unknown-invoice"),
        ({"invoice_number": "ISP-999"}, "unknown-invoice"),
        ({"customer_code": "NOBODY"}, "unknown-customer"),
        ({"customer_code": "TWIN"}, "ambiguous-customer"),
        ({"customer_code": "SOUTH"}, "outside-reach"),
        ({"invoice_id": str(south.invoice_id)}, "outside-reach"),
        ({"invoice_number": mine.number, "currency": "USD"}, "currency-mismatch"),
    ]
    await harness.bring(*(received("bkash", f"T{n}", 10, **fields) for n, (fields, _) in enumerate(cases)))
    assert await held_reasons(harness) == [reason for _, reason in cases]
    receipts = await harness.said_of(PaymentReceipt)
    assert [(each.outcome, each.reason) for each in receipts] == [("held", reason) for _, reason in cases]
    assert await harness.paid_of(mine, south) == [0, 0]
    await harness.bring(received("bkash", "T0", 10, **cases[0][0]))
    assert (await harness.receipts())[-1] == ("T0", "duplicate")


@pytest.mark.parametrize("by", ["invoice_id", "invoice_number"])
async def test_held_money_meets_its_invoice(harness: PaymentsHarness, by: str) -> None:
    await harness.partner("bkash", harness.north)
    bill = harness.invoice(100, operator_id=harness.far_north)
    target = {by: str(bill.invoice_id) if by == "invoice_id" else bill.number}
    await harness.bring(received("bkash", "T1", 100, **target))
    assert await harness.receipts() == [("T1", "held")]
    await harness.bring(record(bill), record(bill))
    await harness.work()
    assert await harness.paid_of(bill) == [100]
    assert await harness.receipts() == [("T1", "held"), ("T1", "recorded")]
    (placed,) = await harness.said_of(HeldPaymentPlaced)
    (recorded,) = await harness.said_of(PaymentRecorded)
    assert placed.our_payment_id == recorded.payments[0].payment_id
    assert (placed.state, placed.version) == ("placed", 2)
    await harness.bring(received("bkash", "T1", 100, **target))
    assert (await harness.receipts())[-1] == ("T1", "duplicate")


async def test_held_money_meets_its_customer(harness: PaymentsHarness) -> None:
    await harness.partner("bkash", harness.north)
    id = new_id()
    bill = await harness.issue(100, customer_id=id)
    await harness.bring(received("bkash", "T1", 100, customer_code="C1"))
    await harness.hear(customer(new_id(), "C1", harness.south))
    await harness.work()
    assert await harness.receipts() == [("T1", "held")]
    await harness.hear(customer(id, "C1", harness.north))
    await harness.work()
    assert await harness.paid_of(bill) == [100]
    assert await harness.receipts() == [("T1", "held"), ("T1", "recorded")]


async def test_a_receipt_is_written_in_plain_json(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    await harness.bring(received("bkash", "T1", 0, customer_code="C1"))
    payload = await harness.pool.fetchval("SELECT payload FROM outbox WHERE topic = 'partner.bkash.receipts'")
    assert {"payment_id", "event_id", "outcome", "reason", "our_payment_id"} <= set(json.loads(payload))


async def test_a_batch_of_thousands_is_carried_in_sets(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    bills = [harness.invoice(100) for _ in range(500)]
    await harness.hear(*bills)
    await harness.bring(
        *(received("bkash", f"T{n}", 60, invoice_id=str(bills[n % 500].invoice_id)) for n in range(1_000))
    )
    assert set(await harness.paid_of(*bills)) == {100}
    assert len(await harness.receipts()) == 1_000
    assert sum([await harness.credit(each.customer_id) for each in bills[:10]]) == 200


async def test_a_partner_whose_name_makes_no_topic_is_refused(harness: PaymentsHarness) -> None:
    for name in ("Big", "a b", "a.b", "x" * 41):
        await harness.partner(name)
    assert await harness.refusals() == ["wrong-name"] * 4


async def test_adding_a_partner_needs_an_operator(harness: PaymentsHarness) -> None:
    await harness.partner("bkash", new_id())
    assert await harness.refusals() == ["not-found"]
    assert await harness.said_of(CommandCompleted) == []


async def test_a_closed_partner_pays_nothing_more_and_may_be_let_in_again(harness: PaymentsHarness) -> None:
    partner, bill = await harness.partner("bkash"), await harness.issue(100)
    await harness.bring(received("bkash", "T1", 60, invoice_id=str(bill.invoice_id)))
    close = ClosePartner(actor=CLERK, partner_id=partner.partner_id)
    await harness.hear(close, close)
    await harness.bring(received("bkash", "T2", 40, invoice_id=str(bill.invoice_id)))
    assert await harness.paid_of(bill) == [60]
    await harness.partner("bkash")
    await harness.work()
    await harness.bring(received("bkash", "T3", 40, invoice_id=str(bill.invoice_id)))
    assert await harness.paid_of(bill) == [100]
    assert [each.active for each in await harness.said_of(PartnerChanged)][-1]


async def test_closing_a_partner_out_of_reach_is_refused(harness: PaymentsHarness) -> None:
    partner = await harness.partner("bkash", harness.north)
    await harness.hear(ClosePartner(actor=CLERK, partner_id=partner.partner_id, scope=harness.south))
    await harness.hear(ClosePartner(actor=CLERK, partner_id=new_id()))
    assert await harness.refusals() == ["not-found"] * 2


async def test_the_money_of_a_paused_partner_is_held_and_placed_once_it_is_resumed(
    harness: PaymentsHarness,
) -> None:
    partner, bill, other = await harness.partner("bkash"), await harness.issue(100), harness.invoice(50)
    pause = ChangePartner(actor=CLERK, partner_id=partner.partner_id, paused=True)
    await harness.hear(pause)
    await harness.bring(
        received("bkash", "T1", 60, invoice_id=str(bill.invoice_id)),
        received("bkash", "T1", 60, invoice_id=str(bill.invoice_id)),
        received("bkash", "T2", 50, invoice_id=str(other.invoice_id)),
        received("bkash", "T3", 70, invoice_number="nobody-knows"),
    )
    await harness.hear(other)
    await harness.work()
    assert await harness.paid_of(bill, other) == [0, 0]
    said = [(each.outcome, each.reason) for each in await harness.said_of(PaymentReceipt)]
    assert said == [("held", "partner-paused"), ("duplicate", None)] + [("held", "partner-paused")] * 2
    await harness.hear(pause.model_copy(update={"paused": False}))
    await harness.work()
    assert await harness.paid_of(bill, other) == [60, 50]
    assert sorted((await harness.receipts())[4:]) == [("T1", "recorded"), ("T2", "recorded")]
    left = [each for each in await harness.said_of(PaymentHeld) if each.payment_id == "T3"][-1]
    assert (left.state, left.reason) == ("held", "unknown-invoice")


async def test_a_partner_given_to_another_operator_reaches_its_subtree(harness: PaymentsHarness) -> None:
    partner, bill = await harness.partner("bkash", harness.north), await harness.issue(100)
    await harness.hear(
        ChangePartner(actor=CLERK, partner_id=partner.partner_id, operator_id=harness.root),
        ChangePartner(
            actor=CLERK, partner_id=partner.partner_id, operator_id=harness.south, scope=harness.north
        ),
    )
    assert await harness.refusals() == ["not-found"]
    await harness.bring(received("bkash", "T1", 60, invoice_id=str(bill.invoice_id)))
    assert await harness.paid_of(bill) == [60]


async def test_a_removed_partner_is_not_changed(harness: PaymentsHarness) -> None:
    partner = await harness.partner("bkash")
    await harness.hear(ClosePartner(actor=CLERK, partner_id=partner.partner_id))
    await harness.hear(ChangePartner(actor=CLERK, partner_id=partner.partner_id, paused=True))
    assert await harness.refusals() == ["partner-removed"]
