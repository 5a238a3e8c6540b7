"""Services come back from their backups while the others go on; what came since is known, says the audit."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence

import httpx

from tests.journeys.conftest import PARTNER
from tests.journeys.stack import Body, Office, Stack, cloud_event, produce
from tests.patience import until

# The gateway's schema is read by the gateway and written by the projector.
DOWN = ("gateway", "projector", "payments")
RESTORED = ("gateway", "payments")
ALL = ("invoicing", "payments", "notifications", "documents", "gateway", "projector")


def come_back(stack: Stack, files: list[str], down: Sequence[str] = DOWN) -> None:
    """Bring schemas back as docs/backup.md says."""
    for name in down:
        stack.ispbills("stop", name)
    for file in files:
        assert "is as it was" in stack.ispbills("restore", file)
    for name in down:
        stack.ispbills("start", name)
    stack.ispbills("view", "rebuild")


async def wired(stack: Stack, bill: Body) -> None:
    """A partner receives what a bill comes to."""
    paid = {
        "payment_id": uuid.uuid4().hex,
        "amount_minor": bill["total_minor"],
        "currency": bill["currency"],
        "paid_at": "2026-01-01T00:00:00Z",
        "invoice_number": bill["number"],
    }
    await produce(stack, f"partner.{PARTNER}.payments", [cloud_event(paid)])


async def shows_paid(office: Office, bill: Body) -> None:
    """Wait until a bill is paid, and by one payment."""

    async def look() -> bool:
        try:
            shown = await office.get(f"/bills/{bill['id']}")
        except httpx.TransportError:  # on its way up
            return False
        return bool(shown["status"] == "paid")

    await until(look, f"{bill['number']} is paid")
    assert len((await office.get(f"/bills/{bill['id']}/payments"))["items"]) == 1


async def test_the_desk_and_the_money_come_back_from_backups_and_know_what_came_since(
    stack: Stack, office: Office, period: str
) -> None:
    await office.run(period)
    in_cash, by_wire = (await office.open_bills(period))[:2]
    said = await asyncio.to_thread(
        stack.ispbills, "backup", *RESTORED, "--to", str(stack.directory / "backups")
    )
    await office.done(await office.pay(in_cash))
    await wired(stack, by_wire)
    newcomer = {"email": f"{uuid.uuid4().hex}@ispbills.test", "name": "New", "password": "a long password"}
    await office.post("/users", {**newcomer, "role": "viewer", "operator_id": in_cash["operator"]["id"]})
    await shows_paid(office, by_wire)

    await asyncio.to_thread(come_back, stack, said.split())

    await shows_paid(office, in_cash)
    await shows_paid(office, by_wire)
    assert newcomer["email"] not in {each["email"] for each in await office.all("/users")}


async def numbers(office: Office, period: str) -> dict[str, tuple[str, str, int]]:
    """Each bill of a month by its number: whose it is, its id, what it comes to."""
    return {
        bill["number"]: (bill["customer"]["code"], bill["id"], bill["total_minor"])
        for bill in await office.all("/bills", period=period)
    }


async def test_a_whole_installation_comes_back_from_a_backup_that_lies_behind_kafka(
    stack: Stack, office: Office, period: str
) -> None:
    """A month billed, money, and a customer of since: what is out stays with who has it."""
    said = await asyncio.to_thread(stack.ispbills, "backup", "--to", str(stack.directory / "all"))
    files = said.split()
    assert len(files) == len(ALL) - 1, "the projector writes the gateway's schema"
    await office.run(period)
    in_cash, by_wire, unpaid = (await office.open_bills(period))[:3]
    await office.done(await office.pay(in_cash))
    await wired(stack, by_wire)
    await shows_paid(office, by_wire)
    newcomer = await office.post(
        "/customers",
        {
            "code": f"N-{uuid.uuid4().hex[:8]}",
            "name": "New",
            "mobile": "+8801712345678",
            "address": "Road 2",
            "operator_id": unpaid["operator"]["id"],
            "package_id": unpaid["package"]["id"],
            "status": "active",
            "billing_cycle": "monthly",
            "since": "2020-01-01",
        },
    )
    before = await numbers(office, period)

    await asyncio.to_thread(come_back, stack, files, ALL)

    await shows_paid(office, in_cash)
    await shows_paid(office, by_wire)
    assert await numbers(office, period) == before
    later = await office.post(f"/customers/{newcomer['id']}/bills", {"period": period})
    assert later["number"] not in before
