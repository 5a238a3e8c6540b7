"""Billing runs: the body that starts one, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from gateway.schemas.fields import Body, Row, Shape, moment, text
from shared.contracts.envelope import Period


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


class Run(Shape):
    """Which month to bill, for whom, and whether only to try."""

    period: Period
    operator_id: UUID | None = None
    dry_run: bool = False
