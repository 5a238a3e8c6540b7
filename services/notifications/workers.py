"""What notifications does by itself beside sending: republishing."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.notifications import store
from services.notifications.domain import CustomerErased
from services.notifications.handlers.answers import SERVICE, message_state
from shared import outbox
from shared.db import Pool, Tx, in_transaction
from shared.erasure import Erased
from shared.outbox import Said
from shared.republishing import is_ahead

ROWS_A_STEP = 500
_NEXT = {"gateways": "templates", "templates": "messages", "messages": "done"}


async def republish(pool: Pool) -> bool:
    """Say the next piece of a republish, or its end once all of it has left the outbox."""
    async with in_transaction(pool) as tx:
        job = await store.open_republish(tx)
        if job is None:
            return False
        if job["said"] == "done":
            return await store.republishes.end(tx, SERVICE, job)
        if await is_ahead(tx, SERVICE):
            return False
        say = {"gateways": _say_gateways, "templates": _say_templates, "messages": _say_messages}
        last = await say[job["said"]](tx, job["after_id"])
        said = job["said"] if last is not None else _NEXT[job["said"]]
        await store.advance_republish(tx, job["command_id"], said, last)
        return True


async def _say_gateways(tx: Tx, after_id: UUID | None) -> UUID | None:
    rows = await store.gateways_after(tx, after_id, ROWS_A_STEP)
    await outbox.say(tx, [Said(store.gateway_changed(row)) for row in rows], lane=outbox.BULK)
    return rows[-1]["gateway_id"] if len(rows) == ROWS_A_STEP else None


async def _say_templates(tx: Tx, after_id: UUID | None) -> UUID | None:
    rows = await store.templates_after(tx, after_id, ROWS_A_STEP)
    await outbox.say(tx, [Said(store.template_changed(row)) for row in rows], lane=outbox.BULK)
    # Whole operators, of whom each has several texts.
    return rows[-1]["operator_id"] if len({row["operator_id"] for row in rows}) == ROWS_A_STEP else None


async def _say_messages(tx: Tx, after_id: UUID | None) -> UUID | None:
    messages = await store.messages_after(tx, after_id, ROWS_A_STEP)
    await outbox.say(tx, [Said(message_state(each)) for each in messages], lane=outbox.BULK)
    return messages[-1].message_id if len(messages) == ROWS_A_STEP else None


async def forget_erased(pool: Pool, erased: Erased) -> bool:
    """Send an erased customer nothing more, forget numbers and texts; False while a sender holds one."""
    async with in_transaction(pool) as tx:
        queued = await store.lock_queued_to(tx, erased.customer_id)
        for message in queued:
            await store.save(tx, replace(message, state="failed", code=CustomerErased.code, detail=None))
        changed = await store.erase_from_messages(tx, erased.customer_id)
        await outbox.say(tx, [Said(message_state(each)) for each in changed], lane=outbox.BULK)
        return not await store.is_message_under_way(tx, erased.customer_id)
