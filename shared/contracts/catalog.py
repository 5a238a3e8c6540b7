"""The catalog: operators, packages and customers as invoicing says them, and the commands that change them.

States are whole and carry a version; applying the same version again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

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

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
Code = Annotated[str, StringConstraints(pattern=f"^{CODE.pattern}$")]
OperatorCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Mobile = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
CustomerStatus = Literal["active", "suspended", "closed"]
BillingCycle = Literal["monthly", "daily", "none"]
Twins = Literal["refuse", "update", "create"]


class OperatorChanged(Message):
    """An operator as it is now; `path` runs from the root to the operator itself."""

    type: ClassVar[str] = "operator.changed.v1"
    topic: ClassVar[str] = "invoicing.operators"

    operator_id: UUID
    code: OperatorCode
    name: ShortText
    parent_id: UUID | None
    path: tuple[UUID, ...]
    invoice_prefix: ShortText
    version: Version

    def key(self) -> str:
        return str(self.operator_id)


class PackageChanged(Message):
    """A package as it is now; its price is without VAT. `operator_id` None: sold by every operator."""

    type: ClassVar[str] = "package.changed.v1"
    topic: ClassVar[str] = "invoicing.packages"

    package_id: UUID
    operator_id: UUID | None
    name: ShortText
    price_minor: Minor
    currency: Currency
    vat_basis_points: BasisPoints
    version: Version

    def key(self) -> str:
        return str(self.package_id)


class CustomerChanged(Message):
    """A customer as they are now."""

    type: ClassVar[str] = "customer.changed.v1"
    topic: ClassVar[str] = "invoicing.customers"

    customer_id: UUID
    operator_id: UUID
    code: Code
    name: ShortText
    mobile: Mobile | None
    address: Text
    package_id: UUID
    status: CustomerStatus
    billing_cycle: BillingCycle
    since: date
    alternate_mobile: Mobile | None = None  # another number of theirs; messages go to `mobile`
    version: Version

    def key(self) -> str:
        return str(self.customer_id)


# What stands where a person wrote why something was done with an erased customer's money.
ERASED_WORDS = "erased"


def erased_name(code: str) -> str:
    """Return what an erased customer is called from then on, also on the invoices that the books keep."""
    return f"Erased customer {code}"


class CustomerErased(Message):
    """A customer's personal data is erased: whoever holds some forgets it, and takes in none of it later.

    The customer, and each of their invoices, is said under a new version besides, without what was erased.
    """

    type: ClassVar[str] = "customer.erased.v1"
    topic: ClassVar[str] = "invoicing.customers"

    customer_id: UUID
    operator_id: UUID
    code: Code
    erased_at: datetime
    version: Version  # the customer's, without their data

    def key(self) -> str:
        return str(self.customer_id)


# What an installation starts with: invoicing keeps it, and the desk shows it until invoicing has spoken.
DEFAULT_BILLING: Mapping[str, Any] = {
    "time_zone": "Asia/Dhaka",
    "currency": "BDT",
    "due_days": 10,
    "link_valid_hours": 336,
    "default_vat_basis_points": 500,
}


class BillingSettingsChanged(Message):
    """The billing settings of the installation. The currency is fixed once an invoice exists."""

    type: ClassVar[str] = "billing-settings.changed.v1"
    topic: ClassVar[str] = "invoicing.settings"

    time_zone: ShortText
    currency: Currency
    due_days: Annotated[int, Field(ge=0, le=365)]
    billing_from: Period
    link_valid_hours: Annotated[int, Field(ge=1, le=8_760)]
    default_vat_basis_points: BasisPoints
    version: Version

    def key(self) -> str:
        return "billing"


class ImportedCustomer(Shape):
    """A customer whom an import made (version 1) or changed, and the version that it left."""

    customer_id: UUID
    version: Version


class CustomersImported(Message):
    """One chunk of an import is done; every line of it is counted once or refused with a reason.

    Of an undo: what stayed as it is, or in part (`partly` of them, each field named), is in `refused`.
    """

    type: ClassVar[str] = "customers.imported.v1"
    topic: ClassVar[str] = "invoicing.customers"

    import_id: UUID
    created: Count
    updated: Count
    unchanged: Count
    refused: tuple[RefusedLine, ...]
    changed: tuple[ImportedCustomer, ...] = ()
    closed: Count = 0  # by an undo: what the import had made and nobody has used
    partly: Count = 0  # by an undo: of those put back, how many keep a field that was changed since
    restored: dict[str, Count] = Field(default_factory=dict)  # by an undo: fields put back

    def key(self) -> str:
        return str(self.import_id)


class RefusedCell(Shape):
    """One wrong cell of a refused line; `code`, `text` and `suggestion` say it in other languages."""

    field: Text
    detail: Text
    code: Text = ""
    text: Text = ""
    suggestion: Text = ""


class RefusedLine(Shape):
    """A line of an import that changed nothing, and why: all of it as one text, and cell by cell."""

    line: Count
    code: Text
    reason: Text
    reasons: tuple[RefusedCell, ...] = ()


class CreateOperator(Command):
    """Add an operator below `parent_id`; only the installation's first has none."""

    type: ClassVar[str] = "operator.create.v1"
    topic: ClassVar[str] = "invoicing.commands"

    operator_id: UUID
    code: OperatorCode
    name: ShortText
    parent_id: UUID | None

    def key(self) -> str:
        return str(self.operator_id)


class ChangeOperator(Command):
    """Rename an operator; None keeps what is there. Its code and place in the tree stay."""

    type: ClassVar[str] = "operator.change.v1"
    topic: ClassVar[str] = "invoicing.commands"

    operator_id: UUID
    name: ShortText | None = None

    def key(self) -> str:
        return str(self.operator_id)


class CreatePackage(Command):
    """Add a package, for one operator's subtree or (None) for all."""

    type: ClassVar[str] = "package.create.v1"
    topic: ClassVar[str] = "invoicing.commands"

    package_id: UUID
    operator_id: UUID | None
    name: ShortText
    price_minor: Minor
    vat_basis_points: BasisPoints

    def key(self) -> str:
        return str(self.package_id)


class ChangePackage(Command):
    """Change a package for invoices yet to come; None keeps what is there."""

    type: ClassVar[str] = "package.change.v1"
    topic: ClassVar[str] = "invoicing.commands"

    package_id: UUID
    name: ShortText | None = None
    price_minor: Minor | None = None
    vat_basis_points: BasisPoints | None = None

    def key(self) -> str:
        return str(self.package_id)


class CreateCustomer(Command):
    """Add a customer."""

    type: ClassVar[str] = "customer.create.v1"
    topic: ClassVar[str] = "invoicing.commands"

    customer_id: UUID
    operator_id: UUID
    code: Code
    name: ShortText
    mobile: Mobile | None
    address: Text
    package_id: UUID
    status: CustomerStatus
    billing_cycle: BillingCycle
    since: date
    alternate_mobile: Mobile | None = None

    def key(self) -> str:
        return str(self.customer_id)


class ChangeCustomer(Command):
    """Change the fields that are given; `clear_mobile` and `clear_alternate_mobile` take a number away."""

    type: ClassVar[str] = "customer.change.v1"
    topic: ClassVar[str] = "invoicing.commands"

    customer_id: UUID
    operator_id: UUID | None = None
    code: Code | None = None
    name: ShortText | None = None
    mobile: Mobile | None = None
    clear_mobile: bool = False
    alternate_mobile: Mobile | None = None
    clear_alternate_mobile: bool = False
    address: Text | None = None
    package_id: UUID | None = None
    status: CustomerStatus | None = None
    billing_cycle: BillingCycle | None = None
    since: date | None = None

    def key(self) -> str:
        return str(self.customer_id)


class EraseCustomer(Command):
    """Erase a closed customer's personal data for good; the books keep code, ids, amounts and periods."""

    type: ClassVar[str] = "customer.erase.v1"
    topic: ClassVar[str] = "invoicing.commands"

    customer_id: UUID

    def key(self) -> str:
        return str(self.customer_id)


class CustomerLine(Shape):
    """One readable line of a customers file; operator by code, package by name.

    None keeps what a known customer has; a new one gets the default. `clear` names what is emptied.
    """

    line: Count
    customer_id: UUID  # used when the code is new
    code: Code
    name: ShortText | None = None
    mobile: Mobile | None = None
    alternate_mobile: Mobile | None = None
    address: Text | None = None
    operator: ShortText | None = None
    package: ShortText | None = None
    status: CustomerStatus | None = None
    billing_cycle: BillingCycle | None = None
    since: date | None = None
    clear: tuple[Literal["mobile", "alternate_mobile", "address"], ...] = ()


class LineDefaults(Shape):
    """Values of a new customer where a line of a file says nothing."""

    name: ShortText | None = None
    mobile: Mobile | None = None
    alternate_mobile: Mobile | None = None
    address: Text | None = None
    operator: ShortText | None = None
    package: ShortText | None = None
    status: CustomerStatus | None = None
    billing_cycle: BillingCycle | None = None
    since: date | None = None


class ImportCustomers(Command):
    """One chunk of a customers file: a known code is updated, a new one created, a wrong one reported.

    `twins` decides about a code that is known elsewhere, or here in another spelling.
    """

    type: ClassVar[str] = "customers.import.v1"
    topic: ClassVar[str] = "invoicing.commands"

    import_id: UUID
    lines: tuple[CustomerLine, ...]
    twins: Twins = "refuse"
    defaults: LineDefaults = LineDefaults()

    def key(self) -> str:
        return str(self.import_id)


class UndoImport(Command):
    """Take back one chunk of an import; what was billed or changed since stays and is reported.

    Ends in `CustomersImported` of `import_id`, the undoing's own id.
    """

    type: ClassVar[str] = "customers.undo-import.v1"
    topic: ClassVar[str] = "invoicing.commands"

    import_id: UUID
    undoes: UUID
    chunk_id: UUID  # the command that imported the chunk
    paying: tuple[UUID, ...] = ()  # customers whom money came from since: no longer unused

    def key(self) -> str:
        return str(self.undoes)


class ChangeBillingSettings(Command):
    """Set what is named, keep the rest."""

    type: ClassVar[str] = "billing-settings.change.v1"
    topic: ClassVar[str] = "invoicing.commands"

    time_zone: ShortText | None = None
    currency: Currency | None = None
    due_days: Annotated[int, Field(ge=0, le=365)] | None = None
    billing_from: Period | None = None
    link_valid_hours: Annotated[int, Field(ge=1, le=8_760)] | None = None
    default_vat_basis_points: BasisPoints | None = None

    def key(self) -> str:
        return "billing"


__all__ = [
    "CODE",
    "ERASED_WORDS",
    "BillingCycle",
    "BillingSettingsChanged",
    "ChangeBillingSettings",
    "ChangeCustomer",
    "ChangeOperator",
    "ChangePackage",
    "Code",
    "CreateCustomer",
    "CreateOperator",
    "CreatePackage",
    "CustomerChanged",
    "CustomerErased",
    "CustomerLine",
    "CustomerStatus",
    "CustomersImported",
    "EraseCustomer",
    "ImportCustomers",
    "LineDefaults",
    "Mobile",
    "OperatorChanged",
    "OperatorCode",
    "PackageChanged",
    "RefusedCell",
    "RefusedLine",
    "Twins",
    "UndoImport",
    "erased_name",
]
