"""One stack for all journeys: 2,000 customers of eight operators; each journey bills its own months."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import AsyncIterator, Iterator
from datetime import date

import pytest
import pytest_asyncio

from tests.journeys.stack import Office, Stack, own_stack, signed_in

CUSTOMERS = 2_000
YEARS = (2024, 2025, 2023)
OPERATORS = tuple(f"OP{number}" for number in range(1, 9))
PARTNER = "bkash"
COLUMNS = ("code", "name", "mobile", "address", "operator", "package", "status", "billing_cycle", "since")


def customers_file(count: int, operators: tuple[str, ...], prefix: str = "C", cycle: str = "monthly") -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for number in range(count):
        operator = operators[number % len(operators)]
        mobile = f"+88017{number:08d}"
        name = f"Customer {number}"
        writer.writerow(
            (f"{prefix}-{number}", name, mobile, "Road 1", operator, "Home", "active", cycle, "2020-01-01")
        )
    return text.getvalue()


async def settle_in(office: Office) -> None:
    """Operators, a package and customers, billed since long ago."""
    root = next(each for each in await office.all("/operators") if each["parent_id"] is None)
    for code in OPERATORS:
        await office.post("/operators", {"code": code, "name": f"Reseller {code}", "parent_id": root["id"]})
    await office.post("/packages", {"name": "Home", "price_minor": 100_000, "vat_basis_points": 500})
    answer = await office.send("PUT", "/settings/billing", {"billing_from": f"{min(YEARS)}-01"})
    assert answer.is_success, answer.text
    imported = await office.client.post(
        "/customers/import",
        content=customers_file(CUSTOMERS, OPERATORS).encode(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": "customers"},
    )
    report = await office.done(imported)
    assert (report["created"], report["refused"]) == (CUSTOMERS, [])


@pytest_asyncio.fixture(scope="package")
async def stack() -> AsyncIterator[Stack]:
    with own_stack(int(os.environ.get("ISPBILLS_PORT_BASE", "29700"))) as stack:
        stack.up()
        async with signed_in(stack) as office:
            await settle_in(office)
        stack.ispbills("partners", "add", PARTNER, "--operator", "ISP")
        yield stack


@pytest_asyncio.fixture
async def office(stack: Stack) -> AsyncIterator[Office]:
    """The admin at the API; when the journey is over, every promise still holds."""
    async with signed_in(stack) as office:
        yield office
    await stack.audit()


@pytest.fixture(scope="package")
def months() -> Iterator[str]:
    """Months that nobody has billed yet."""
    return iter([f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)])


@pytest.fixture
def period(months: Iterator[str]) -> str:
    """A month of the journey's own."""
    found = next(months)
    assert found < date.today().strftime("%Y-%m")
    return found
