"""The last link of bills, and what became of the message that carried it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from gateway.schemas import payment_links as payment_link_schemas
from gateway.schemas.portal_links import Portals
from gateway.store import payment_links as payment_link_store
from shared.db import Tx

Sent: TypeAlias = tuple[payment_link_schemas.Link | None, payment_link_schemas.Message | None]


async def of_bills(tx: Tx, bill_ids: Sequence[UUID], portals: Portals) -> Mapping[UUID, Sent]:
    """Return the newest link and the newest message of each bill, None where there is none."""
    links = await payment_link_store.last_of_bills(tx, bill_ids)
    messages = await payment_link_store.last_messages_of_bills(tx, bill_ids)
    return {
        bill_id: (
            payment_link_schemas.link(links[bill_id], portals) if bill_id in links else None,
            payment_link_schemas.message(messages[bill_id]) if bill_id in messages else None,
        )
        for bill_id in bill_ids
    }
