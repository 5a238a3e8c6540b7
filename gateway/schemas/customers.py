"""Customers: bodies that add, change and bill one, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from gateway.schemas.fields import Body, Change, Day, Name, Note, Row, Shape, TypedMobile
from gateway.schemas.portal_links import Portals
from shared.contracts.catalog import BillingCycle, Code, CustomerStatus
from shared.contracts.envelope import Period


def customer(row: Row, portals: Portals) -> Body:
    """A customer as they are now."""
    return {
        "id": str(row["id"]),
        "code": row["code"],
        "name": row["name"],
        "mobile": row["mobile"],
        "address": row["address"],
        "operator_id": str(row["operator_id"]),
        "operator": {"id": str(row["operator_id"]), "name": row["operator_name"]},
        "package_id": str(row["package_id"]),
        "package": {"id": str(row["package_id"]), "name": row["package_name"]},
        "status": row["status"],
        "billing_cycle": row["billing_cycle"],
        "since": str(row["since"]),
        "credit_minor": row["credit_minor"],
        "portal_url": portals.url(row["id"], row["portal_generation"]),
        "version": row["version"],
    }


class Customer(Shape):
    """A new customer."""

    code: Code
    name: Name
    mobile: TypedMobile | None = None
    address: Note = ""
    operator_id: UUID
    package_id: UUID
    status: CustomerStatus = "active"
    billing_cycle: BillingCycle = "monthly"
    since: Day | None = None


class CustomerChange(Change):
    """What may change about a customer; a mobile of null takes it away."""

    CLEARABLE = frozenset({"mobile"})

    code: Code | None = None
    name: Name | None = None
    mobile: TypedMobile | None = None
    address: Note | None = None
    operator_id: UUID | None = None
    package_id: UUID | None = None
    status: CustomerStatus | None = None
    billing_cycle: BillingCycle | None = None
    since: Day | None = None


class BillCustomer(Shape):
    """Which month to bill."""

    period: Period
