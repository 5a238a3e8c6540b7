"""Bodies of the API: strict, bounded, and without a field that is not expected."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from gateway.domain import Problem, Role
from gateway.schemas.filters import BillFilter
from shared.contracts.catalog import BillingCycle, Code, CustomerStatus, Mobile, OperatorCode
from shared.contracts.envelope import BasisPoints, Currency, Minor, Period, PositiveMinor

B = TypeVar("B", bound=BaseModel)
V = TypeVar("V")

Email = Annotated[str, StringConstraints(pattern=r"^[^\s@\x00]+@[^\s@\x00]+$", max_length=200, to_lower=True)]
Name = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f]*[^\x00-\x20][^\x00-\x1f]*$", min_length=1, max_length=200)
]
Note = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=500)]
Reasoned = Annotated[
    str, StringConstraints(pattern=r"^[^\x00]*[^\x00\s][^\x00]*$", min_length=1, max_length=200)
]
Method = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Password = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=10, max_length=200)]
Words = Annotated[
    str, StringConstraints(pattern=r"^[^\x00]*$", min_length=3, max_length=100, strip_whitespace=True)
]
AnyPassword = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200)]


class Shape(BaseModel):
    """What every body has in common."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Change(Shape):
    """What may change: a field that is left out stays as it is, and null is no value but where it clears."""

    CLEARABLE: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="after")
    @classmethod
    def is_a_value(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.field_name not in cls.CLEARABLE:
            raise ValueError("leave it out to keep it as it is")
        return value


class SignIn(Shape):
    """Who wants in."""

    email: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200, to_lower=True)]
    password: AnyPassword


class ChangePassword(Shape):
    """A new password, by whoever knows the old one."""

    current_password: AnyPassword
    new_password: Password


class Payment(Shape):
    """Money received."""

    amount_minor: PositiveMinor
    paid_on: date | None = None
    method: Method = "cash"
    reference: Note | None = None
    note: Note | None = None


class Reason(Shape):
    """Why."""

    reason: Reasoned


class Void(Reason):
    """Why, and whether a bill with today's package follows."""

    reissue: bool = False


class Refund(Reason):
    """How much credit goes back, and why."""

    amount_minor: PositiveMinor


class PaymentLink(Shape):
    """Whether the link goes out by SMS."""

    send_sms: bool = True


class Place(Shape):
    """Where held money goes: exactly one of the two."""

    bill_id: UUID | None = None
    customer_id: UUID | None = None

    @model_validator(mode="after")
    def names_one(self) -> Place:
        if (self.bill_id is None) == (self.customer_id is None):
            raise ValueError("name exactly one of bill_id and customer_id")
        return self


class Operator(Shape):
    """A new operator."""

    code: OperatorCode
    name: Name
    parent_id: UUID


class OperatorChange(Shape):
    """What may change about an operator."""

    name: Name


class Package(Shape):
    """A new package."""

    name: Name
    price_minor: Minor
    vat_basis_points: BasisPoints
    operator_id: UUID | None = None


class PackageChange(Change):
    """What may change about a package."""

    name: Name | None = None
    price_minor: Minor | None = None
    vat_basis_points: BasisPoints | None = None


class Customer(Shape):
    """A new customer."""

    code: Code
    name: Name
    mobile: Mobile | None = None
    address: Note = ""
    operator_id: UUID
    package_id: UUID
    status: CustomerStatus = "active"
    billing_cycle: BillingCycle = "monthly"
    since: date | None = None


class CustomerChange(Change):
    """What may change about a customer; a mobile of null takes it away."""

    CLEARABLE = frozenset({"mobile"})

    code: Code | None = None
    name: Name | None = None
    mobile: Mobile | None = None
    address: Note | None = None
    operator_id: UUID | None = None
    package_id: UUID | None = None
    status: CustomerStatus | None = None
    billing_cycle: BillingCycle | None = None
    since: date | None = None


class BillCustomer(Shape):
    """Which month to bill."""

    period: Period


class Run(Shape):
    """Which month to bill, for whom, and whether only to try."""

    period: Period
    operator_id: UUID | None = None
    dry_run: bool = False


class User(Shape):
    """A new user."""

    email: Email
    name: Name
    password: Password
    role: Role
    operator_id: UUID


class UserChange(Change):
    """What may change about a user."""

    name: Name | None = None
    role: Role | None = None
    operator_id: UUID | None = None
    password: Password | None = None
    active: bool | None = None


class Token(Shape):
    """A new API token, for oneself unless said otherwise."""

    name: Name
    user_id: UUID | None = None
    expires_at: datetime | None = None


class Partner(Shape):
    """A new partner system."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    operator_id: UUID


class BillingSettings(Change):
    """What to set; the rest stays."""

    time_zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]+$", max_length=64)] | None = None
    currency: Currency | None = None
    due_days: Annotated[int, Field(ge=0, le=365)] | None = None
    billing_from: Period | None = None
    link_valid_hours: Annotated[int, Field(ge=1, le=8_760)] | None = None
    default_vat_basis_points: BasisPoints | None = None


BillStatus = Literal["unpaid", "partial", "paid", "void"]


def _many(value: V | tuple[V, ...]) -> tuple[V, ...]:
    return value if isinstance(value, tuple) else (value,)


class Filter(Shape):
    """The filter of the bills list, as a body."""

    operator_id: UUID | Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    package_id: UUID | Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    status: BillStatus | Annotated[tuple[BillStatus, ...], Field(max_length=4)] = ()
    period: Period | None = None
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    overdue: bool | None = None
    q: Words | None = None

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Filter:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("`from` is after `to`")
        return self

    def wanted(self) -> BillFilter:
        """The same filter as the query string makes it."""
        return BillFilter(
            operator_ids=_many(self.operator_id),
            package_ids=_many(self.package_id),
            statuses=_many(self.status),
            period=self.period,
            issued_from=self.from_,
            issued_to=self.to,
            overdue=self.overdue,
            q=self.q,
        )


class Selection(Shape):
    """Which bills: named one by one, or by a filter."""

    bill_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100_000)] | None = None
    filter: Filter | None = None

    @model_validator(mode="after")
    def names_one(self) -> Selection:
        if (self.bill_ids is None) == (self.filter is None):
            raise ValueError("name exactly one of bill_ids and filter")
        return self


class BulkParameters(Shape):
    """What the action needs to know."""

    paid_on: date | None = None
    method: Method = "cash"
    reference: Note | None = None
    note: Note | None = None
    period: Period | None = None
    send_sms: bool | None = None


class BulkAction(Shape):
    """Much at once."""

    action: Literal["mark_paid", "send_payment_link", "download_pdf", "generate_missing"]
    selection: Selection | None = None  # only generate_missing may leave it out
    parameters: BulkParameters = BulkParameters()


def read(kind: type[B], raw: bytes) -> B:
    """The body, or 422 naming each wrong field."""
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        raise invalid(error) from error


def invalid(error: ValidationError) -> Problem:
    """What is wrong, field by field."""
    errors = tuple(
        (".".join(str(step) for step in each["loc"]) or "body", each["msg"])
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    )
    return Problem(422, "invalid", "The request is not right: " + errors[0][1], errors=errors)
