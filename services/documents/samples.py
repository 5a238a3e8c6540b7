"""Samples to preview a profile with: documents of a customer who does not exist."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.documents import (
    Addressee,
    BillPayment,
    OpenBill,
    PreviewIspProfile,
    RenderDocument,
    RenderReceipt,
    RenderStatement,
    SettledBill,
    Settlement,
    StatementEntry,
)
from shared.contracts.invoicing import InvoiceIssued, InvoiceLine

NOBODY = UUID("019a0000-0000-7000-8000-000000000000")
NUMBER = "SAMPLE-000123"
CODE = "SAMPLE-0042"
MOBILE = "+8801711000412"
PAY_URL = "https://pay.example/sample"


def invoice(preview: PreviewIspProfile, operator_name: str, currency: str, now: datetime) -> RenderDocument:
    """Return an invoice, paid in part."""
    payment = BillPayment(paid_on=now.date(), method="cash", reference="MR-5521", amount_minor=60_000)
    return RenderDocument(
        **_asked(preview),
        invoice=_bill(preview, operator_name, currency, now),
        customer_address=_address(preview.language),
        settlement=Settlement(as_of=now, paid_minor=60_000, balance_minor=45_000, payments=(payment,)),
        pay_url=PAY_URL,
    )


def _bill(preview: PreviewIspProfile, operator_name: str, currency: str, now: datetime) -> InvoiceIssued:
    line = _line(preview.language)
    return InvoiceIssued(
        invoice_id=NOBODY,
        number=NUMBER,
        period=f"{now:%Y-%m}",
        issued_on=now.date(),
        due_on=now.date(),
        currency=currency,
        lines=(line,),
        net_minor=line.net_minor,
        vat_basis_points=line.vat_basis_points,
        vat_minor=line.vat_minor,
        total_minor=line.total_minor,
        operator_id=preview.change.operator_id,
        operator_name=operator_name,
        package_id=NOBODY,
        package_name=line.description,
        customer_id=NOBODY,
        customer_code=CODE,
        customer_name=_name(preview.language),
        customer_mobile=MOBILE,
        run_id=None,
        issued_at=now,
        version=1,
    )


def _line(language: str | None) -> InvoiceLine:
    return InvoiceLine(
        description="হোম ৩০ এমবিপিএস" if language == "bn" else "Home 30 Mbps",
        quantity=1,
        unit_minor=100_000,
        net_minor=100_000,
        vat_basis_points=500,
        vat_minor=5_000,
        total_minor=105_000,
    )


def receipt(preview: PreviewIspProfile, operator_name: str, currency: str, now: datetime) -> RenderReceipt:
    """Return a receipt of a payment that settles a bill and leaves credit."""
    settled = SettledBill(number=NUMBER, period=f"{now:%Y-%m}", settled_minor=105_000, open_minor=0)
    return RenderReceipt(
        **_asked(preview),
        payment_id=NOBODY,
        payment_version=1,
        number="MR-5534",
        customer=_addressee(preview, operator_name),
        amount_minor=150_000,
        currency=currency,
        method="cash",
        paid_on=now.date(),
        recorded_at=now,
        received_by=preview.actor.name,
        settles=(settled,),
        credit_minor=45_000,
        balance_minor=0,
        as_of=now,
        portal_url=PAY_URL,
    )


def statement(
    preview: PreviewIspProfile, operator_name: str, currency: str, now: datetime
) -> RenderStatement:
    """Return a statement of one month."""
    first, period = now.date().replace(day=1), f"{now:%Y-%m}"
    return RenderStatement(
        **_asked(preview),
        customer=_addressee(preview, operator_name),
        currency=currency,
        from_date=first,
        to_date=now.date(),
        opening_minor=0,
        entries=(
            _entry(first, "bill", period=period, reference=NUMBER, billed_minor=105_000),
            _entry(now.date(), "payment", method="cash", reference="MR-5534", paid_minor=60_000),
        ),
        closing_minor=45_000,
        open_bills=(OpenBill(number=NUMBER, period=period, due_on=now.date(), balance_minor=45_000),),
        as_of=now,
        portal_url=PAY_URL,
    )


def _entry(day: date, kind: Literal["bill", "payment"], **more: str | int) -> StatementEntry:
    return StatementEntry.model_validate({"on": day, "kind": kind, **more})


def _asked(preview: PreviewIspProfile) -> dict[str, Any]:
    return {"actor": preview.actor, "scope": preview.scope, "document_id": preview.document_id}


def _addressee(preview: PreviewIspProfile, operator_name: str) -> Addressee:
    return Addressee(
        customer_id=NOBODY,
        code=CODE,
        name=_name(preview.language),
        mobile=MOBILE,
        address=_address(preview.language),
        operator_id=preview.change.operator_id,
        operator_name=operator_name,
    )


def _name(language: str | None) -> str:
    return "নুসরাত জাহান মিম" if language == "bn" else "Nusrat Jahan Mim"


def _address(language: str | None) -> str:
    return "বাসা ১৪, রোড ৬, পল্লবী, ঢাকা ১২১৬" if language == "bn" else "House 14, Road 6, Pallabi, Dhaka 1216"
