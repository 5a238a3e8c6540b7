"""Customers, and why one was or was not billed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.problems import not_found
from gateway.queries.billing_settings import billing_settings
from gateway.queries.bills import refuse_a_part, search_of
from gateway.queries.operators import tops_of
from gateway.queries.packages import package
from gateway.schemas import cursors, fields
from gateway.schemas import customers as customer_schemas
from gateway.schemas.filters import CustomerFilter, Page
from gateway.schemas.portal_links import Portals
from gateway.schemas.searches import is_long_enough
from gateway.store import billing_runs as billing_run_store
from gateway.store import bills as bill_store
from gateway.store import customers as customer_store
from gateway.store.statements import Row
from shared.db import Tx


async def customer_row(tx: Tx, customer_id: UUID) -> Row:
    """Return a customer within reach as they are kept, or raise 404."""
    row = await customer_store.by_id(tx, customer_id)
    if row is None:
        raise not_found("There is no such customer.")
    return row


async def customer(tx: Tx, customer_id: UUID, portals: Portals) -> customer_schemas.CustomerShown:
    """One customer."""
    return customer_schemas.customer(await customer_row(tx, customer_id), portals)


async def list_customers(
    tx: Tx, principal: Principal, wanted: CustomerFilter, page: Page, secret: str, portals: Portals
) -> customer_schemas.CustomerList:
    """Customers of the filter in the page's order, with the totals of the whole filter."""
    chosen = await selected(tx, principal, wanted)
    after = cursors.unseal(secret, f"customers {page.sort}", page.cursor, 2) if page.cursor else None
    rows = await customer_store.page(tx, chosen, page.sort, page.limit + 1, after)
    shown = rows[: page.limit]
    totals = await customer_store.totals(tx, chosen)
    return {
        "items": [customer_schemas.customer(row, portals) for row in shown],
        "next_cursor": _next(shown[-1], page.sort, secret) if len(rows) > page.limit else None,
        "totals": {
            "count": totals["customers"],
            "balance_minor": totals["balance_minor"],
            "currency": (await billing_settings(tx))["currency"],
        },
    }


def _next(row: Row, sort: str, secret: str) -> str:
    column = customer_store.SORTS[sort]
    return cursors.seal(secret, f"customers {sort}", str(row[column]) if column else "", str(row["id"]))


async def selected(tx: Tx, principal: Principal, wanted: CustomerFilter) -> dict[str, Any]:
    """Return what a filter asks of statements; raises for what is out of reach."""
    for package_id in wanted.package_ids:
        await package(tx, principal, package_id)
    found = None
    if wanted.q is not None:
        search = await search_of(tx, wanted.q)
        found = await bill_store.find(tx, principal.top, search, bill_store.MOST_SELECTED)
        refuse_a_part(found)
    return {
        "tops": await tops_of(tx, principal, wanted.operator_ids),
        "package_ids": list(wanted.package_ids) or None,
        "statuses": list(wanted.statuses) or None,
        "cycles": list(wanted.cycles) or None,
        "owing": wanted.owing,
        "code": wanted.code,
        "found": found.customer_ids if found else None,
    }


async def billing_of_customer(
    tx: Tx, customer_id: UUID, period: str, portals: Portals
) -> customer_schemas.Billing:
    """Why a customer was or was not billed for a period."""
    await customer(tx, customer_id, portals)
    made = await bill_store.of_customer(tx, customer_id, period)
    if made is not None and made["status"] != "void":
        return {"outcome": "created", "reason": None, "bill_id": str(made["id"])}
    if made is not None:
        return {"outcome": "skipped", "reason": "voided", "bill_id": str(made["id"])}
    entry = await billing_run_store.last_entry(tx, customer_id, period)
    if entry is None:
        return {"outcome": None, "reason": "not-run", "bill_id": None}
    return {"outcome": entry["outcome"], "reason": entry["reason"], "bill_id": fields.text(entry["bill_id"])}


async def sought(tx: Tx, principal: Principal, words: str, most: int) -> tuple[list[Row], bool]:
    """Return whom a code, a name or a mobile means, at most so many, and whether these are all.

    A code that is somebody's means nobody else.
    """
    named = await customer_store.by_code(tx, words, most)
    if named or not is_long_enough(words):
        return named, True
    found = await bill_store.find(tx, principal.top, await search_of(tx, words), most)
    return await customer_store.named_by_ids(tx, found.customer_ids), found.exact
