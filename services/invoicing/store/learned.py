"""What invoicing said since a backup, read back into its rows: numbers that are out stay given out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from services.invoicing import domain
from services.invoicing.store import say_run
from services.invoicing.store.statements import queries
from shared import clock, erasure, outbox
from shared.contracts.catalog import (
    BillingSettingsChanged,
    CustomerChanged,
    CustomerErased,
    OperatorChanged,
    PackageChanged,
    erased_name,
)
from shared.contracts.envelope import Message
from shared.contracts.invoicing import InvoiceIssued, InvoiceVoided, RunProgressed
from shared.db import Tx
from shared.versions import newest

M = TypeVar("M", bound=Message)


async def learn(tx: Tx, said: Collection[Message]) -> int:
    """Take in what was said, in the order in which it was; return how many invoices are news.

    States are whole and have a version: what is there in the same or a later one stays.
    """
    settings = _of(said, BillingSettingsChanged)
    await queries.learn_billing_settings(tx, settings=_rows(settings[-1:]))
    operators = newest(_of(said, OperatorChanged), lambda each: each.operator_id, lambda each: each.version)
    await queries.learn_operators(tx, operators=_rows(operators))
    packages = newest(_of(said, PackageChanged), lambda each: each.package_id, lambda each: each.version)
    await queries.learn_packages(tx, packages=_rows(packages))
    await _learn_customers(tx, said)
    learned = await _learn_invoices(tx, [*_of(said, InvoiceIssued), *_of(said, InvoiceVoided)])
    await _learn_runs(tx, _of(said, RunProgressed))
    return learned


async def end_open_runs(tx: Tx) -> list[str]:
    """End each run that was on, where it had come, and say so; return their months, to be run again."""
    ended = [row async for row in queries.end_open_runs(tx, now=clock.now())]
    await queries.forget_open_chunks(tx)
    for row in ended:
        await say_run(tx, row["id"], outbox.BULK)
    return sorted({row["period"] for row in ended})


async def _learn_customers(tx: Tx, said: Collection[Message]) -> None:
    customers = newest(_of(said, CustomerChanged), lambda each: each.customer_id, lambda each: each.version)
    await queries.give_up_codes(
        tx,
        ids=[each.customer_id for each in customers],
        versions=[each.version for each in customers],
    )
    await queries.learn_customers(tx, customers=_rows(customers))
    erased = _of(said, CustomerErased)
    await queries.learn_erased(
        tx, ids=[each.customer_id for each in erased], erased_ats=[each.erased_at for each in erased]
    )
    await erasure.note(tx, erased)


async def _learn_invoices(tx: Tx, said: Sequence[InvoiceIssued | InvoiceVoided]) -> int:
    invoices = newest(said, lambda each: each.invoice_id, lambda each: each.version)
    rows = _rows(invoices)
    await queries.learn_ends_of_invoices(tx, invoices=rows)
    erased = [row for row in rows if row["customer_name"] == erased_name(row["customer_code"])]
    await queries.learn_erased_names(tx, invoices=erased)
    return int(await queries.learn_invoices(tx, invoices=rows))


async def _learn_runs(tx: Tx, said: Sequence[RunProgressed]) -> None:
    runs = newest(said, lambda each: each.run_id, lambda each: each.version)
    joined = [{"joined_by": domain.joined_by(each.kind, each.period).isoformat()} for each in runs]
    rows = [row | more for row, more in zip(_rows(runs), joined, strict=True)]
    await queries.learn_runs(tx, runs=rows)
    kept = [each for each in said if each.entries or each.state == "completed"]
    await queries.learn_said_of_runs(
        tx,
        run_ids=[each.run_id for each in kept],
        versions=[each.version for each in kept],
        payloads=[each.model_dump_json() for each in kept],
    )


def _of(said: Collection[Message], kind: type[M]) -> list[M]:
    return [each for each in said if isinstance(each, kind)]


def _rows(said: Sequence[Message]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json") for each in said]
