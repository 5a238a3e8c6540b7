"""Bulk downloads: bills in the order in which they lie in a ZIP or on a pile, each asked of documents."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.commands import documents as document_commands
from gateway.commands.documents import MOST_PAYMENTS_SHOWN, File, Wanted
from gateway.context import Gateway
from gateway.operations.submit import Outcome, signature
from gateway.problems import Problem
from gateway.queries import payment_links as payment_link_queries
from gateway.queries.bulk_actions import find_action
from gateway.schemas.portal_links import Portals
from gateway.store import bulk_actions as bulk_action_store
from gateway.store import downloads as download_store
from gateway.store.access import acting_as, see_everything
from gateway.store.documents import Asking
from gateway.store.downloads import Download, Item
from gateway.store.statements import Row
from shared import blobs, clock
from shared.blobs import BlobsUnavailable
from shared.contracts.documents import BillPayment, MakePrintFile, RenderInvoice, Settlement
from shared.contracts.envelope import Actor
from shared.db import Tx
from shared.outbox import Said

LOOKED_FOR = 2_000
LOOKED_AT_ONCE = 50
_DIGITS = re.compile(r"(\d+)")


async def in_order(tx: Tx, bill_ids: Sequence[UUID], order: str) -> tuple[list[UUID], dict[str, str]]:
    """Return the bills as they are to lie, and what all of them share: the month, the operator."""
    rows = await download_store.bills_to_order(tx, bill_ids)
    ordered = await asyncio.to_thread(sorted, rows, key=_ORDERS[order])
    found = [row for row in ordered if row["number"] is not None]
    return [row["id"] for row in ordered], _shared(found, "period") | _shared(found, "operator_name")


def _shared(rows: Sequence[Row], name: str) -> dict[str, str]:
    values = {row[name] for row in rows}
    return {name: values.pop()} if len(values) == 1 else {}


def _natural(text: str) -> tuple[Any, ...]:
    """House 2 before House 10, in every script that counts by tens."""
    parts = _DIGITS.split(text.casefold())
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts if part.strip())


def _by(*names: str) -> Any:
    def key(row: Row) -> tuple[Any, ...]:
        return (row["number"] is None, *(_natural(row[name] or "") for name in (*names, "number")))

    return key


_ORDERS = {"number": _by(), "operator": _by("operator_name"), "address": _by("address")}


async def commands(tx: Tx, claimed: Sequence[tuple[Row, Row]], portals: Portals | None = None) -> list[Said]:
    """Return the command for each item, with what is paid on its bill by now.

    The items were frozen within their caller's reach, and invoicing asks about it once more.
    """
    await see_everything(tx)
    bill_ids = {item["bill_id"] for item, _ in claimed}
    settled = await download_store.settled(tx, bill_ids)
    payments = await download_store.payments(tx, bill_ids)
    pay_urls: Mapping[UUID, str] = {}
    if portals is not None:
        pay_urls = await payment_link_queries.addresses_to_pay(tx, settled.values(), portals)
    return [
        _command(
            item,
            action,
            settled.get(item["bill_id"]),
            payments[item["bill_id"]],
            pay_urls.get(item["bill_id"]),
        )
        for item, action in claimed
    ]


def _command(
    item: Row, action: Row, settled: Row | None, payments: Sequence[Row], pay_url: str | None
) -> Said:
    command = RenderInvoice(
        invoice_id=item["bill_id"],
        customer_id=item["customer_id"],
        document_id=item["command_id"],
        settlement=_settlement(settled, payments) if settled else None,
        pay_url=pay_url,
        bulk_action_id=action["action_id"],
        position=item["position"],
        actor=Actor.model_validate(action["actor"], strict=False),
        scope=action["scope"],
    )
    return Said(command, id=item["command_id"])


def _settlement(settled: Row, payments: Sequence[Row]) -> Settlement:
    return Settlement(
        as_of=clock.now(),
        paid_minor=settled["paid_minor"],
        balance_minor=settled["balance_minor"],
        payments=tuple(
            BillPayment(
                paid_on=row["paid_on"],
                method=row["method"],
                reference=row["reference"],
                amount_minor=row["amount_minor"],
            )
            for row in payments[-MOST_PAYMENTS_SHOWN:]
        ),
    )


async def download(gateway: Gateway, principal: Principal, action_id: UUID) -> Download:
    """Return a bulk download within reach; 409 for an action that makes no files."""
    principal.must("see")
    async with acting_as(gateway.pool, principal) as tx:
        return await _download(tx, principal, action_id)


async def _download(tx: Tx, principal: Principal, action_id: UUID) -> Download:
    await find_action(tx, principal, action_id)
    found = await download_store.find(tx, action_id)
    if found is None or found.action != "download_pdf":
        raise Problem(409, "no-files", "This bulk action makes no files.")
    return found


async def mend(gateway: Gateway, principal: Principal, action_id: UUID) -> None:
    """Look whether the first files are still where files are kept, and have made again what is gone."""
    found = await download(gateway, principal, action_id)
    async with acting_as(gateway.pool, principal) as tx:
        items = await download_store.items_after(tx, found.id, 0, LOOKED_FOR)
    made = [item for item in items if item.state == "succeeded"]
    gone: list[int] = []
    try:
        for start in range(0, len(made), LOOKED_AT_ONCE):
            some = made[start : start + LOOKED_AT_ONCE]
            there = await asyncio.gather(*(_is_there(gateway, item) for item in some))
            gone += [item.position for item, is_there in zip(some, there, strict=True) if not is_there]
    except BlobsUnavailable as error:
        raise document_commands.store_away() from error
    if gone:
        await make_again(gateway, principal, action_id, gone)


async def _is_there(gateway: Gateway, item: Item) -> bool:
    if item.blob_key is None:
        return False
    blob = await blobs.head(document_commands.store_of(gateway), item.blob_key)
    return blob is not None and blob.size_bytes == item.size_bytes


async def make_again(
    gateway: Gateway, principal: Principal, action_id: UUID, positions: Sequence[int]
) -> None:
    """Have files made once more that are gone from where files are kept."""
    async with acting_as(gateway.pool, principal) as tx:
        await bulk_action_store.lock(tx, action_id)
        await download_store.make_again(tx, action_id, positions)


async def print_file(gateway: Gateway, principal: Principal, action_id: UUID, address: str) -> File | Outcome:
    """Return all files of a download that has ended as one to print, in their order."""
    await mend(gateway, principal, action_id)

    async def want(tx: Tx) -> Wanted:
        found = await _download(tx, principal, action_id)
        if not found.has_ended:
            detail = "The invoices are still being made. The print file can be had when all are there."
            raise Problem(409, "still-being-made", detail, retry_after_seconds=5)
        files, _ = await download_store.sum_of_files(tx, action_id)
        if not files:
            raise Problem(
                409, "nothing-to-print", "None of these bills has a file, so there is nothing to join."
            )
        command = MakePrintFile(
            document_id=action_id,
            bulk_action_id=action_id,
            operator_id=principal.operator_id,
            **signature(principal),
        )
        return Wanted(Asking("print-file", action_id, f"edition {found.edition}"), command, address)

    return await document_commands.file_of(gateway, principal, want)
