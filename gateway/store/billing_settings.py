"""How this installation bills, as invoicing said it last."""

from __future__ import annotations

from gateway.store.statements import Row, named, one
from shared.db import Tx


async def current(tx: Tx) -> Row | None:
    """Return the settings; nothing until invoicing has said any."""
    return await one(named.billing_settings(tx))
