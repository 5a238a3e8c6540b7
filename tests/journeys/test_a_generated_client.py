"""The client that a generator made of the document alone does a clerk's work on the running product."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest_asyncio

from ispbills_client import AuthenticatedClient, models
from ispbills_client.answers import completed, every, file_of, granted
from ispbills_client.api.billing_runs import get_run, start_run
from ispbills_client.api.bills import get_bill, list_bills
from ispbills_client.api.bulk_actions import get_bulk_action, list_bulk_items, start_bulk_action
from ispbills_client.api.customers import change_customer, create_customer, get_customer, list_customers
from ispbills_client.api.imports import import_customers
from ispbills_client.api.operators import list_operators
from ispbills_client.api.packages import list_packages
from ispbills_client.api.payments import record_payment
from tests import patience
from tests.journeys.conftest import customers_file
from tests.journeys.stack import Office, Stack
from tests.patience import until

ROOT = Path(__file__).parents[2]


@pytest_asyncio.fixture
async def client(stack: Stack, office: Office) -> AsyncIterator[AuthenticatedClient]:
    """The generated client, with a token of the admin's."""
    token = (await office.post("/tokens", {"name": "a generated client"}))["token"]
    desk = AuthenticatedClient(
        base_url=stack.addresses["gateway_url"], token=token, timeout=httpx.Timeout(patience.SECONDS)
    )
    async with desk as signed_in:
        yield signed_in


async def test_a_month_is_billed_paid_and_settled_in_bulk_and_by_the_program_of_the_docs(
    client: AuthenticatedClient, period: str, tmp_path: Path
) -> None:
    asked = start_run.asyncio(client=client, body=models.Run(period=period), idempotency_key=_key())
    run = await completed(models.RunShown, await asked, client=client)

    async def billed() -> models.BillList | None:
        found = granted(await list_bills.asyncio(client=client, period=period, status=["unpaid"], limit=5))
        return found if found.totals.count == 2_000 else None

    async def over() -> models.RunShown | None:
        found = granted(await get_run.asyncio(run.id, client=client))
        return found if found.state == "completed" else None

    page = await until(billed, "every bill shows")
    assert (await until(over, "the run is over, which is said on a topic of its own")).created == 2_000
    numbers = {each.number async for each in every(list_bills.asyncio, client=client, period=period)}
    assert len(numbers) == 2_000

    bill = page.items[0]
    body = models.Payment(amount_minor=bill.balance_minor, paid_on=date.today(), method="cash")
    paid = await record_payment.asyncio(bill.id, client=client, body=body, idempotency_key=_key())
    payment = await completed(models.PaymentRecorded, paid, client=client)
    assert (payment.allocated_minor, payment.credit_minor) == (bill.total_minor, 0)
    whole = granted(await get_bill.asyncio(bill.id, client=client))
    assert (whole.status, whole.balance_minor, len(whole.lines)) == ("paid", 0, 1)
    again = await record_payment.asyncio(bill.id, client=client, body=body, idempotency_key=_key())
    assert isinstance(again, models.Problem)
    assert (again.status, again.type_.rpartition("/")[2]) == (409, "already-paid")
    await _settle_in_bulk(client, {each.id for each in page.items[1:]})
    owing = granted(await list_bills.asyncio(client=client, period=period, status=["unpaid"], limit=1))
    await _pay_by_the_program_of_the_docs(client, owing.items[0].customer.id, tmp_path)


async def _settle_in_bulk(client: AuthenticatedClient, bill_ids: set[uuid.UUID]) -> None:
    body = models.BulkAction(
        action="mark_paid",
        selection=models.Selection(bill_ids=list(bill_ids)),
        parameters=models.BulkParameters(method="bank"),
    )
    action = granted(await start_bulk_action.asyncio(client=client, body=body, idempotency_key=_key()))

    async def done() -> models.BulkActionShown | None:
        found = granted(await get_bulk_action.asyncio(action.id, client=client))
        return found if found.state == "completed" else None

    ended = await until(done, "the action has ended")
    assert (ended.succeeded, ended.failed) == (len(bill_ids), 0)
    items = every(list_bulk_items.asyncio, action.id, client=client)
    assert {each.bill_id async for each in items} == bill_ids


async def _pay_by_the_program_of_the_docs(
    client: AuthenticatedClient, customer_id: uuid.UUID, folder: Path
) -> None:
    customer = granted(await get_customer.asyncio(customer_id, client=client))
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/client.md").read_text(), re.DOTALL)
    (folder / "till.py").write_text(program)
    url = str(client.get_async_httpx_client().base_url)
    # As `pip install ./client` leaves it.
    told = {"ISPBILLS_URL": url, "ISPBILLS_TOKEN": client.token, "PYTHONPATH": str(ROOT / "client")}
    command = [sys.executable, str(folder / "till.py"), customer.code, "TILL-1"]
    done = await asyncio.to_thread(
        subprocess.run, command, env=os.environ | told, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{customer.name} paid {customer.balance_minor} BDT" in done.stdout

    async def settled() -> bool:
        return granted(await get_customer.asyncio(customer_id, client=client)).balance_minor == 0

    await until(settled, "nothing is owed any more")


async def test_customers_are_added_changed_and_imported(client: AuthenticatedClient) -> None:
    operators = granted(await list_operators.asyncio(client=client)).items
    packages = granted(await list_packages.asyncio(client=client)).items
    customer = models.Customer(
        code="G-1",
        name="Rokeya Begum",
        mobile="01711-000001",
        operator_id=operators[0].id,
        package_id=packages[0].id,
        billing_cycle="none",
    )
    answer = await create_customer.asyncio(client=client, body=customer)
    added = await completed(models.CustomerShown, answer, client=client)
    assert added.mobile == "+8801711000001"
    change = models.CustomerChange(name="Rokeya Khatun", mobile=None)
    answer = await change_customer.asyncio(added.id, client=client, body=change)
    moved = await completed(models.CustomerShown, answer, client=client)
    assert (moved.name, moved.mobile) == ("Rokeya Khatun", None)
    found = granted(await list_customers.asyncio(client=client, code="G-1"))
    assert [each.id for each in found.items] == [added.id]

    file = file_of(customers_file(3, ("OP1",), prefix="G-I", cycle="none").encode())
    begun = await import_customers.asyncio(client=client, body=file, idempotency_key=_key())
    report = await completed(models.Report, begun, client=client)
    assert report.created == 3
    nobody = await get_customer.asyncio(uuid.uuid4(), client=client)
    assert isinstance(nobody, models.Problem)
    assert (nobody.status, nobody.title) == (404, "Not found")


def _key() -> str:
    return uuid.uuid4().hex
