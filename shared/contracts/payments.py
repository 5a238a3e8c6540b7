"""Money as payments says it: payments, allocations, receivables, credit; and the commands that move it.

Every event that moves money is one shape: the whole state of everything it touched, each with its version.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from shared.contracts.envelope import (
    Command,
    Count,
    Currency,
    Message,
    Minor,
    PositiveMinor,
    Shape,
    ShortText,
    Text,
    Version,
)

ReceivableStatus = Literal["unpaid", "partial", "paid", "void"]
HeldReason = Literal[
    "unknown-invoice",
    "unknown-customer",
    "ambiguous-customer",
    "currency-mismatch",
    "outside-reach",
    "amount-mismatch",
    "amount-too-large",
]


class Allocation(Shape):
    """The part of one payment that settles one invoice, as of now (0 after a reversal)."""

    invoice_id: UUID
    amount_minor: Minor


class PaymentState(Shape):
    """A payment as of now. amount = allocated + credit + reversed-or-refunded."""

    payment_id: UUID
    customer_id: UUID
    invoice_id: UUID | None  # the invoice it named; None for a lump sum
    amount_minor: PositiveMinor
    allocated_minor: Minor
    credit_minor: Minor
    currency: Currency
    method: ShortText
    paid_on: date
    recorded_at: datetime
    recorded_by: ShortText  # an e-mail address, "partner:<name>" or "provider:<name>"
    recorded_by_name: ShortText | None = None
    recorded_by_id: UUID | None = None  # the user
    source: ShortText  # "desk", "partner:<name>", "provider:<name>"
    reference: Text | None
    note: Text | None
    reversed: bool
    reversal_reason: Text | None = None
    reversed_at: datetime | None = None
    reversed_by: Text | None = None
    allocations: tuple[Allocation, ...]
    version: Version


class ReceivableState(Shape):
    """What payments knows of one invoice."""

    invoice_id: UUID
    customer_id: UUID
    total_minor: Minor
    paid_minor: Minor
    balance_minor: Minor
    status: ReceivableStatus
    version: Version


class AccountState(Shape):
    """A customer's credit: received less allocated, reversed and refunded."""

    customer_id: UUID
    credit_minor: Minor
    version: Version


class MoneyMoved(Message):
    """The shape of every money event: all states it touched, one customer at a time."""

    topic: ClassVar[str] = "payments.payments"

    customer_id: UUID
    payments: tuple[PaymentState, ...]
    receivables: tuple[ReceivableState, ...]
    account: AccountState

    def key(self) -> str:
        return str(self.customer_id)


class PaymentRecorded(MoneyMoved):
    """Money came in; `payments[0]` is the new payment."""

    type: ClassVar[str] = "payment.recorded.v1"


class PaymentAllocated(MoneyMoved):
    """Credit settled an invoice, or was released from a voided one."""

    type: ClassVar[str] = "payment.allocated.v1"


class PaymentReversed(MoneyMoved):
    """A payment was taken back; `payments[0]` is the one."""

    type: ClassVar[str] = "payment.reversed.v1"


class CreditRefunded(MoneyMoved):
    """Credit was paid back to the customer."""

    type: ClassVar[str] = "payment.refunded.v1"

    refund_id: UUID
    amount_minor: PositiveMinor
    reason: Text
    refunded_by: ShortText
    refunded_at: datetime


class MoneyRepublished(MoneyMoved):
    """Nothing happened: the states are said again for a newcomer."""

    type: ClassVar[str] = "payment.republished.v1"


class HeldPaymentState(Message):
    """Money that cannot be placed yet, or that has left the waiting room (`state` other than held)."""

    topic: ClassVar[str] = "payments.payments"

    held_id: UUID
    source: ShortText
    payment_id: ShortText  # the sender's own id
    operator_id: UUID | None  # whose partner sent it; None: the root's business
    amount_minor: PositiveMinor
    currency: Currency
    reason: ShortText
    received_at: datetime
    state: Literal["held", "placed", "rejected"]
    our_payment_id: UUID | None = None
    version: Version

    def key(self) -> str:
        return str(self.held_id)


class PaymentHeld(HeldPaymentState):
    """Money waits to be placed."""

    type: ClassVar[str] = "payment.held.v1"


class HeldPaymentPlaced(HeldPaymentState):
    """Held money found its customer."""

    type: ClassVar[str] = "held-payment.placed.v1"


class HeldPaymentRejected(HeldPaymentState):
    """Staff refused held money, with a reason."""

    type: ClassVar[str] = "held-payment.rejected.v1"

    rejection_reason: Text


class PartnerChanged(Message):
    """A partner system and the operator whose subtree it reaches."""

    type: ClassVar[str] = "partner.changed.v1"
    topic: ClassVar[str] = "payments.settings"

    partner_id: UUID
    name: ShortText
    operator_id: UUID
    active: bool
    version: Version

    def key(self) -> str:
        return str(self.partner_id)


class RecordPayment(Command):
    """Record money for an invoice or (None) for the customer's oldest due ones; the rest becomes credit."""

    type: ClassVar[str] = "payment.record.v1"
    topic: ClassVar[str] = "payments.commands"

    payment_id: UUID
    customer_id: UUID
    invoice_id: UUID | None
    amount_minor: PositiveMinor
    currency: Currency
    method: ShortText
    paid_on: date
    reference: Text | None = None
    note: Text | None = None
    expected_balance_minor: Count | None = None  # a bulk action pays this balance or is refused
    bulk_action_id: UUID | None = None

    def key(self) -> str:
        return str(self.customer_id)


class ReversePayment(Command):
    """Take a payment back: first from credit, then from the invoices that it settled."""

    type: ClassVar[str] = "payment.reverse.v1"
    topic: ClassVar[str] = "payments.commands"

    payment_id: UUID
    customer_id: UUID
    reason: ShortText
    bulk_action_id: UUID | None = None

    def key(self) -> str:
        return str(self.customer_id)


class RefundCredit(Command):
    """Pay credit back to the customer."""

    type: ClassVar[str] = "credit.refund.v1"
    topic: ClassVar[str] = "payments.commands"

    refund_id: UUID
    customer_id: UUID
    amount_minor: PositiveMinor
    reason: ShortText

    def key(self) -> str:
        return str(self.customer_id)


class PlaceHeldPayment(Command):
    """Give held money to an invoice or to a customer."""

    type: ClassVar[str] = "held-payment.place.v1"
    topic: ClassVar[str] = "payments.commands"

    held_id: UUID
    customer_id: UUID
    invoice_id: UUID | None = None

    def key(self) -> str:
        return str(self.held_id)


class RejectHeldPayment(Command):
    """Refuse held money; the sender learns it by a final receipt."""

    type: ClassVar[str] = "held-payment.reject.v1"
    topic: ClassVar[str] = "payments.commands"

    held_id: UUID
    reason: ShortText

    def key(self) -> str:
        return str(self.held_id)


class AddPartner(Command):
    """Let a partner system in: its topics are `partner.<name>.payments` and `.receipts`."""

    type: ClassVar[str] = "partner.add.v1"
    topic: ClassVar[str] = "payments.commands"

    partner_id: UUID
    name: ShortText
    operator_id: UUID

    def key(self) -> str:
        return str(self.partner_id)


class ClosePartner(Command):
    """Take nothing more from a partner system; what it has paid stays."""

    type: ClassVar[str] = "partner.close.v1"
    topic: ClassVar[str] = "payments.commands"

    partner_id: UUID

    def key(self) -> str:
        return str(self.partner_id)
