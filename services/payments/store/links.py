"""Links by which bills are paid, as rows: made, opened, and ended by money, voids, newer ones and time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.payments.domain import Receivable
from services.payments.store.statements import Row, queries
from shared import clock
from shared.contracts.payments import LinkStatus
from shared.db import Pool, Tx


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is to be added; `message_id` is that of the message that carries it."""

    link_id: UUID
    invoice_id: UUID
    further_invoice_ids: Sequence[UUID]
    customer_id: UUID
    token_hash: str
    language: str
    message_id: UUID | None
    expires_at: datetime


async def by_ids(tx: Tx | Pool, link_ids: Collection[UUID]) -> dict[UUID, Row]:
    """Return those of the links that there are."""
    return {row["link_id"]: row async for row in queries.links_by_id(tx, link_ids=list(link_ids))}


async def by_id(pool: Pool, link_id: UUID) -> Row | None:
    """Return a link; None for an unknown one."""
    return (await by_ids(pool, [link_id])).get(link_id)


async def by_token(pool: Pool, token_hash: str) -> Row | None:
    """Return the link of a token; None where it is none of ours."""
    row: Row | None = await queries.link_by_token(pool, token_hash=token_hash)
    return row


async def valid_hours(tx: Tx) -> int | None:
    """Return how long links count; None until invoicing has said it."""
    hours: int | None = await queries.link_lifetime(tx)
    return hours


async def save(tx: Tx, links: Sequence[Link], created_at: datetime) -> None:
    """Add links, whose bills' accounts are locked."""
    await queries.save_links(
        tx,
        link_ids=[each.link_id for each in links],
        invoice_ids=[each.invoice_id for each in links],
        # Arrays of arrays would have to be of one length.
        further=["{" + ",".join(map(str, each.further_invoice_ids)) + "}" for each in links],
        customer_ids=[each.customer_id for each in links],
        token_hashes=[each.token_hash for each in links],
        languages=[each.language for each in links],
        message_ids=[each.message_id for each in links],
        now=created_at,
        expires=[each.expires_at for each in links],
    )


async def open_first(tx: Tx, link_id: UUID) -> Row | None:
    """Note that a link was opened; return it the first time, None afterwards."""
    row: Row | None = await queries.open_link(tx, link_id=link_id, now=clock.now())
    return row


async def end(tx: Tx, invoice_ids: Collection[UUID], state: LinkStatus) -> list[Row]:
    """End the open links of single bills, whose accounts are locked; return them."""
    if not invoice_ids:
        return []
    return [row async for row in queries.end_links(tx, invoice_ids=list(invoice_ids), state=state)]


async def end_settled(tx: Tx, bills: Iterable[Receivable]) -> list[Row]:
    """End the links of those of the bills on which nothing is owed, paid or revoked; return them."""
    settled = [bill for bill in bills if bill.balance == 0]
    if not settled:
        return []
    rows = queries.end_settled_links(
        tx,
        paid_ids=[bill.invoice_id for bill in settled if not bill.voided],
        void_ids=[bill.invoice_id for bill in settled if bill.voided],
        customer_ids=list({bill.customer_id for bill in settled}),
    )
    return [row async for row in rows]


async def expire(tx: Tx) -> list[Row]:
    """End the next links whose time is over, past those that somebody holds; return them."""
    return [row async for row in queries.expire_links(tx, now=clock.now())]
