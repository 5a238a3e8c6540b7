"""Commands to render with, as the gateway would send them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.contracts.documents import (
    Addressee,
    BillPayment,
    OpenBill,
    RenderDocument,
    RenderReceipt,
    RenderStatement,
    SettledBill,
    Settlement,
    StatementEntry,
)
from shared.contracts.envelope import Actor
from shared.contracts.invoicing import InvoiceIssued, InvoiceLine
from shared.ids import new_id

CLERK = Actor(kind="user", name="Clerk")
AT_TWO = datetime(2026, 12, 14, 8, 2, tzinfo=UTC)  # 14:02 in Dhaka
OPERATOR = UUID("019a0000-0000-7000-8000-0000000000aa")
CUSTOMER = UUID("019a0000-0000-7000-8000-0000000000bb")
INVOICE = UUID("019a0000-0000-7000-8000-0000000000cc")
PAYMENT = UUID("019a0000-0000-7000-8000-0000000000dd")
PAY_URL = "https://pay.shapla.example/pay/k7QmZ2xV9TfB"
PORTAL_URL = "https://pay.shapla.example/portal/T8mWc3ZrP5Kd"


def line(description: str = "Home 30 Mbps", net_minor: int = 100_000, basis_points: int = 500) -> InvoiceLine:
    vat_minor = (net_minor * basis_points + 5_000) // 10_000
    return InvoiceLine(
        description=description,
        quantity=1,
        unit_minor=net_minor,
        net_minor=net_minor,
        vat_basis_points=basis_points,
        vat_minor=vat_minor,
        total_minor=net_minor + vat_minor,
    )


def bill(*lines: InvoiceLine, **differs: Any) -> InvoiceIssued:
    rows = lines or (line(),)
    fields: dict[str, Any] = {
        "invoice_id": INVOICE,
        "number": "PLB-004187",
        "period": "2026-12",
        "issued_on": date(2026, 12, 1),
        "due_on": date(2026, 12, 10),
        "currency": "BDT",
        "lines": rows,
        "net_minor": sum(each.net_minor for each in rows),
        "vat_basis_points": 500,
        "vat_minor": sum(each.vat_minor for each in rows),
        "total_minor": sum(each.total_minor for each in rows),
        "operator_id": OPERATOR,
        "operator_name": "Pallabi Link",
        "package_id": OPERATOR,
        "package_name": "Home 30 Mbps",
        "customer_id": CUSTOMER,
        "customer_code": "PLB-20417",
        "customer_name": "Nusrat Jahan Mim",
        "customer_mobile": "+8801711000412",
        "run_id": None,
        "issued_at": AT_TWO,
        "version": 1,
    }
    return InvoiceIssued(**(fields | differs))


def paid(amount_minor: int, balance_minor: int, **differs: Any) -> Settlement:
    payment = BillPayment(
        paid_on=date(2026, 12, 14), method="cash", reference="MR-5521", amount_minor=amount_minor
    )
    fields: dict[str, Any] = {"as_of": AT_TWO, "payments": (payment,)}
    return Settlement(paid_minor=amount_minor, balance_minor=balance_minor, **(fields | differs))


def invoice(**differs: Any) -> RenderDocument:
    fields: dict[str, Any] = {
        "document_id": new_id(),
        "invoice": bill(),
        "customer_address": "House 14, Road 6, Pallabi, Dhaka 1216",
        "settlement": paid(60_000, 45_000),
        "pay_url": PAY_URL,
    }
    return RenderDocument(actor=CLERK, **(fields | differs))


BENGALI: dict[str, Any] = {
    "invoice": bill(
        line("হোম ২০ এমবিপিএস", 80_000),
        customer_name="মোঃ রফিকুল ইসলাম",
        operator_name="মিরপুর-১০ পয়েন্ট",
    ),
    "customer_address": "বাসা ৯, রোড ৩, মিরপুর-১০, ঢাকা ১২১৬",
    "settlement": paid(40_000, 44_000),
    "language": "bn",
}


def addressee() -> Addressee:
    return Addressee(
        customer_id=CUSTOMER,
        code="PLB-20416",
        name="Sharmin Akter",
        mobile="+8801711000631",
        address="House 8, Road 2, Pallabi, Dhaka 1216",
        operator_id=OPERATOR,
        operator_name="Pallabi Link",
    )


def receipt(**differs: Any) -> RenderReceipt:
    settled = (("PLB-002261", "2026-10", 45_000), ("PLB-003203", "2026-11", 105_000))
    fields: dict[str, Any] = {
        "document_id": new_id(),
        "payment_id": PAYMENT,
        "payment_version": 1,
        "number": "MR-5534",
        "customer": addressee(),
        "amount_minor": 195_000,
        "currency": "BDT",
        "method": "cash",
        "paid_on": date(2026, 12, 14),
        "recorded_at": AT_TWO,
        "received_by": "Rashed Karim",
        "settles": tuple(
            SettledBill(number=number, period=period, settled_minor=minor, open_minor=0)
            for number, period, minor in settled
        ),
        "credit_minor": 45_000,
        "balance_minor": 0,
        "as_of": AT_TWO,
        "portal_url": PORTAL_URL,
    }
    return RenderReceipt(actor=CLERK, **(fields | differs))


def statement(**differs: Any) -> RenderStatement:
    entries = (
        StatementEntry(
            on=date(2026, 7, 1), kind="bill", reference="SDG-000812", period="2026-07", billed_minor=262_500
        ),
        StatementEntry(
            on=date(2026, 9, 8), kind="payment", reference="FT-4471", method="bkash", paid_minor=525_000
        ),
        StatementEntry(
            on=date(2026, 11, 11), kind="reversal", reason="cheque returned", paid_minor=-262_500
        ),
        StatementEntry(
            on=date(2026, 11, 18), kind="void", reference="SDG-001671", reason="wrong package",
            billed_minor=-100_000,
        ),
    )  # fmt: skip
    fields: dict[str, Any] = {
        "document_id": new_id(),
        "customer": addressee(),
        "currency": "BDT",
        "from_date": date(2026, 7, 1),
        "to_date": date(2026, 12, 14),
        "opening_minor": 131_250,
        "entries": entries,
        "closing_minor": 131_250 + 262_500 - 525_000 + 262_500 - 100_000,
        "open_bills": (
            OpenBill(number="SDG-001894", period="2026-12", due_on=date(2026, 12, 10), balance_minor=31_250),
        ),
        "as_of": AT_TWO,
        "portal_url": PORTAL_URL,
    }
    return RenderStatement(actor=CLERK, **(fields | differs))
