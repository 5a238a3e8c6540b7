"""The JSON shapes of the contract, made from rows of the read model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from gateway.domain import is_overdue
from gateway.schemas.portal_links import Portals

Row: TypeAlias = Mapping[str, Any]
Body: TypeAlias = dict[str, Any]


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def text(value: Any) -> str | None:
    """An id or a date as text."""
    return None if value is None else str(value)


def bill_item(row: Row, today: date) -> Body:
    """A bill as a list shows it."""
    return {
        "id": str(row["id"]),
        "number": row["number"],
        "status": row["status"],
        "overdue": is_overdue(row["status"], row["due_on"], today),
        "period": row["period"],
        "issued_on": str(row["issued_on"]),
        "due_on": str(row["due_on"]),
        "currency": row["currency"],
        "net_minor": row["net_minor"],
        "vat_basis_points": row["vat_basis_points"],
        "vat_minor": row["vat_minor"],
        "total_minor": row["total_minor"],
        "paid_minor": row["paid_minor"],
        "balance_minor": row["balance_minor"],
        "operator": {"id": str(row["operator_id"]), "name": row["operator_name"]},
        "package": {"id": str(row["package_id"]), "name": row["package_name"]},
        "customer": {
            "id": str(row["customer_id"]),
            "code": row["customer_code"],
            "name": row["customer_name"],
            "mobile": row["customer_mobile"],
        },
        "link": None,
        "message": None,
        "reissue_of": text(row["reissue_of"]),
        "reissued_as": text(row["reissued_as"]),
        "version": row["invoice_version"] + row["receivable_version"],
    }


def bill(row: Row, today: date) -> Body:
    """One bill with its lines."""
    voided = row["voided"]
    return {
        **bill_item(row, today),
        "lines": row["lines"],
        "void": {"reason": row["void_reason"], "at": moment(row["voided_at"]), "by": row["voided_by"]}
        if voided
        else None,
    }


def totals(
    rows: Iterable[Row], statuses: list[str] | None, overdue: bool | None, currency: str, exact: bool
) -> Body:
    """Sums over the whole filter; `by_status` without the status filter."""
    by_status = dict.fromkeys(("unpaid", "partial", "paid", "void", "overdue"), 0)
    sums = {"count": 0, "total_minor": 0, "paid_minor": 0, "balance_minor": 0}
    for row in rows:
        by_status[row["status"]] += row["bills"]
        if row["overdue"]:
            by_status["overdue"] += row["bills"]
        if (statuses and row["status"] not in statuses) or (overdue and not row["overdue"]):
            continue
        sums["count"] += row["bills"]
        for name in ("total_minor", "paid_minor", "balance_minor"):
            sums[name] += int(row[name])
    return {**sums, "currency": currency, "exact": exact, "by_status": by_status}


def payment(row: Row) -> Body:
    """A payment as of now."""
    return {
        "id": str(row["id"]),
        "bill_id": text(row["bill_id"]),
        "customer_id": str(row["customer_id"]),
        "amount_minor": row["amount_minor"],
        "allocated_minor": row["allocated_minor"],
        "credit_minor": row["credit_minor"],
        "currency": row["currency"],
        "method": row["method"],
        "paid_on": str(row["paid_on"]),
        "recorded_at": moment(row["recorded_at"]),
        "recorded_by": row["recorded_by"],
        "source": row["source"],
        "reference": row["reference"],
        "note": row["note"],
        "reversed": row["reversed"],
        "reversal": {
            "reason": row["reversal_reason"],
            "at": moment(row["reversed_at"]),
            "by": row["reversed_by"],
        }
        if row["reversed"]
        else None,
    }


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
        "portal_url": portals.url(row["id"]),
        "version": row["version"],
    }


def operator(row: Row) -> Body:
    """An operator as it is now."""
    return {
        "id": str(row["id"]),
        "code": row["code"],
        "name": row["name"],
        "parent_id": text(row["parent_id"]),
        "version": row["version"],
    }


def package(row: Row) -> Body:
    """A package as it is now."""
    return {
        "id": str(row["id"]),
        "operator_id": text(row["operator_id"]),
        "name": row["name"],
        "price_minor": row["price_minor"],
        "currency": row["currency"],
        "vat_basis_points": row["vat_basis_points"],
        "version": row["version"],
    }


def run(row: Row) -> Body:
    """Where a run stands."""
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "state": row["state"],
        "period": row["period"],
        "operator_id": text(row["operator_id"]),
        "package_id": text(row["package_id"]),
        "customer_id": text(row["customer_id"]),
        "dry_run": row["dry_run"],
        "expected": row["expected"],
        "created": row["created"],
        "already_billed": row["already_billed"],
        "skipped": row["skipped"],
        "failed": row["failed"],
        "total_minor": row["total_minor"],
        "currency": row["currency"],
        "requested_by": row["requested_by"],
        "started_at": moment(row["started_at"]),
        "completed_at": moment(row["completed_at"]),
    }


def run_customer(row: Row) -> Body:
    """What a run did about one customer."""
    return {
        "customer_id": str(row["customer_id"]),
        "code": row["code"],
        "outcome": row["outcome"],
        "reason": row["reason"],
        "bill_id": text(row["bill_id"]),
    }


def held_payment(row: Row) -> Body:
    """Money that waits to be placed."""
    return {
        "id": str(row["id"]),
        "source": row["source"],
        "payment_id": row["payment_id"],
        "amount_minor": row["amount_minor"],
        "currency": row["currency"],
        "reason": row["reason"],
        "received_at": moment(row["received_at"]),
        "state": row["state"],
        "our_payment_id": text(row["our_payment_id"]),
    }


def partner(row: Row) -> Body:
    """A partner system."""
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "operator_id": str(row["operator_id"]),
        "active": row["active"],
    }


def refund(row: Row, credit_minor: int, currency: str) -> Body:
    """Credit that was paid back."""
    return {
        "id": str(row["id"]),
        "customer_id": str(row["customer_id"]),
        "amount_minor": row["amount_minor"],
        "currency": currency,
        "reason": row["reason"],
        "refunded_by": row["refunded_by"],
        "refunded_at": moment(row["refunded_at"]),
        "credit_minor": credit_minor,
    }


def user(row: Row) -> Body:
    """A person who may sign in."""
    return {
        "id": str(row["id"]),
        "email": row["email"],
        "name": row["name"],
        "role": row["role"],
        "operator_id": str(row["operator_id"]),
        "active": row["active"],
    }


def token(row: Row) -> Body:
    """An API token, without what opens doors."""
    return {
        "id": str(row["id"]),
        "user_id": str(row["user_id"]),
        "email": row["email"],
        "name": row["name"],
        "created_at": moment(row["created_at"]),
        "expires_at": moment(row["expires_at"]),
        "revoked_at": moment(row["revoked_at"]),
    }


def settings(row: Row) -> Body:
    """How this installation bills."""
    names = (
        "time_zone",
        "currency",
        "due_days",
        "billing_from",
        "link_valid_hours",
        "default_vat_basis_points",
    )
    return {name: row[name] for name in names}
