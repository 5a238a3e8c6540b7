"""What follows from a change that a file makes is told beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from gateway.pages.import_consequences import Consequences
from gateway.pages.web.formats import Formats

HOME, FREE, PALLABI = UUID(int=1), UUID(int=2), UUID(int=3)
TOLD = Consequences(
    Formats("en", "BDT", "Asia/Dhaka"),
    "2027-01",
    {HOME: {"price_minor": 10_000_000, "vat_basis_points": 500}},
    {PALLABI: "PLB"},
)
ACTIVE: dict[str, Any] = {
    "package_id": HOME, "operator_id": PALLABI, "status": "active", "billing_cycle": "monthly",
    "mobile": "+8801711000412", "name": "Mitu",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "after", "so_that"),
    [
        ("package_id", {"package_id": HOME}, "next bill 1,05,000.00"),
        ("package_id", {"package_id": FREE}, ""),
        ("package_id", {"status": "suspended"}, ""),
        ("status", {"status": "suspended"}, "no bill from January 2027"),
        ("status", {"status": "active"}, ""),
        ("billing_cycle", {"billing_cycle": "none"}, "no bill from January 2027"),
        ("operator_id", {"operator_id": UUID(int=9)}, "bills so far stay with PLB"),
        ("mobile", {"mobile": None}, "no messages"),
        ("mobile", {"mobile": "+8801711000413"}, ""),
        ("name", {"name": "Mitu Akter"}, ""),
    ],
)  # fmt: skip
def test_a_change_says_what_follows_from_it(field: str, after: dict[str, Any], so_that: str) -> None:
    assert TOLD.of(field, ACTIVE, {**ACTIVE, **after}) == so_that


def test_who_is_billed_again_is_told_since_when() -> None:
    suspended = {**ACTIVE, "status": "suspended"}
    assert TOLD.of("status", suspended, ACTIVE) == "billed from January 2027"
    assert (
        TOLD.of("status", {**suspended, "billing_cycle": "none"}, {**ACTIVE, "billing_cycle": "none"}) == ""
    )
