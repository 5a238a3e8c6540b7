"""The last link of bills, and what became of the message that carried it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gateway.schemas import payment_links as payment_link_schemas
from gateway.schemas.fields import Body
from gateway.schemas.portal_links import Portals
from gateway.store import payment_links as payment_link_store
from shared.db import Tx


async def of_bills(tx: Tx, bill_ids: Sequence[UUID], portals: Portals) -> dict[UUID, Body]:
    """Return `{link, message}` of each bill, the newest of both; null where there is none."""
    links = await payment_link_store.last_of_bills(tx, bill_ids)
    messages = await payment_link_store.last_messages_of_bills(tx, bill_ids)
    return {
        bill_id: {
            "link": payment_link_schemas.link(links[bill_id], portals) if bill_id in links else None,
            "message": payment_link_schemas.message(messages[bill_id]) if bill_id in messages else None,
        }
        for bill_id in bill_ids
    }
