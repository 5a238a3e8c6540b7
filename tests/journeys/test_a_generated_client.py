"""A client that a public generator made of the document alone does a clerk's work on the running product."""

from __future__ import annotations

import asyncio
import importlib
import io
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.generated_client import PACKAGE, make_client
from tests.journeys.conftest import customers_file
from tests.journeys.stack import Office, Stack
from tests.patience import until


class GeneratedClient:
    """The generated client, signed in: its operations by their names, and its models."""

    def __init__(self, signed_in: Any) -> None:
        self._signed_in = signed_in
        self.models: Any = _module("models")
        self.types: Any = _module("types")

    async def ask(self, operation: str, *ids: uuid.UUID, **asked: Any) -> Any:
        """Return what an operation (`bills.get_bill`) answers, as the client reads it."""
        answer = await _module(f"api.{operation}").asyncio_detailed(*ids, client=self._signed_in, **asked)
        assert answer.parsed is not None, answer
        return answer.parsed

    def send(self, operation: str, **asked: Any) -> Any:
        """Return the same without asyncio, as a file wants it."""
        return _module(f"api.{operation}").sync(client=self._signed_in, **asked)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.{name}")


@pytest_asyncio.fixture
async def generated(
    stack: Stack, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[GeneratedClient]:
    gateway = stack.addresses["gateway_url"]
    async with httpx.AsyncClient() as stranger:
        document = (await stranger.get(f"{gateway}/schema")).json()
    said, _ = make_client(document, tmp_path)
    assert said == ""
    monkeypatch.syspath_prepend(tmp_path)
    token = (await office.post("/tokens", {"name": "a generated client"}))["token"]
    client = _module("client").AuthenticatedClient(
        base_url=gateway, token=token, raise_on_unexpected_status=True, timeout=httpx.Timeout(60)
    )
    async with client as signed_in:
        yield GeneratedClient(signed_in)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


async def test_a_month_is_billed_paid_and_settled_in_bulk(generated: GeneratedClient, period: str) -> None:
    models = generated.models
    run = await generated.ask(
        "billing_runs.start_run", body=models.Run(period=period), idempotency_key=_key()
    )

    async def billed() -> Any:
        found = await generated.ask(
            "bills.list_bills", period=period, status=[models.ListBillsStatusItem.UNPAID], limit=5
        )
        return found if found.totals.count == 2_000 else None

    page = await until(billed, "every bill shows")
    assert (await generated.ask("billing_runs.get_run", run.id)).created == 2_000

    bill = page.items[0]
    paid = models.Payment(amount_minor=bill.balance_minor, paid_on=date.today(), method="cash")
    payment = await generated.ask("payments.record_payment", bill.id, body=paid, idempotency_key=_key())
    assert (payment.allocated_minor, payment.credit_minor) == (bill.total_minor, 0)
    whole = await generated.ask("bills.get_bill", bill.id)
    assert (whole.status.value, whole.balance_minor, len(whole.lines)) == ("paid", 0, 1)
    again = await generated.ask("payments.record_payment", bill.id, body=paid, idempotency_key=_key())
    assert isinstance(again, models.Problem)
    assert (again.status, again.type_.rpartition("/")[2]) == (409, "already-paid")

    selection = models.Selection(bill_ids=[each.id for each in page.items[1:]])
    asked = models.BulkAction(
        action=models.BulkActionAction.MARK_PAID,
        selection=selection,
        parameters=models.BulkParameters(method="bank"),
    )
    action = await generated.ask("bulk_actions.start_bulk_action", body=asked, idempotency_key=_key())

    async def done() -> Any:
        found = await generated.ask("bulk_actions.get_bulk_action", action.id)
        return found if found.state.value == "completed" else None

    ended = await until(done, "the action has ended")
    assert (ended.succeeded, ended.failed) == (4, 0)
    items = (await generated.ask("bulk_actions.list_bulk_items", action.id)).items
    assert {each.bill_id for each in items} == {each.id for each in page.items[1:]}


async def test_customers_are_added_changed_and_imported(generated: GeneratedClient, stack: Stack) -> None:
    models = generated.models
    operators = (await generated.ask("operators.list_operators")).items
    packages = (await generated.ask("packages.list_packages")).items
    added = await generated.ask(
        "customers.create_customer",
        body=models.Customer(
            code="G-1",
            name="Rokeya Begum",
            mobile="01711-000001",
            operator_id=operators[0].id,
            package_id=packages[0].id,
            billing_cycle=models.CustomerBillingCycle.NONE,
        ),
    )
    assert added.mobile == "+8801711000001"
    moved = await generated.ask(
        "customers.change_customer", added.id, body=models.CustomerChange(name="Rokeya Khatun", mobile=None)
    )
    assert (moved.name, moved.mobile) == ("Rokeya Khatun", None)
    found = await generated.ask("customers.list_customers", code="G-1")
    assert [each.id for each in found.items] == [added.id]

    content = customers_file(3, ("OP1",), prefix="G-I", cycle="none").encode()
    file = generated.types.File(payload=io.BytesIO(content))
    begun = await asyncio.to_thread(
        generated.send, "imports.import_customers", body=file, idempotency_key=_key()
    )

    async def imported() -> Any:
        operation = await generated.ask("operations.get_operation", begun.id)
        return operation if operation.state.value == "completed" else None

    operation = await until(imported, "the import has ended")
    assert operation.resource["created"] == 3
    nobody = await generated.ask("customers.get_customer", uuid.uuid4())
    assert (nobody.status, nobody.title) == (404, "Not found")


def _key() -> str:
    return uuid.uuid4().hex
