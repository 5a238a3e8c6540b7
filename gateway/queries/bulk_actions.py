"""Bulk actions: live counts, and what became of each item."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.problems import not_found
from gateway.queries import billing_runs as billing_run_queries
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import cursors, fields
from gateway.schemas.answers import Listed, problem
from gateway.schemas.filters import Page
from gateway.store import billing_runs as billing_run_store
from gateway.store import bulk_actions as bulk_action_store
from gateway.store import exports as export_store
from gateway.store import operations as operation_store
from gateway.store import payment_links as payment_link_store
from gateway.store.access import acting_as, reaches
from gateway.store.statements import Row
from shared import clock
from shared.db import Tx

ITEMS_AT_ONCE = 200
# The bills of a run come by another topic than how it stands: so long after its end they are looked for.
BILLS_COME_WITHIN = timedelta(minutes=15)


async def find_action(tx: Tx, principal: Principal, action_id: UUID) -> Row:
    row = await bulk_action_store.by_id(tx, action_id)
    if row is None or not await reaches(tx, principal, row["operator_id"]):
        raise not_found("There is no such bulk action.")
    return row


async def describe(tx: Tx, principal: Principal, action_id: UUID) -> bulk_action_schemas.BulkActionShown:
    """`{id, action, state, total, pending, succeeded, failed, skipped}`, live."""
    row = await find_action(tx, principal, action_id)
    counts = {name: row[name] for name in ("total", "succeeded", "failed", "skipped")}
    state = row["state"]
    if row["run_id"] is not None:
        run = await billing_run_store.by_id(tx, row["run_id"])
        counts, state = await _of_run(tx, run, row)
    pending = counts["total"] - counts["succeeded"] - counts["failed"] - counts["skipped"]
    return {
        "id": str(row["id"]),
        "action": row["action"],
        "state": state,
        "total": counts["total"],
        "succeeded": counts["succeeded"],
        "failed": counts["failed"],
        "skipped": counts["skipped"],
        "pending": max(pending, 0),
        "run_id": fields.text(row["run_id"]),
        "parameters": row["parameters"],
        "messages": await _messages(tx, row),
        "created_at": fields.moment(row["created_at"]),
    }


async def _messages(tx: Tx, row: Row) -> bulk_action_schemas.MessagesOfAction | None:
    """Return what became of the messages that carried the links; None for what sends none."""
    if row["action"] != "send_payment_link":
        return None
    counts, _ = await payment_link_store.messages_of_action(tx, row["id"], 0)
    return bulk_action_schemas.messages(counts)


async def _of_run(tx: Tx, run: Row | None, row: Row) -> tuple[dict[str, int], str]:
    if run is None:
        operation = await operation_store.find(tx, row["run_id"])
        refused = operation is not None and operation.state == "refused"
        return dict.fromkeys(
            ("total", "succeeded", "failed", "skipped"), 0
        ), "completed" if refused else "queued"
    counts = {
        "total": run["expected"],
        "succeeded": run["created"],
        "failed": run["failed"],
        "skipped": run["already_billed"] + sum(run["skipped"].values()),
    }
    if await _has_bills_on_their_way(tx, run):
        return counts, "running"
    return counts, "queued" if run["state"] == "pending" else str(run["state"])


async def _has_bills_on_their_way(tx: Tx, run: Row) -> bool:
    ended_at = run["completed_at"]
    if ended_at is None or ended_at < clock.now() - BILLS_COME_WITHIN:
        return False
    return not await billing_run_store.shows(tx, run["id"], run["created"])


async def list_items(
    gateway: Gateway, principal: Principal, action_id: UUID, state: str | None, page: Page
) -> Listed[bulk_action_schemas.BulkItem]:
    """The items with what became of each."""
    async with acting_as(gateway.pool, principal) as tx:
        row = await find_action(tx, principal, action_id)
        if row["run_id"] is not None:
            return await _items_of_run(tx, row["run_id"], state, page, gateway.secret)
        after = cursors.unseal(gateway.secret, "bulk-items", page.cursor, 1)[0] if page.cursor else 0
        rows = await bulk_action_store.items(tx, action_id, state, int(after), page.limit + 1)
    shown = rows[: page.limit]
    last = (
        cursors.seal(gateway.secret, "bulk-items", str(shown[-1]["position"]))
        if len(rows) > page.limit
        else None
    )
    return {"items": [_item(item) for item in shown], "next_cursor": last}


def _item(row: Row) -> bulk_action_schemas.BulkItem:
    return {
        "bill_id": str(row["bill_id"]),
        "customer_id": fields.text(row["customer_id"]),
        "state": row["state"],
        "outcome": row["outcome"],
        "problem": problem(row["problem"]),
    }


async def stream_items(
    gateway: Gateway, principal: Principal, action_id: UUID, state: str | None
) -> AsyncIterator[Row]:
    """Return every item with its bill and outcome, for files; those of a run are its customers."""
    async with acting_as(gateway.pool, principal) as tx:
        run_id = (await find_action(tx, principal, action_id))["run_id"]
    if run_id is None:
        async for row in export_store.bulk_items(gateway.pool, principal, action_id, state):
            found = problem(row["problem"])
            yield {**row, "detail": found["detail"] if found else None}
        return
    cursor: str | None = None
    while True:
        page = Page(limit=ITEMS_AT_ONCE, cursor=cursor)
        async with acting_as(gateway.pool, principal) as tx:
            listed = await _customers_of_run(tx, run_id, state, page, gateway.secret)
        for each in listed["items"]:
            item = _run_item(each)
            if state is None or item["state"] == state:
                yield {**_NO_BILL, **item, "customer_code": each["code"]}
        cursor = listed["next_cursor"]
        if cursor is None:
            return


# What an item of a run does not know of its bill.
_NO_BILL = dict.fromkeys(
    (
        "number",
        "customer_name",
        "currency",
        "balance_minor",
        "detail",
        "bill_status",
        "left_minor",
        "reference",
        "reversed",
    )
)


_RUN_STATES: Mapping[billing_run_schemas.RunOutcome, bulk_action_schemas.ItemState] = {
    "created": "succeeded",
    "already_billed": "skipped",
    "skipped": "skipped",
    "failed": "failed",
}


async def _items_of_run(
    tx: Tx, run_id: UUID, state: str | None, page: Page, secret: str
) -> Listed[bulk_action_schemas.BulkItem]:
    found = await _customers_of_run(tx, run_id, state, page, secret)
    items = [_run_item(each) for each in found["items"]]
    return {**found, "items": [item for item in items if state is None or item["state"] == state]}


async def _customers_of_run(
    tx: Tx, run_id: UUID, state: str | None, page: Page, secret: str
) -> Listed[billing_run_schemas.RunCustomer]:
    if await billing_run_store.by_id(tx, run_id) is None or state == "pending":
        return {"items": [], "next_cursor": None}
    outcome = {"succeeded": "created", "failed": "failed"}.get(state or "")
    return await billing_run_queries.list_run_customers(tx, run_id, outcome, page, secret)


def _run_item(found: billing_run_schemas.RunCustomer) -> bulk_action_schemas.BulkItem:
    billed = found["outcome"] == "already_billed"
    return {
        "bill_id": found["bill_id"],
        "customer_id": found["customer_id"],
        "state": _RUN_STATES[found["outcome"]],
        "outcome": "already-billed" if billed else found["reason"] or found["outcome"],
        "problem": None,
    }
