"""What notifications does by itself beside sending: republishing."""

from __future__ import annotations

from typing import Any

from services.notifications import store
from services.notifications.handlers.answers import SERVICE, message_state
from services.notifications.store import message_of, queries
from shared import outbox, republishing
from shared.db import Pool, Tx, in_transaction
from shared.outbox import Said

ROWS_A_STEP = 500
_NEXT = {"gateways": "templates", "templates": "messages", "messages": "done"}


async def republish(pool: Pool) -> bool:
    """Say the next piece of a republish, or its end once all of it has left the outbox."""
    async with in_transaction(pool) as tx:
        job = await queries.open_republish(tx)
        if job is None:
            return False
        if job["said"] == "done":
            return await republishing.end(tx, queries, SERVICE, job)
        say = {"gateways": _say_gateways, "templates": _say_templates, "messages": _say_messages}
        last = await say[job["said"]](tx, job["after_id"])
        said = job["said"] if last is not None else _NEXT[job["said"]]
        await queries.advance_republish(tx, command_id=job["command_id"], said=said, after_id=last)
        return True


async def _say_gateways(tx: Tx, after_id: Any) -> Any:
    rows = [row async for row in queries.gateways_after(tx, after_id=after_id, most=ROWS_A_STEP)]
    await outbox.say(tx, [Said(store.gateway_changed(row)) for row in rows], lane=outbox.BULK)
    return rows[-1]["gateway_id"] if len(rows) == ROWS_A_STEP else None


async def _say_templates(tx: Tx, after_id: Any) -> Any:
    rows = [row async for row in queries.templates_after(tx, after_id=after_id, most=ROWS_A_STEP)]
    await outbox.say(tx, [Said(store.template_changed(row)) for row in rows], lane=outbox.BULK)
    # Whole operators, of whom each has several texts.
    return rows[-1]["operator_id"] if len({row["operator_id"] for row in rows}) == ROWS_A_STEP else None


async def _say_messages(tx: Tx, after_id: Any) -> Any:
    rows = [row async for row in queries.messages_after(tx, after_id=after_id, most=ROWS_A_STEP)]
    await outbox.say(tx, [Said(message_state(message_of(row))) for row in rows], lane=outbox.BULK)
    return rows[-1]["message_id"] if len(rows) == ROWS_A_STEP else None
