"""The messages of partner systems: payments received, and our receipt for each."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from shared.contracts.envelope import Currency, Message, PositiveMinor, ShortText, Text

PARTNER_TOPICS = r"^partner\.[a-z0-9][a-z0-9-]{0,39}\.payments$"
EARLIEST_YEAR, LATEST_YEAR = 1970, 9998
_WRITTEN_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def _written_out(said: Any) -> Any:
    if not isinstance(said, datetime | str) or (isinstance(said, str) and not _WRITTEN_TIME.match(said)):
        raise ValueError("a time of RFC 3339, such as 2026-03-31T23:30:00+06:00")
    return said


def _within_reach(moment: datetime) -> datetime:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"lies outside {EARLIEST_YEAR}–{LATEST_YEAR}")
    return moment


# Not strict: behind a validator of ours pydantic would take no text; a bare `datetime` takes "1700000000".
PaidAt = Annotated[
    datetime, Field(strict=False), BeforeValidator(_written_out), AfterValidator(_within_reach)
]
PartnerName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class PaymentReceived(Message):
    """A partner took money for us; it names exactly one of invoice id, invoice number, customer code."""

    type: ClassVar[str] = "payment.received.v1"
    topic: ClassVar[str] = "partner.<name>.payments"

    payment_id: ShortText
    amount_minor: PositiveMinor
    currency: Currency
    paid_at: PaidAt
    invoice_id: UUID | None = None
    invoice_number: ShortText | None = None
    customer_code: ShortText | None = None
    method: ShortText | None = None
    payer_reference: Text | None = None

    @model_validator(mode="after")
    def names_one_target(self) -> PaymentReceived:
        targets = (self.invoice_id, self.invoice_number, self.customer_code)
        if sum(target is not None for target in targets) != 1:
            raise ValueError("name exactly one of invoice_id, invoice_number, customer_code")
        return self

    def key(self) -> str:
        return self.payment_id


class PaymentReceipt(Message):
    """Our answer to one partner event; `held` is followed by one final receipt."""

    type: ClassVar[str] = "payment.receipt.v1"
    topic: ClassVar[str] = "partner.<name>.receipts"

    partner: PartnerName
    payment_id: Text | None
    event_id: Text | None
    outcome: Literal["recorded", "duplicate", "conflict", "held", "rejected"]
    reason: Text | None = None
    our_payment_id: UUID | None = None

    def destination(self) -> str:
        return f"partner.{self.partner}.receipts"

    def key(self) -> str:
        return self.payment_id or self.event_id or self.partner
