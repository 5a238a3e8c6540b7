"""Links to pay by, the messages that carried them, and what was tried with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gateway.store.statements import Row, many, named, one
from shared.db import Tx


async def last_of_bills(tx: Tx, bill_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return the newest link of each bill that has one."""
    return {row["bill_id"]: row async for row in named.last_links(tx, bill_ids=list(bill_ids))}


async def link_to_these(tx: Tx, bill_ids: Sequence[UUID], lasts_until: datetime) -> UUID | None:
    """Return an open link to exactly these bills, in their order."""
    link_id: UUID | None = await named.link_to_these(
        tx, bill_id=bill_ids[0], further=list(bill_ids[1:]), lasts_until=lasts_until
    )
    return link_id


async def last_sent_of_bills(tx: Tx, bill_ids: Sequence[UUID]) -> list[Row]:
    """Return the newest link and message of each bill that has any, as `link_…` and `message_…`."""
    return await many(named.last_sent(tx, bill_ids=list(bill_ids))) if bill_ids else []


async def history_of_bill(tx: Tx, bill_id: UUID) -> tuple[list[Row], list[Row], list[Row]]:
    """Return a bill's links, messages and checkouts, each oldest first."""
    links = [row async for row in named.links_of_bill(tx, bill_id=bill_id)]
    messages = [row async for row in named.messages_of_bill(tx, bill_id=bill_id)]
    checkouts = [row async for row in named.checkouts_of_bill(tx, bill_id=bill_id)]
    return links, messages, checkouts


async def messages_of_action(tx: Tx, action_id: UUID, limit: int) -> tuple[Row, list[Row]]:
    """Return what became of a bulk action's messages, counted, and the first that a person may look at."""
    counts = await named.messages_of_action(tx, action_id=action_id)
    rows = named.messages_of_action_to_look_at(tx, action_id=action_id, limit=limit)
    return counts, [row async for row in rows]


async def bills_for_links(tx: Tx, bill_ids: Sequence[UUID]) -> list[Row]:
    """Return what a link to each of these bills needs, in their order."""
    return await many(named.bills_for_links(tx, bill_ids=list(bill_ids)))


async def versions_of_bills(tx: Tx, bill_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the version of each of these bills that can be seen."""
    rows = named.versions_of_bills(tx, bill_ids=list(bill_ids))
    return {row["id"]: row["version"] async for row in rows}


async def by_id(tx: Tx, link_id: UUID) -> Row | None:
    """Return a payment link within the reader's reach."""
    return await one(named.payment_link_by_id(tx, id=link_id))


async def message(tx: Tx, message_id: UUID) -> Row | None:
    """Return a message within the reader's reach."""
    return await one(named.message_by_id(tx, id=message_id))
