"""The bills and customers that a partner's money may name, as far as they are known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.payments.store.statements import queries
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill by its id and number, with whose it is."""

    invoice_id: UUID
    number: str
    customer_id: UUID
    operator_id: UUID
    currency: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer by the code, which is unique within one operator only."""

    customer_id: UUID
    code: str
    operator_id: UUID


async def bills(tx: Tx, invoice_ids: Collection[UUID], numbers: Collection[str]) -> dict[UUID | str, Bill]:
    """Return the bills that are known: under its id what was asked for by id, else under its number."""
    known: dict[UUID | str, Bill] = {}
    if invoice_ids:
        async for row in queries.bills_by_id(tx, invoice_ids=list(invoice_ids)):
            known[row["invoice_id"]] = Bill(**row)
    if numbers:
        async for row in queries.bills_by_number(tx, numbers=list(numbers)):
            known[row["number"]] = Bill(**row)
    return known


async def customers(tx: Tx, codes: Collection[str]) -> dict[str, list[Customer]]:
    """Return all customers who have one of these codes, by code."""
    known: dict[str, list[Customer]] = {}
    if codes:
        async for row in queries.customers_by_code(tx, codes=list(codes)):
            known.setdefault(row["code"], []).append(Customer(**row))
    return known
