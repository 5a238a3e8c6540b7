"""A customer who leaves for good: imported, billed, paid and written to, then nowhere but in the books."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from tests import patience
from tests.journeys.conftest import COLUMNS, PARTNER
from tests.journeys.stack import Body, Office, Stack, cloud_event, produce
from tests.patience import until

CODE, NAME, MOBILE, OTHER = "LEAVES-1", "Nadira Begum Shefali", "+8801799887766", "+8801799887755"
WORDS = (NAME, MOBILE.removeprefix("+"), OTHER.removeprefix("+"), "Shefali Villa")
SCHEMAS = ("invoicing", "payments", "notifications", "documents", "gateway")
ROWS = """
SELECT format('%s.%s', table_schema, table_name)
  FROM information_schema.tables
 WHERE table_schema = ANY ($1) AND table_type = 'BASE TABLE'
"""


async def found_in(stack: Stack) -> list[str]:
    """Return every row of every schema that holds a word of the customer's, whatever its column."""
    connection = await asyncpg.connect(stack.addresses["database_url"])
    try:
        words = [*WORDS, *(word.encode().hex() for word in WORDS)]
        found = []
        for (table,) in await connection.fetch(ROWS, list(SCHEMAS)):
            rows = await connection.fetch(
                f"SELECT held::text FROM {table} AS held WHERE EXISTS ("
                "SELECT FROM unnest($1::text[]) AS word WHERE position(word IN held::text) > 0)",
                words,
            )
            found += [f"{table}: {row[0][:300]}" for row in rows]
        return found
    finally:
        await connection.close()


async def imported(office: Office) -> Body:
    line = (
        CODE,
        NAME,
        f"{MOBILE} / {OTHER}",
        "Shefali Villa",
        "OP1",
        "Home",
        "active",
        "monthly",
        "2020-01-01",
    )
    wrong = (CODE, NAME, MOBILE, "Shefali Villa", "OP1", "Home", "asleep", "monthly", "2020-01-01")
    answer = await office.client.post(
        "/customers/import",
        content="\n".join([",".join(COLUMNS), ",".join(line), ",".join(wrong)]).encode(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": "leaves"},
    )
    report = await office.done(answer)
    assert report["created"] == 1, report
    customer: Body = (await office.get("/customers", code=CODE))["items"][0]
    return customer


async def lived(stack: Stack, office: Office, customer: Body, period: str) -> Body:
    """Bill the customer, take their money in two ways, write to them and print for them."""
    mine = f"/customers/{customer['id']}"
    bill = await office.post(f"{mine}/bills", {"period": period})
    partly = {"amount_minor": 5_000, "paid_on": bill["issued_on"], "method": "cash", "note": f"From {NAME}"}
    await office.post(f"/bills/{bill['bill_id']}/payments", partly | {"reference": MOBILE.removeprefix("+")})
    rest: dict[str, Any] = {
        "payment_id": "leaves-1",
        "amount_minor": bill["total_minor"] - 5_000,
        "currency": "BDT",
        "paid_at": "2026-01-01T00:00:00Z",
        "customer_code": CODE,
        "payer_reference": NAME,
    }
    await produce(stack, f"partner.{PARTNER}.payments", [cloud_event(rest)])

    async def paid() -> Body | None:
        shown = await office.get(f"/bills/{bill['bill_id']}")
        return shown if shown["status"] == "paid" else None

    settled = await until(paid, "both payments show")
    answer = await office.send("PUT", "/settings/sms-gateway", {"provider": "sandbox"})
    await office.done(answer)
    await office.post(f"{mine}/portal-message", {})
    pdf = await office.client.get(f"/bills/{bill['bill_id']}/invoice.pdf", timeout=patience.SECONDS)
    assert pdf.status_code in (200, 202), pdf.text
    statement = await office.client.get(
        f"{mine}/statement.pdf", params={"from": "2024-01-01", "to": "2026-01-31"}
    )
    assert statement.status_code in (200, 202), statement.text
    return settled


def at_the_command_line(stack: Stack, *arguments: str) -> tuple[bool, str]:
    """Ask to erase as a person types it; return whether it was done, and what was said."""
    try:
        return True, stack.ispbills("customers", "erase", *arguments)
    except AssertionError as refused:
        return False, str(refused)


async def erased(stack: Stack, office: Office, customer: Body) -> Body:
    """Erase as soon as every service has heard that nothing is owed."""
    for arguments, wrong in (
        (("NOBODY", "--confirm", "NOBODY"), "Unknown code."),
        ((CODE, "--operator", "OP2", "--confirm", CODE), "Unknown code."),
        ((CODE, "--confirm", "LEAVES-2"), "code"),
    ):
        done, said = await asyncio.to_thread(at_the_command_line, stack, *arguments)
        assert (done, wrong in said) == (False, True), said

    async def accepted() -> str | None:
        done, said = await asyncio.to_thread(
            at_the_command_line, stack, CODE, "--operator", "OP1", "--confirm", CODE
        )
        assert done or "owe" in said, said
        return said if done else None

    assert await until(accepted, "the customer is erased") == f"Erased customer {CODE}\n"
    return await office.get(f"/customers/{customer['id']}")


async def test_an_erased_customer_is_nowhere_but_in_the_books(
    stack: Stack, office: Office, period: str
) -> None:
    customer = await imported(office)
    bill = await lived(stack, office, customer, period)
    assert await found_in(stack)
    refused = await office.send("POST", f"/customers/{customer['id']}/erase", {"code": CODE})
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (409, "not-closed")
    closed = await office.send("PATCH", f"/customers/{customer['id']}", {"status": "closed"})
    await office.done(closed)

    shown = await erased(stack, office, customer)

    assert (shown["name"], shown["mobile"], shown["address"], shown["erased"]) == (
        f"Erased customer {CODE}", None, "", True,
    )  # fmt: skip
    left: list[str] = []

    async def gone() -> bool:
        left[:] = await found_in(stack)
        return not left

    try:
        await until(gone, "nothing of the customer is left")
    except AssertionError as error:
        raise AssertionError("\n".join(left)) from error
    kept = await office.get(f"/bills/{bill['id']}")
    assert (kept["number"], kept["total_minor"], kept["status"]) == (
        bill["number"], bill["total_minor"], "paid",
    )  # fmt: skip
    assert kept["customer"]["name"] == f"Erased customer {CODE}"
    for folder in ("invoices/" + bill["id"], "statements/" + customer["id"]):
        assert not list((stack.directory / "blobs").glob(f"{folder}/*")), folder

    await asyncio.to_thread(stack.ispbills, "view", "rebuild")
    assert await found_in(stack) == []
    assert (await office.get(f"/customers/{customer['id']}"))["erased"]
