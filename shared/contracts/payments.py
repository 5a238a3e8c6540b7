"""Money as payments says it: payments, allocations, receivables, credit; and the commands that move it.

Every event that moves money is one shape: the whole state of everything it touched, each with its version.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.envelope import (
    MONEY_MAX,
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

# What more was taken back than came in is below zero.
Balance = Annotated[int, Field(ge=-MONEY_MAX, le=MONEY_MAX)]
ReceivableStatus = Literal["unpaid", "partial", "paid", "void"]
HeldReason = Literal[
    "unknown-invoice",
    "unknown-customer",
    "ambiguous-customer",
    "currency-mismatch",
    "outside-reach",
    "amount-mismatch",
    "amount-too-large",
    "risk-flagged",
    "charged-twice",
    "outcome-unknown",
    "partner-paused",
]
Provider = Literal["bkash", "sslcommerz", "stripe", "sandbox"]
Language = Literal["en", "bn"]
ReminderLanguage = Literal["operator", "en", "bn"]  # `operator`: that of its documents
LinkStatus = Literal["active", "paid", "revoked", "expired"]
CheckoutStatus = Literal["open", "paid", "held", "failed", "expired", "unknown"]
Sealed = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=20_000)]
MOST_BILLS_A_LINK = 240


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
    external_id: Text | None = None  # the partner's or provider's own id of it
    operator_id: UUID | None = None  # for whom: the bill's issuer, else whose customer it was
    reference: Text | None
    note: Text | None
    reversed: bool
    reversal_reason: Text | None = None
    reversed_at: datetime | None = None
    reversed_by: Text | None = None
    allocations: tuple[Allocation, ...]
    version: Version


class ReceivableState(Shape):
    """The state of one invoice, as payments knows it."""

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
    provider: ShortText | None = None  # through which it went back, and under which id there
    external_id: Text | None = None


class RefundStarted(MoneyMoved):
    """A payment's money is on its way back through the gateway that took it; bills may be owed again."""

    type: ClassVar[str] = "payment.refund-started.v1"

    refund_id: UUID
    payment_id: UUID
    amount_minor: PositiveMinor
    reason: Text | None = None
    refunded_by: ShortText | None = None
    refunded_at: datetime | None = None
    provider: ShortText | None = None


class RefundFailed(MoneyMoved):
    """The gateway did not pay back; what was on its way is the customer's again, and settles what is owed."""

    type: ClassVar[str] = "payment.refund-failed.v1"

    refund_id: UUID
    payment_id: UUID
    amount_minor: PositiveMinor
    detail: Text


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
    customer_id: UUID | None = None  # whose checkout it came from, where a provider charged it
    invoice_id: UUID | None = None
    checkout_id: UUID | None = None
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
    """A partner system and the operator whose subtree it reaches.

    The money of a paused one is held. `key_changed_at`: when its user on Kafka got its password; None: it has
    no user. `bytes_per_second`: what it may write, and as much read; None: what every partner may.
    """

    type: ClassVar[str] = "partner.changed.v1"
    topic: ClassVar[str] = "payments.settings"

    partner_id: UUID
    name: ShortText
    operator_id: UUID
    active: bool
    paused: bool = False
    key_changed_at: datetime | None = None
    bytes_per_second: PositiveMinor | None = None
    version: Version

    def key(self) -> str:
        return str(self.partner_id)


class RecordPayment(Command):
    """Record money for an invoice or (None) for the customer's oldest months; the rest becomes credit."""

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


class ChangePartner(Command):
    """Change what is named of a partner system: whose it is, and whether its money is held for now."""

    type: ClassVar[str] = "partner.change.v1"
    topic: ClassVar[str] = "payments.commands"

    partner_id: UUID
    operator_id: UUID | None = None
    paused: bool | None = None

    def key(self) -> str:
        return str(self.partner_id)


class NotePartnerAccess(Command):
    """Note what was done for a partner on the broker, where no service may make users or set limits."""

    type: ClassVar[str] = "partner.note-access.v1"
    topic: ClassVar[str] = "payments.commands"

    partner_id: UUID
    key_changed_at: datetime | None
    bytes_per_second: PositiveMinor | None

    def key(self) -> str:
        return str(self.partner_id)


class RefundHeldPayment(Command):
    """Pay held money back through the gateway that took it; it ends rejected, or stays held."""

    type: ClassVar[str] = "held-payment.refund.v1"
    topic: ClassVar[str] = "payments.commands"

    held_id: UUID
    refund_id: UUID
    reason: ShortText

    def key(self) -> str:
        return str(self.held_id)


class RefundThroughGateway(Command):
    """Pay a payment back to whom it came from, through the gateway that took it: credit first, then bills."""

    type: ClassVar[str] = "payment.refund-through-gateway.v1"
    topic: ClassVar[str] = "payments.commands"

    refund_id: UUID
    payment_id: UUID
    customer_id: UUID
    amount_minor: PositiveMinor
    reason: ShortText

    def key(self) -> str:
        return str(self.customer_id)


class PaymentLinkState(Message):
    """A link to pay one bill by; its address is derived from its id and stands nowhere."""

    topic: ClassVar[str] = "payments.links"

    link_id: UUID
    invoice_id: UUID  # the oldest one, where it is a link to several
    customer_id: UUID
    token_hash: ShortText
    state: LinkStatus
    opened_at: datetime | None  # when somebody first chose how to pay
    expires_at: datetime
    further_invoice_ids: tuple[UUID, ...] = ()
    version: Version

    def key(self) -> str:
        return str(self.customer_id)


class PaymentLinkCreated(PaymentLinkState):
    """A bill can be paid by this link."""

    type: ClassVar[str] = "payment-link.created.v1"


class PaymentLinkOpened(PaymentLinkState):
    """Somebody went on from the link to a payment gateway, for the first time."""

    type: ClassVar[str] = "payment-link.opened.v1"


class PaymentLinkPaid(PaymentLinkState):
    """The bill has no balance left, however it was paid."""

    type: ClassVar[str] = "payment-link.paid.v1"


class PaymentLinkRevoked(PaymentLinkState):
    """The bill is void, or a newer link took this one's place."""

    type: ClassVar[str] = "payment-link.revoked.v1"


class PaymentLinkExpired(PaymentLinkState):
    """The link's time is over."""

    type: ClassVar[str] = "payment-link.expired.v1"


class CreatePaymentLink(Command):
    """Make the link by which a bill is paid; with `send_sms`, its address goes to `mobile`.

    One to several bills of a customer is for a day, is not sent, and leaves each bill's own link as it is.
    """

    type: ClassVar[str] = "payment-link.create.v1"
    topic: ClassVar[str] = "payments.commands"

    link_id: UUID
    invoice_id: UUID
    customer_id: UUID
    send_sms: bool = False
    mobile: ShortText | None = None
    language: Language = "en"
    bulk_action_id: UUID | None = None
    further_invoice_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_BILLS_A_LINK - 1)] = ()

    def key(self) -> str:
        return str(self.customer_id)

    @property
    def invoice_ids(self) -> tuple[UUID, ...]:
        """All of the bills that are to be paid by it."""
        return (self.invoice_id, *self.further_invoice_ids)


class CheckoutChanged(Message):
    """One attempt to pay by a link: open until its provider has said what became of it."""

    type: ClassVar[str] = "checkout.changed.v1"
    topic: ClassVar[str] = "payments.links"

    checkout_id: UUID
    link_id: UUID
    invoice_id: UUID
    customer_id: UUID
    operator_id: UUID
    provider: Provider
    reference: ShortText
    amount_minor: PositiveMinor
    currency: Currency
    state: CheckoutStatus
    external_id: Text | None = None
    problem: Text | None = None
    created_at: datetime
    further_invoice_ids: tuple[UUID, ...] = ()
    version: Version

    def key(self) -> str:
        return str(self.customer_id)


class SettleCheckout(Command):
    """A person's word on a checkout that nobody hears of: ask its provider once more, or give it up."""

    type: ClassVar[str] = "checkout.settle.v1"
    topic: ClassVar[str] = "payments.commands"

    checkout_id: UUID
    customer_id: UUID
    action: Literal["ask", "give_up"]

    def key(self) -> str:
        return str(self.customer_id)


class PaymentGatewayChanged(Message):
    """A payment gateway as it is now, without its secrets; `unverified`: the provider did not answer."""

    type: ClassVar[str] = "payment-gateway.changed.v1"
    topic: ClassVar[str] = "payments.settings"

    gateway_id: UUID
    provider: Provider
    operator_id: UUID
    enabled: bool
    base_url: Text | None
    minimum_minor: PositiveMinor | None
    maximum_minor: PositiveMinor | None
    unverified: bool
    removed: bool
    version: Version

    def key(self) -> str:
        return str(self.gateway_id)


class ConfigurePaymentGateway(Command):
    """Set up a payment gateway for an operator's subtree; what is None stays as it was.

    `sealed` holds its secrets for payments alone. An empty `base_url` is the provider's own address again.
    """

    type: ClassVar[str] = "payment-gateway.configure.v1"
    topic: ClassVar[str] = "payments.commands"

    gateway_id: UUID
    provider: Provider
    operator_id: UUID
    enabled: bool | None = None
    base_url: Text | None = None
    minimum_minor: PositiveMinor | None = None
    maximum_minor: PositiveMinor | None = None
    sealed: Sealed | None = None

    def key(self) -> str:
        return str(self.gateway_id)


class RemovePaymentGateway(Command):
    """Take a payment gateway away, secrets included; its open checkouts are still asked about."""

    type: ClassVar[str] = "payment-gateway.remove.v1"
    topic: ClassVar[str] = "payments.commands"

    gateway_id: UUID

    def key(self) -> str:
        return str(self.gateway_id)


class ReminderRuleChanged(Message):
    """When bills of a subtree are reminded of; `days` counts from the due date, negative before it."""

    type: ClassVar[str] = "reminder-rule.changed.v1"
    topic: ClassVar[str] = "payments.settings"

    rule_id: UUID
    operator_id: UUID
    days: Annotated[int, Field(ge=-60, le=365)]
    template: ShortText
    enabled: bool
    exclude_operator_ids: tuple[UUID, ...]
    language: ReminderLanguage = "operator"
    version: Version

    def key(self) -> str:
        return str(self.rule_id)


class SaveReminderRule(Command):
    """Make or change a rule; a new one is off unless it says otherwise."""

    type: ClassVar[str] = "reminder-rule.save.v1"
    topic: ClassVar[str] = "payments.commands"

    rule_id: UUID
    operator_id: UUID
    days: Annotated[int, Field(ge=-60, le=365)]
    template: Literal["reminder", "payment-link"] = "reminder"
    enabled: bool = False
    exclude_operator_ids: tuple[UUID, ...] = ()
    language: ReminderLanguage = "operator"

    def key(self) -> str:
        return str(self.rule_id)


class PlannedReminder(Shape):
    """One message that a rule would send; the mobile by its last three digits."""

    invoice_id: UUID
    customer_id: UUID
    number: ShortText
    customer_name: ShortText | None
    mobile_tail: Text
    balance_minor: Minor
    due_on: date


class RemindersPlanned(Message):
    """The customers who would hear from a rule on a day; the first 200 by name, all of them counted."""

    type: ClassVar[str] = "reminders.planned.v1"
    topic: ClassVar[str] = "payments.settings"

    rule_id: UUID
    day: date
    total: Count
    reminders: tuple[PlannedReminder, ...]
    skipped: dict[str, Count]  # no-mobile, pending-checkout, already-reminded, excluded

    def key(self) -> str:
        return str(self.rule_id)


class TryReminderRule(Command):
    """Say who would hear from a rule today, or on `day`; nothing is sent."""

    type: ClassVar[str] = "reminder-rule.try.v1"
    topic: ClassVar[str] = "payments.commands"

    rule_id: UUID
    operator_id: UUID
    days: Annotated[int, Field(ge=-60, le=365)]
    exclude_operator_ids: tuple[UUID, ...] = ()
    day: date | None = None

    def key(self) -> str:
        return str(self.rule_id)


class CollectedBy(Shape):
    """Money taken on a day by one method, on one way: `desk`, `provider` or `partner`."""

    method: ShortText
    source: ShortText
    payments: Count
    amount_minor: Minor


class DayClosed(Message):
    """A day of a collector, or (None) of an operator with its subtree, counted and signed off for good.

    expected = cash + late - reversed: cash that was recorded for closed days after they were closed, and cash
    of closed days that was taken back since, are in the next day that is closed.
    """

    type: ClassVar[str] = "day.closed.v1"
    topic: ClassVar[str] = "payments.payments"

    closing_id: UUID
    operator_id: UUID  # whose day, or whose collector
    collector: ShortText | None  # who recorded the payments, as payments name them
    collector_name: ShortText | None = None
    day: date
    currency: Currency
    lines: tuple[CollectedBy, ...]
    payments: Count
    collected_minor: Minor
    cash_minor: Minor
    late_payments: Count
    late_minor: Minor
    reversed_payments: Count
    reversed_minor: Minor
    expected_minor: Balance
    counted_minor: Minor
    note: Text | None
    closed_by: ShortText
    closed_by_name: ShortText | None = None
    closed_at: datetime
    version: Version

    def key(self) -> str:
        return str(self.operator_id)


class CloseDay(Command):
    """Sign a day off: what was counted against the cash expected in hand, which must be what was seen."""

    type: ClassVar[str] = "day.close.v1"
    topic: ClassVar[str] = "payments.commands"

    closing_id: UUID
    operator_id: UUID
    collector: ShortText | None = None
    collector_name: ShortText | None = None
    day: date
    currency: Currency
    expected_minor: Balance
    counted_minor: Minor
    note: Text | None = None

    def key(self) -> str:
        return str(self.operator_id)


class OnlineSettingsChanged(Message):
    """The installation's settings for money that is paid online."""

    type: ClassVar[str] = "online-settings.changed.v1"
    topic: ClassVar[str] = "payments.settings"

    send_receipts: bool  # a message for every payment that is received
    version: Version

    def key(self) -> str:
        return "online"


class ChangeOnlineSettings(Command):
    """Change them; off until somebody switches them on."""

    type: ClassVar[str] = "online-settings.change.v1"
    topic: ClassVar[str] = "payments.commands"

    send_receipts: bool

    def key(self) -> str:
        return "online"
