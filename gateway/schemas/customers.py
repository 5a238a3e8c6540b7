"""Customers: bodies that add, change and bill one, and how one is shown."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from typing_extensions import TypedDict

from gateway.schemas.answers import Date, Id, Named, answer
from gateway.schemas.fields import Change, Day, Name, Note, Row, Shape, TypedMobile, Words
from gateway.schemas.filters import CustomerFilter, Flag, Page, Paged
from gateway.schemas.portal_links import Portals
from shared.contracts.catalog import BillingCycle, Code, CustomerStatus
from shared.contracts.envelope import Count, Currency, Minor, Period

CustomerSort = Literal["joined", "name", "balance", "-balance"]


@answer
class CustomerShown(TypedDict):
    """A customer as they are now."""

    id: Id
    """The customer's id."""
    code: str
    """Their code, unique within their operator."""
    name: str
    """Their name."""
    mobile: str | None
    """Their mobile in E.164, if they have one."""
    alternate_mobile: str | None
    """Another number of theirs in E.164; messages go to `mobile`."""
    address: str
    """Where they live, as it was written."""
    operator_id: Id
    """Whose customer they are."""
    operator: Named
    """The same, with its name."""
    package_id: Id
    """What they have subscribed to."""
    package: Named
    """The same, with its name."""
    status: CustomerStatus
    """Whether they are served."""
    billing_cycle: BillingCycle
    """How often they are billed; only `monthly` gets invoices."""
    since: Date
    """Since when they are a customer."""
    erased: bool
    """Whether their personal data was erased: what is left of them is a code."""
    balance_minor: Minor
    """What they owe, on all their bills."""
    credit_minor: Minor
    """What they have paid beyond their bills."""
    portal_url: str
    """The address of their own page."""
    version: int
    """Grows with each change."""


@answer
class CustomerTotals(TypedDict):
    """The sums over a whole filter, whatever the page."""

    count: Count
    """How many customers."""
    balance_minor: Minor
    """What they owe together."""
    currency: Currency
    """The currency of the sum."""


@answer
class CustomerList(TypedDict):
    """A page of customers with the totals of the whole filter."""

    items: list[CustomerShown]
    """The page's customers, in the order of the list."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""
    totals: CustomerTotals
    """The sums over the whole filter."""


@answer
class Billing(TypedDict):
    """Whether a customer was billed for a period, and why not."""

    outcome: Literal["created", "already_billed", "skipped", "failed"] | None
    """What the last run did; null where none has looked at the customer."""
    reason: str | None
    """Why there is no bill, such as `suspended` or `not-run`."""
    bill_id: Id | None
    """The bill, if there is one."""


@answer
class BilledNow(Billing):
    """The outcome of billing one customer; a bill that was made is told whole beside it."""

    run_id: Id
    """The run that did it."""


def customer(row: Row, portals: Portals) -> CustomerShown:
    """A customer as they are now."""
    return {
        "id": str(row["id"]),
        "code": row["code"],
        "name": row["name"],
        "mobile": row["mobile"],
        "alternate_mobile": row["alternate_mobile"],
        "address": row["address"],
        "operator_id": str(row["operator_id"]),
        "operator": {"id": str(row["operator_id"]), "name": row["operator_name"]},
        "package_id": str(row["package_id"]),
        "package": {"id": str(row["package_id"]), "name": row["package_name"]},
        "status": row["status"],
        "billing_cycle": row["billing_cycle"],
        "since": str(row["since"]),
        "erased": row["is_erased"],
        "balance_minor": row["balance_minor"],
        "credit_minor": row["credit_minor"],
        "portal_url": portals.url(row["id"], row["portal_generation"]),
        "version": row["version"],
    }


class CustomerQuery(Paged):
    """Which customers."""

    operator_id: tuple[UUID, ...] = ()
    """Operators, each with its subtree."""
    package_id: tuple[UUID, ...] = ()
    """What they have subscribed to."""
    status: tuple[CustomerStatus, ...] = ()
    """Whether they are served."""
    billing_cycle: tuple[BillingCycle, ...] = ()
    """How often they are billed."""
    owing: Flag | None = None
    """Whether they owe anything."""
    code: str | None = None
    """The whole code."""
    q: Words | None = None
    """Words of name, code and numbers."""
    sort: CustomerSort = "joined"
    """The order; `-balance` puts those who owe most first."""

    @property
    def page(self) -> Page:
        """Return which page is asked for, in its order."""
        return Page(limit=self.limit, cursor=self.cursor, sort=self.sort)

    @property
    def filter(self) -> CustomerFilter:
        """Return which customers are asked for."""
        return CustomerFilter(
            operator_ids=self.operator_id,
            package_ids=self.package_id,
            statuses=self.status,
            code=self.code,
            q=self.q,
            cycles=self.billing_cycle,
            owing=self.owing,
        )


class Customer(Shape):
    """A new customer."""

    code: Code
    """Their code, unique within their operator."""
    name: Name
    """Their name."""
    mobile: TypedMobile | None = None
    """Their mobile, in any spelling of the installation's country; a second one is the alternate."""
    alternate_mobile: TypedMobile | None = None
    """Another number of theirs."""
    address: Note = ""
    """Where they live."""
    operator_id: UUID
    """Whose customer they are."""
    package_id: UUID
    """What they subscribe to."""
    status: CustomerStatus = "active"
    """Whether they are served."""
    billing_cycle: BillingCycle = "monthly"
    """How often they are billed; only `monthly` gets invoices."""
    since: Day | None = None
    """Since when they are a customer; today where nothing is said."""


class CustomerChange(Change):
    """Changes of a customer; a number of null takes it away."""

    CLEARABLE = frozenset({"mobile", "alternate_mobile"})

    code: Code | None = None
    """Another code, unique within their operator."""
    name: Name | None = None
    """Another name."""
    mobile: TypedMobile | None = None
    """Another mobile, in any spelling of the installation's country; null takes it away."""
    alternate_mobile: TypedMobile | None = None
    """Another number beside it; null takes it away."""
    address: Note | None = None
    """Another address."""
    operator_id: UUID | None = None
    """The operator that they move to."""
    package_id: UUID | None = None
    """The package that they change to, for invoices yet to come."""
    status: CustomerStatus | None = None
    """Whether they are served."""
    billing_cycle: BillingCycle | None = None
    """How often they are billed."""
    since: Day | None = None
    """Since when they are a customer."""


class BillCustomer(Shape):
    """Which month to bill."""

    period: Period
    """The month to bill, as YYYY-MM."""


class EraseCustomer(Shape):
    """Whom to erase, once more."""

    code: Code
    """The customer's code, to make sure that it is this one."""
