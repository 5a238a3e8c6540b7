"""Bulk actions and their items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from gateway.access import Principal
from gateway.store.operations import MOST_SENDS
from gateway.store.statements import Row, many, named
from shared.db import Tx

Ending: TypeAlias = tuple[str, str | None, Mapping[str, Any] | None]


async def add(tx: Tx, action: Mapping[str, Any], now: datetime) -> None:
    """Keep a new action."""
    await named.add_action(tx, **action, now=now)


async def freeze_bills(tx: Tx, action_id: UUID, bill_ids: Sequence[UUID]) -> None:
    """The items, as they are at this moment; what the transaction cannot see is not found."""
    await named.freeze_bills(tx, action_id=action_id, bill_ids=list(bill_ids))
    await count(tx, action_id)


async def freeze_links(tx: Tx, action_id: UUID, planned: Sequence[Any]) -> None:
    """The items of links to be made, each as it was planned."""
    await named.freeze_links(
        tx,
        action_id=action_id,
        bill_ids=[each.bill["bill_id"] for each in planned],
        customer_ids=[each.bill["customer_id"] for each in planned],
        currencies=[each.bill["currency"] for each in planned],
        balances=[each.bill["balance_minor"] for each in planned],
        states=[each.state for each in planned],
        outcomes=[each.outcome for each in planned],
        problems=[
            json.dumps({"code": each.outcome, "detail": each.detail}) if each.state == "failed" else None
            for each in planned
        ],
    )
    await count(tx, action_id)


async def count(tx: Tx, action_id: UUID) -> None:
    """Set the action's counts, and its state where nothing is pending."""
    await named.count_items(tx, action_id=action_id)


async def by_id(tx: Tx, action_id: UUID) -> Row | None:
    """An action, whoever asked for it."""
    row: Row | None = await named.action_by_id(tx, id=action_id)
    return row


async def lock(tx: Tx, action_id: UUID) -> Row | None:
    """The action, held until the transaction ends."""
    row: Row | None = await named.lock_action(tx, id=action_id)
    return row


async def items(tx: Tx, action_id: UUID, state: str | None, after: int, limit: int) -> list[Row]:
    """Items in the order of the selection."""
    found = named.items(tx, action_id=action_id, state=state, after=after, limit=limit)
    return [row async for row in found]


async def item_page(tx: Tx, action_id: UUID, state: str | None, after: int, limit: int) -> list[Row]:
    """Return items with the bill and payment of each, the failed ones first, by their `place`."""
    rows = named.bulk_item_page(tx, action_id=action_id, state=state, after=after, limit=limit)
    return await many(rows)


async def next_waiting(tx: Tx, most_documents: int) -> Row | None:
    """Return the oldest action with items to send; of documents only so many are on their way."""
    row: Row | None = await named.next_waiting(tx, most_documents=most_documents)
    return row


async def claim_items(tx: Tx, action_id: UUID, limit: int, now: datetime) -> list[Row]:
    """Items to be sent now, each with the id of its command."""
    await named.start_action(tx, id=action_id)
    return await many(named.claim_items(tx, action_id=action_id, limit=limit, now=now))


async def claim_unanswered(tx: Tx, limit: int, now: datetime) -> list[Row]:
    """Return the items whose answer is overdue; those whose command still `waits` in the outbox, too."""
    rows = named.claim_unanswered(tx, most_sends=MOST_SENDS, limit=limit, now=now)
    return await many(rows)


async def end_items(tx: Tx, endings: Mapping[UUID, Ending]) -> None:
    """End the items of these commands; other people's commands are passed over."""
    if endings:
        rows = named.end_items(
            tx,
            command_ids=list(endings),
            states=[state for state, _, _ in endings.values()],
            outcomes=[outcome for _, outcome, _ in endings.values()],
            problems=[json.dumps(problem) if problem else None for _, _, problem in endings.values()],
        )
        async for _ in rows:
            pass


async def cancel(tx: Tx, action_id: UUID) -> None:
    """Skip what was not sent; what is on its way ends by itself. Nothing is cancelled where all was sent."""
    if await named.cancel_waiting(tx, action_id=action_id):
        await named.set_state(tx, id=action_id, state="cancelling")
    await count(tx, action_id)


async def retry(tx: Tx, action_id: UUID) -> int:
    """Take the failed items up again; answers how many wait now."""
    waiting = int(await named.retry_failed(tx, action_id=action_id))
    if waiting:
        await named.set_state(tx, id=action_id, state="queued")
    await count(tx, action_id)
    return waiting


async def freeze_undone(tx: Tx, action_id: UUID, undone_action_id: UUID) -> None:
    """The payments of another action as items, those that still stand."""
    await named.freeze_undone(tx, action_id=action_id, undone_action_id=undone_action_id)
    await count(tx, action_id)


async def undo_of(tx: Tx, action_id: UUID) -> UUID | None:
    """The action that took this one back, if there is one."""
    found: UUID | None = await named.undo_of(tx, action_id=str(action_id))
    return found


async def latest(tx: Tx, principal: Principal, after: UUID | None, limit: int) -> list[Mapping[str, Any]]:
    """Return bulk actions of the caller's subtree, newest first."""
    return await many(named.bulk_actions(tx, top=principal.top, after=after, limit=limit))


async def running(tx: Tx, principal: Principal) -> int:
    """Return how many are under way."""
    return int(await named.running_bulk_actions(tx, top=principal.top))


async def facts(tx: Tx, action_id: UUID) -> Mapping[str, Any]:
    """Return who asked for it and when, and how much money its successes moved."""
    row: Mapping[str, Any] = await named.bulk_action_facts(tx, action_id=action_id)
    return row


async def items_shown(tx: Tx, action_id: UUID, state: str, limit: int) -> list[Mapping[str, Any]]:
    """Items of one state, grouped by their outcome."""
    return [
        row async for row in named.items_shown(tx, action_id=action_id, state=state, after=0, limit=limit)
    ]


async def outcomes(tx: Tx, action_id: UUID) -> list[Mapping[str, Any]]:
    """Why items failed or were skipped, and how many."""
    return await many(named.outcomes(tx, action_id=action_id))
