"""Billing settings: the body that changes them, and how they are shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from gateway.schemas.answers import Month, answer
from gateway.schemas.fields import Change, Row
from shared.contracts.envelope import BasisPoints, Count, Currency, Period


@answer
class Settings(TypedDict):
    """How this installation bills."""

    time_zone: str
    """The IANA time zone in which days begin."""
    currency: Currency
    """The installation's one currency."""
    due_days: Count
    """Days from issue to the last day to pay."""
    billing_from: Month | None
    """The first month that may be billed."""
    link_valid_hours: Count
    """How long a payment link can be paid at."""
    default_vat_basis_points: BasisPoints
    """The rate of VAT that a new package starts with, in hundredths of a percent."""


def settings(row: Row) -> Settings:
    """How this installation bills."""
    return {
        "time_zone": row["time_zone"],
        "currency": row["currency"],
        "due_days": row["due_days"],
        "billing_from": row["billing_from"],
        "link_valid_hours": row["link_valid_hours"],
        "default_vat_basis_points": row["default_vat_basis_points"],
    }


class BillingSettings(Change):
    """Settings to change; the rest stays."""

    time_zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]+$", max_length=64)] | None = None
    """The IANA time zone in which days begin."""
    currency: Currency | None = None
    """The installation's one currency; fixed after the first invoice."""
    due_days: Annotated[int, Field(ge=0, le=365)] | None = None
    """Days from issue to the last day to pay."""
    billing_from: Period | None = None
    """The first month that may be billed."""
    link_valid_hours: Annotated[int, Field(ge=1, le=8_760)] | None = None
    """How long a payment link can be paid at."""
    default_vat_basis_points: BasisPoints | None = None
    """The rate of VAT that a new package starts with, in hundredths of a percent."""
