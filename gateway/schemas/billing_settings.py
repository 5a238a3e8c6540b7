"""Billing settings: the body that changes them, and how they are shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from gateway.schemas.fields import Body, Change, Row
from shared.contracts.envelope import BasisPoints, Currency, Period


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


class BillingSettings(Change):
    """What to set; the rest stays."""

    time_zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]+$", max_length=64)] | None = None
    currency: Currency | None = None
    due_days: Annotated[int, Field(ge=0, le=365)] | None = None
    billing_from: Period | None = None
    link_valid_hours: Annotated[int, Field(ge=1, le=8_760)] | None = None
    default_vat_basis_points: BasisPoints | None = None
