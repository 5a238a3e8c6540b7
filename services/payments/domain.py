"""The rules of money: what a payment settles, what is left as credit, and how money is taken back.

Everything of one customer's money is decided here, on the parts of it that were loaded under their lock.
Three promises hold after every rule: what came in and was not reversed equals allocated + credit + refunded,
no credit is left while a bill is owed, and all of a customer's money together can still be said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from shared import settling
from shared.money import MONEY_MAX


class Refused(Exception):
    """A command that ends without an effect; the class's docstring is what its caller is told."""

    code: ClassVar[str]
    field: ClassVar[str | None] = None

    @property
    def detail(self) -> str:
        """Return why, for people."""
        return type(self).__doc__ or self.code


class NotFound(Refused):
    """There is no such thing within your reach."""

    code = "not-found"


class AlreadyPaid(Refused):
    """The bill has no balance left."""

    code = "already-paid"


class BillVoid(Refused):
    """The bill is void."""

    code = "bill-void"


class BalanceChanged(Refused):
    """The balance is no longer the one that was to be paid."""

    code = "balance-changed"


class MoreThanIsLeft(Refused):
    """Less than that is left of the payment."""

    code = "more-than-left"
    field = "amount_minor"


class AlreadyReversed(Refused):
    """The payment was reversed before."""

    code = "already-reversed"


class MoreThanCredit(Refused):
    """The customer has less credit than that."""

    code = "more-than-credit"
    field = "amount_minor"


class AmountTooLarge(Refused):
    """The customer's money would be more than can be counted."""

    code = "amount-too-large"
    field = "amount_minor"


class CurrencyMismatch(Refused):
    """This installation bills in another currency."""

    code = "currency-mismatch"
    field = "currency"


class IdTaken(Refused):
    """The id belongs to something else."""

    code = "id-taken"


class NotHeld(Refused):
    """The money is no longer held."""

    code = "not-held"


class WrongName(Refused):
    """A partner's name is small letters, digits and hyphens, at most 40: it names topics."""

    code = "wrong-name"
    field = "name"


class NameTaken(Refused):
    """A partner of another operator has this name."""

    code = "name-taken"
    field = "name"


class PartnerRemoved(Refused):
    """The partner was removed: it is let in again before it is changed."""

    code = "partner-removed"


class NoMobile(Refused):
    """The customer has no mobile number that a message can be sent to."""

    code = "no-mobile"
    field = "mobile"


class OnlinePaymentsNotConfigured(Refused):
    """No payment gateway is set up for this bill's operator or above."""

    code = "online-payments-not-configured"


class CredentialsMissing(Refused):
    """A new payment gateway needs all of its provider's credentials."""

    code = "credentials-missing"


class WrongAddress(Refused):
    """The address does not lead to a provider that may be called."""

    code = "wrong-address"
    field = "base_url"


class NotRefundable(Refused):
    """The payment did not come through a payment gateway that can pay it back."""

    code = "not-refundable"


class RefundUnderWay(Refused):
    """A refund of it is on its way; wait until its provider has answered."""

    code = "refund-under-way"


class DayClosed(Refused):
    """This day is closed. What belongs to it falls into the next one that is closed."""

    code = "day-closed"
    field = "day"


class DayNotBegun(Refused):
    """This day has not begun yet."""

    code = "day-not-begun"
    field = "day"


class FiguresChanged(Refused):
    """Money was recorded or taken back since the figures were seen. Look at them again."""

    code = "figures-changed"


class NotExplained(Refused):
    """What was counted differs from what is expected; say why."""

    code = "not-explained"
    field = "note"


class NotOpen(Refused):
    """Nobody waits for the outcome of this checkout any more."""

    code = "not-open"


@dataclass(slots=True)
class Receivable:
    """The debt on one invoice. Version 0: no money ever touched it."""

    invoice_id: UUID
    customer_id: UUID
    operator_id: UUID
    number: str
    currency: str
    total: int
    paid: int
    period: str
    issued_on: date
    due_on: date
    voided: bool
    version: int = 0

    @property
    def balance(self) -> int:
        """Return what is still owed; nothing on a void bill."""
        return 0 if self.voided else self.total - self.paid

    @property
    def age(self) -> tuple[str, date, str, int, str]:
        """Sorts the oldest billing period first, then the oldest due, then the lowest number."""
        return settling.age(self.period, self.due_on, self.number)


def _age(receivable: Receivable) -> tuple[str, date, str, int, str]:
    return receivable.age


@dataclass(slots=True)
class Payment:
    """Money that came in, and where it is now: on invoices, in credit, or paid back."""

    payment_id: UUID
    customer_id: UUID
    invoice_id: UUID | None
    amount: int
    currency: str
    method: str
    paid_on: date
    recorded_at: datetime
    recorded_by: str
    source: str
    operator_id: UUID | None = None
    recorded_by_name: str | None = None
    recorded_by_id: UUID | None = None
    external_id: str | None = None
    reference: str | None = None
    note: str | None = None
    credit: int = 0
    refunded: int = 0
    allocations: dict[UUID, int] = field(default_factory=dict)
    reversed: bool = False
    reversal_reason: str | None = None
    reversed_at: datetime | None = None
    reversed_by: str | None = None
    version: int = 0

    @property
    def allocated(self) -> int:
        """The part that settles invoices."""
        return sum(self.allocations.values())


@dataclass(frozen=True, slots=True)
class Moved:
    """The changes of one rule, each under its new version; the payment that it was about comes first."""

    payments: tuple[Payment, ...]
    receivables: tuple[Receivable, ...]
    account: Account


@dataclass(slots=True)
class Account:
    """One customer's money, or as much of it as a rule needs.

    `receivables` holds at least the open ones, `payments` those with credit; `reverse` and `release` need
    all of the customer's. `settled` is what of the money stands on bills. Whatever was touched since loading
    is dirty. `operator_id` is whose customer it is now.
    """

    customer_id: UUID
    credit: int = 0
    version: int = 0
    settled: int = 0
    operator_id: UUID | None = None
    payments: dict[UUID, Payment] = field(default_factory=dict)
    receivables: dict[UUID, Receivable] = field(default_factory=dict)
    dirty_payments: dict[UUID, Payment] = field(default_factory=dict)
    dirty_receivables: dict[UUID, Receivable] = field(default_factory=dict)
    dirty_allocations: set[tuple[UUID, UUID]] = field(default_factory=set)
    credit_when_loaded: int = field(init=False)
    _payments: dict[UUID, Payment] = field(default_factory=dict)
    _receivables: dict[UUID, Receivable] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.credit_when_loaded = self.credit

    def receive(self, payment: Payment, asked: Collection[UUID] = ()) -> Moved:
        """Settle the invoice that the payment names, or those it was asked for, then the oldest month.

        What is left stays credit. Raises `AmountTooLarge` where all of the customer's money, should it ever
        become credit, could not be said any more.
        """
        if self.credit + self.settled + payment.amount > MONEY_MAX:
            raise AmountTooLarge
        self.payments[payment.payment_id] = payment
        payment.credit = payment.amount
        self.credit += payment.amount
        self._payments[payment.payment_id] = payment
        wanted = self.receivables.keys() & {payment.invoice_id, *asked}
        named = sorted((self.receivables[each] for each in wanted), key=_age)
        # For good: a customer who moves leaves the money behind that was taken for the operator before.
        payment.operator_id = named[0].operator_id if named else self.operator_id
        for receivable in named:
            self._settle(payment, receivable)
        self._settle_all()
        return self._moved()

    def settle(self) -> Moved | None:
        """Let credit settle what is owed, oldest month first; None when there is nothing to do."""
        self._settle_all()
        return self._moved() if self._payments else None

    def refund(self, amount: int) -> Moved:
        """Pay credit back, of the oldest payments first."""
        if amount > self.credit:
            raise MoreThanCredit
        self._refund_credit(amount)
        return self._moved()

    def refund_payment(self, payment_id: UUID, amount: int) -> Moved:
        """Pay a payment's own money back: from its credit first, then from the bills that it settled.

        Credit of other payments stands in for it on its oldest bills; what is still short is taken from its
        newest due ones, which are owed again.
        """
        payment = self.payments[payment_id]
        if payment.reversed:
            raise AlreadyReversed
        if amount > payment.amount - payment.refunded:
            raise MoreThanIsLeft
        own, payment.credit = payment.credit, 0
        self.credit -= own
        short = max(amount - own, 0)
        short -= self._stand_in_for(payment, min(short, self.credit))
        for receivable in self._settled_by(payment):
            part = min(short, payment.allocations[receivable.invoice_id])
            if part:
                self._unsettle(payment, receivable, part)
                self.credit -= part
                short -= part
        assert short == 0, "a payment is more than its parts"
        payment.credit = max(own - amount, 0)
        self.credit += payment.credit
        payment.refunded += amount
        self._payments[payment_id] = payment
        return self._moved()

    def take_back_refund(self, payment_id: UUID, amount: int) -> Moved:
        """Make credit again of what was to be paid back and was not; it settles what is owed."""
        payment = self.payments[payment_id]
        payment.refunded -= amount
        payment.credit += amount
        self.credit += amount
        self._payments[payment_id] = payment
        self._settle_all()
        return self._moved()

    def release(self, invoice_id: UUID) -> Moved | None:
        """Void an invoice: money on it becomes credit of its payments, and settles what is owed elsewhere."""
        receivable = self.receivables[invoice_id]
        for payment in self._oldest_payments():
            if payment.allocations.get(invoice_id):
                self._unsettle(payment, receivable, payment.allocations[invoice_id])
        receivable.voided = True
        self._settle_all()
        return self._moved() if self._payments else None

    def reverse(self, payment_id: UUID, reason: str, at: datetime, by: str) -> Moved:
        """Take a payment back: from credit first, then from the bills that it settled, newest due first.

        What of it was refunded is borne by the customer's other money; what nobody can bear stays with it.
        """
        payment = self.payments[payment_id]
        if payment.reversed:
            raise AlreadyReversed
        self._payments[payment_id] = payment
        payment.reversed, payment.reversal_reason = True, reason
        payment.reversed_at, payment.reversed_by = at, by
        self.credit -= payment.credit
        payment.credit = 0
        payment.refunded -= self._refund_credit(min(payment.refunded, self.credit))
        self._stand_in_for(payment, self.credit)
        for receivable in self._settled_by(payment):
            self._unsettle(payment, receivable, payment.allocations[receivable.invoice_id])
        self.credit -= payment.credit
        payment.credit = 0
        self._bear(payment)
        return self._moved()

    def _stand_in_for(self, payment: Payment, at_most: int) -> int:
        """Credit of other payments takes the place of this one on its oldest bills; answers how much."""
        left = at_most
        for receivable in reversed(self._settled_by(payment)):
            part = min(left, payment.allocations[receivable.invoice_id])
            if part:
                left -= part
                self._allocate(payment, receivable, -part)
                for other, share in self._take_credit(part):
                    self._allocate(other, receivable, share)
        return at_most - left

    def _bear(self, payment: Payment) -> None:
        """Other payments bear what this one had refunded, out of the bills they settle, newest due first."""
        for other in reversed(self._oldest_payments()):
            for receivable in self._settled_by(other):
                part = min(payment.refunded, other.allocations[receivable.invoice_id])
                if part and not other.reversed:
                    self._unsettle(other, receivable, part)
                    payment.refunded -= self._refund_credit(part)

    def _refund_credit(self, amount: int) -> int:
        for payment, part in self._take_credit(amount):
            payment.refunded += part
        return amount

    def _take_credit(self, amount: int) -> list[tuple[Payment, int]]:
        """Take credit out of the oldest payments; answers how much of each."""
        taken: list[tuple[Payment, int]] = []
        for payment in self._oldest_payments():
            if amount == 0:
                break
            part = min(amount, payment.credit)
            if part:
                payment.credit -= part
                self._payments[payment.payment_id] = payment
                taken.append((payment, part))
                amount -= part
        assert amount == 0, "more credit than the payments have"
        self.credit -= sum(part for _, part in taken)
        return taken

    def _settle_all(self) -> None:
        if self.credit:
            for receivable in sorted(self.receivables.values(), key=_age):
                part = min(self.credit, receivable.balance)
                if part:
                    for payment, share in self._take_credit(part):
                        self._allocate(payment, receivable, share)
                        self._pay(receivable, share)

    def _settle(self, payment: Payment, receivable: Receivable) -> None:
        part = min(payment.credit, receivable.balance)
        if part:
            payment.credit -= part
            self.credit -= part
            self._allocate(payment, receivable, part)
            self._pay(receivable, part)

    def _unsettle(self, payment: Payment, receivable: Receivable, part: int) -> None:
        self._allocate(payment, receivable, -part)
        self._pay(receivable, -part)
        payment.credit += part
        self.credit += part

    def _allocate(self, payment: Payment, receivable: Receivable, part: int) -> None:
        invoice_id = receivable.invoice_id
        payment.allocations[invoice_id] = payment.allocations.get(invoice_id, 0) + part
        self._payments[payment.payment_id] = payment
        self.dirty_allocations.add((payment.payment_id, invoice_id))

    def _pay(self, receivable: Receivable, part: int) -> None:
        receivable.paid += part
        self.settled += part
        self._receivables[receivable.invoice_id] = receivable

    def _oldest_payments(self) -> list[Payment]:
        if len(self.payments) == 1:
            return list(self.payments.values())
        return sorted(self.payments.values(), key=lambda each: (each.recorded_at, each.payment_id))

    def _settled_by(self, payment: Payment) -> list[Receivable]:
        """The bills on which this payment stands, newest due first."""
        on = [self.receivables[each] for each, part in payment.allocations.items() if part]
        return sorted(on, key=_age, reverse=True)

    def _moved(self) -> Moved:
        self.version += 1
        for payment in self._payments.values():
            payment.version += 1
        for receivable in self._receivables.values():
            receivable.version += 1
        moved = Moved(tuple(self._payments.values()), tuple(self._receivables.values()), self)
        self.dirty_payments.update(self._payments)
        self.dirty_receivables.update(self._receivables)
        self._payments, self._receivables = {}, {}
        return moved


@dataclass(frozen=True, slots=True)
class Charge:
    """The charge that a provider says it took, under its own id; `risk` is why it doubts the payer."""

    external_id: str
    amount: int
    currency: str
    risk: str | None = None


def hold_reason(asked: int, currency: str, charge: Charge) -> str | None:
    """Why a person must look at a charge before it counts; to the unit, as rounding is somebody's money."""
    if charge.currency != currency:
        return "currency-mismatch"
    if charge.amount != asked:
        return "amount-mismatch"
    return "risk-flagged" if charge.risk else None


# After the customer came back they look at the page; else a lost callback is looked for less and less often.
_SOON = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20, 40, 80))
_LATER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30))
_HOURLY = timedelta(hours=1)


def next_look(
    opened_at: datetime, returned_at: datetime | None, ends_at: datetime, now: datetime
) -> datetime:
    """When an open checkout is asked about next; its end, once that is nearer than the next look."""
    moments = [opened_at + each for each in _LATER]
    moments.append(moments[-1] + _HOURLY * ((max(now - moments[-1], timedelta())) // _HOURLY + 1))
    if returned_at is not None:
        moments += [returned_at + each for each in _SOON]
    coming = min(moment for moment in moments if moment > now)
    return min(coming, ends_at) if now < ends_at else coming


def check_payable(receivable: Receivable, expected_balance: int | None) -> None:
    """Whether a bill takes money that names it: not void, owed, and owed what was expected."""
    if receivable.voided:
        raise BillVoid
    if receivable.balance == 0:
        raise AlreadyPaid
    if expected_balance is not None and receivable.balance != expected_balance:
        raise BalanceChanged


def cash_in_hand(lines: Iterable[Mapping[str, Any]]) -> int:
    """Return the cash among what was collected by method and source; a partner's is in the partner's hand."""
    return sum(
        line["amount_minor"] for line in lines if line["method"] == "cash" and line["source"] == "desk"
    )


def is_within(path: Sequence[UUID] | None, scope: UUID | None) -> bool:
    """Whether an operator lies in the subtree that a caller reaches; no scope reaches everything."""
    return scope is None or (path is not None and scope in path)
