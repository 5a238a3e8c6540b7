"""The quick readers of money events and the contracts give the same answers, whatever is said."""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.contracts.money_in_bulk import Allocated, Recorded, SettledByCredit, SettledByPayment
from shared.contracts.payments import PaymentAllocated, PaymentRecorded

TEXTS = st.text(min_size=1, max_size=20)
MINOR = st.integers(0, 2**53 - 1)
VERSION = st.integers(1, 2**63 - 1)
ID = st.uuids().map(str)
MOMENT = st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
ALLOCATION = st.fixed_dictionaries({"invoice_id": ID, "amount_minor": MINOR})
PAYMENT = st.fixed_dictionaries(
    {
        "payment_id": ID, "customer_id": ID, "invoice_id": st.none() | ID,
        "amount_minor": st.integers(1, 2**53 - 1),
        "allocated_minor": MINOR, "credit_minor": MINOR, "currency": st.sampled_from(["BDT", "USD"]),
        "method": TEXTS, "paid_on": st.dates().map(str), "recorded_at": MOMENT, "recorded_by": TEXTS,
        "source": TEXTS, "reference": st.none() | TEXTS, "note": st.none() | TEXTS, "reversed": st.booleans(),
        "allocations": st.lists(ALLOCATION, max_size=2), "version": VERSION,
    },
    optional={
        "recorded_by_name": st.none() | TEXTS, "recorded_by_id": st.none() | ID, "external_id": TEXTS,
        "operator_id": ID, "reversal_reason": TEXTS, "reversed_at": st.none() | MOMENT, "reversed_by": TEXTS,
        "said_by_a_later_release": st.none() | TEXTS,
    },
)  # fmt: skip
RECEIVABLE = st.fixed_dictionaries(
    {
        "invoice_id": ID, "customer_id": ID,
        "total_minor": MINOR, "paid_minor": MINOR, "balance_minor": MINOR,
        "status": st.sampled_from(["unpaid", "partial", "paid", "void"]), "version": VERSION,
    }
)  # fmt: skip
MONEY = st.fixed_dictionaries(
    {
        "customer_id": ID, "payments": st.lists(PAYMENT, max_size=2),
        "receivables": st.lists(RECEIVABLE, max_size=2),
        "account": st.fixed_dictionaries({"customer_id": ID, "credit_minor": MINOR, "version": VERSION}),
    }
)  # fmt: skip
ODD = st.sampled_from(
    [
        None, "", "x", 0, -1, 1.0, 1.5, True, "1", 2**53, 2**63, 10**30, [], {}, "a\x00b", "\ud83d",
        "BDT\n", "bdt",
        "A" * 201, "A" * 2001, "2026-02-30", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00.1234567Z", 1700000000, "urn:uuid:12345678-1234-5678-1234-567812345678",
        "12345678123456781234567812345678", "{12345678-1234-5678-1234-567812345678}", "void", "০",
    ]
)  # fmt: skip


def places(said: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [before] if before else []
    steps = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    return found + [place for step, inner in steps for place in places(inner, (*before, step))]


@st.composite
def said(draw: st.DrawFn) -> bytes:
    """Money as we say it, or with something odd or missing in one place."""
    body = copy.deepcopy(draw(MONEY))
    if draw(st.booleans()):
        *way, last = draw(st.sampled_from(places(body)))
        inner: Any = body
        for step in way:
            inner = inner[step]
        if draw(st.booleans()):
            inner[last] = draw(ODD)
        else:
            del inner[last]
    return json.dumps(body, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


def plain(read: Any) -> Any:
    """What was read, whatever reads it."""
    if isinstance(read, BaseModel):
        return read.model_dump()
    if isinstance(read, msgspec.Struct):
        return {name: plain(getattr(read, name)) for name in read.__struct_fields__}
    return tuple(map(plain, read)) if isinstance(read, tuple) else read


def answer(read: Any, value: bytes) -> Any:
    try:
        return plain(read(value))
    except ValidationError:
        return "poison"


@given(said())
def test_a_quick_reader_answers_as_its_contract_does(value: bytes) -> None:
    assert answer(Recorded.read, value) == answer(PaymentRecorded.model_validate_json, value)
    assert answer(Allocated.read, value) == answer(PaymentAllocated.model_validate_json, value)


@given(said())
def test_what_is_paid_on_invoices_is_read_as_the_contract_reads_it(value: bytes) -> None:
    whole = answer(PaymentRecorded.model_validate_json, value)
    if whole != "poison":
        for read in (SettledByPayment.read, SettledByCredit.read):
            heard = answer(read, value)["receivables"]
            names = ("invoice_id", "paid_minor", "version")
            assert [tuple(each[name] for name in names) for each in heard] == [
                tuple(each[name] for name in names) for each in whole["receivables"]
            ]


def test_money_as_we_say_it_is_read_quickly() -> None:
    """Else both readers would be asked, and the quick one be a cost."""
    value = json.dumps(
        {
            "customer_id": "0199b5a0-0000-7000-8000-000000000001",
            "payments": [],
            "receivables": [],
            "account": {
                "customer_id": "0199b5a0-0000-7000-8000-000000000001",
                "credit_minor": 0,
                "version": 1,
            },
        }
    ).encode()
    assert isinstance(Recorded.read(value), Recorded)
    assert isinstance(SettledByPayment.read(value), SettledByPayment)
