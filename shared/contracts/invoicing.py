"""Invoices and runs as invoicing says them, and the commands that ask for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.envelope import (
    BasisPoints,
    Command,
    Count,
    Currency,
    Message,
    Minor,
    Period,
    Shape,
    ShortText,
    Text,
    Version,
)

SkipReason = Literal["suspended", "closed", "not-monthly", "voided", "joined-later", "free"]
RunOutcome = Literal["already_billed", "skipped", "failed"]


class InvoiceLine(Shape):
    """One line as it stands on the document; VAT is rounded half up once per line."""

    description: Text
    quantity: Count
    unit_minor: Minor
    net_minor: Minor
    vat_basis_points: BasisPoints
    vat_minor: Minor
    total_minor: Minor


class InvoiceState(Message):
    """The whole invoice as issued, with what happened to it since; names and prices are snapshots."""

    topic: ClassVar[str] = "invoicing.invoices"

    invoice_id: UUID
    number: ShortText
    period: Period
    issued_on: date
    due_on: date
    currency: Currency
    lines: tuple[InvoiceLine, ...]
    net_minor: Minor
    vat_basis_points: BasisPoints
    vat_minor: Minor
    total_minor: Minor
    operator_id: UUID
    operator_name: ShortText
    package_id: UUID
    package_name: ShortText
    customer_id: UUID
    customer_code: ShortText
    customer_name: ShortText
    customer_mobile: ShortText | None
    run_id: UUID | None
    reissue_of: UUID | None = None
    issued_at: datetime
    version: Version

    def key(self) -> str:
        return str(self.customer_id)


class InvoiceIssued(InvoiceState):
    """An invoice exists and is owed."""

    type: ClassVar[str] = "invoice.issued.v1"


class IssuingOperator(Shape):
    """An operator in whose name invoices of a set are issued, as it was called then."""

    operator_id: UUID
    operator_name: ShortText


class PackageTerms(Shape):
    """A package's month as every invoice of a set that bills it says it."""

    package_id: UUID
    package_name: ShortText
    lines: tuple[InvoiceLine, ...]
    net_minor: Minor
    vat_basis_points: BasisPoints
    vat_minor: Minor
    total_minor: Minor


class InvoiceOfSet(Shape):
    """What is one invoice's own; its operator and its package are among those of the set."""

    invoice_id: UUID
    number: ShortText
    customer_id: UUID
    operator_id: UUID
    package_id: UUID
    code: ShortText
    name: ShortText
    mobile: ShortText | None


class SharedByInvoices(Shape):
    """What the invoices of a set share: said once, each operator and each package once."""

    run_id: UUID | None
    period: Period
    issued_on: date
    due_on: date
    currency: Currency
    issued_at: datetime
    version: Version
    operators: Annotated[tuple[IssuingOperator, ...], Field(min_length=1)]
    packages: Annotated[tuple[PackageTerms, ...], Field(min_length=1)]


class InvoicesIssued(Message, SharedByInvoices):
    """A run's invoices as a set, a row an invoice; all of them were issued in one transaction.

    Their customers hash to one partition of those declared, so the first one's id is the key of all.
    `shared.contracts.sets` reads the same in bulk.
    """

    type: ClassVar[str] = "invoices.issued.v1"
    topic: ClassVar[str] = InvoiceState.topic

    invoices: Annotated[tuple[InvoiceOfSet, ...], Field(min_length=1)]

    def key(self) -> str:
        return str(self.invoices[0].customer_id)

    @model_validator(mode="after")
    def _names_all(self) -> Self:
        operators = {each.operator_id for each in self.operators}
        packages = {each.package_id for each in self.packages}
        if not all(each.operator_id in operators and each.package_id in packages for each in self.invoices):
            raise ValueError("an operator or a package that the set does not name")
        return self


class InvoiceVoided(InvoiceState):
    """An invoice is owed no longer; `reissued_as` names the one that stands in its place."""

    type: ClassVar[str] = "invoice.voided.v1"

    void_reason: Text
    voided_at: datetime
    voided_by: ShortText
    reissued_as: UUID | None = None


class RunEntry(Shape):
    """A customer that a run did not bill, and why."""

    customer_id: UUID
    code: ShortText
    outcome: RunOutcome
    reason: Text | None = None
    invoice_id: UUID | None = None


class RunProgressed(Message):
    """Progress of a run: counts (expected = created + already billed + skipped + failed when done).

    `entries` are new with this message; created customers are known from their invoices (`run_id`).
    """

    type: ClassVar[str] = "run.progressed.v1"
    topic: ClassVar[str] = "invoicing.runs"

    run_id: UUID
    kind: Literal["automatic", "requested", "generate_missing"]
    state: Literal["pending", "running", "completed"]
    period: Period
    operator_id: UUID | None
    package_id: UUID | None = None
    customer_id: UUID | None = None
    dry_run: bool
    expected: Count
    created: Count
    already_billed: Count
    skipped: dict[str, Count]
    failed: Count
    total_minor: Minor
    currency: Currency
    entries: tuple[RunEntry, ...] = ()
    requested_by: ShortText
    started_at: datetime
    completed_at: datetime | None = None
    version: Version

    def key(self) -> str:
        return str(self.run_id)


class StartRun(Command):
    """Bill a period: all customers, an operator's subtree, a package's, or one customer.

    `requested` is the month's run: who joined after the 1st is skipped. `generate_missing` bills everybody
    who joins before the period's end.
    """

    type: ClassVar[str] = "run.start.v1"
    topic: ClassVar[str] = "invoicing.commands"

    run_id: UUID
    kind: Literal["requested", "generate_missing"]
    period: Period
    operator_id: UUID | None = None
    package_id: UUID | None = None
    customer_id: UUID | None = None
    dry_run: bool = False

    def key(self) -> str:
        return str(self.customer_id or self.run_id)


class VoidInvoice(Command):
    """Void an invoice; `seen_receivable_version` is what the gateway knew of its money (0: untouched).

    With `reissue`, an invoice `reissue_id` for the same period follows, with today's package and price.
    """

    type: ClassVar[str] = "invoice.void.v1"
    topic: ClassVar[str] = "invoicing.commands"

    invoice_id: UUID
    customer_id: UUID
    reason: ShortText
    reissue: bool = False
    reissue_id: UUID | None = None
    seen_receivable_version: Count = 0

    def key(self) -> str:
        return str(self.customer_id)


class Republish(Command):
    """Say every row again with its version, then `command.completed.v1`; a newcomer is filled by it."""

    type: ClassVar[str] = "republish.v1"
    topic: ClassVar[str] = "invoicing.commands"

    service: Literal["invoicing", "payments", "notifications", "documents"]
    subjects: tuple[str, ...] = Field(default=())

    def destination(self) -> str:
        return f"{self.service}.commands"

    def key(self) -> str:
        return self.service
