"""The last link of bills, and what became of the message that carried it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from gateway.schemas import payment_links as payment_link_schemas
from gateway.schemas.portal_links import Portals
from gateway.store import gateways as gateway_store
from gateway.store import payment_links as payment_link_store
from gateway.store.statements import Row
from shared import clock
from shared.db import Tx

Sent: TypeAlias = tuple[payment_link_schemas.Link | None, payment_link_schemas.Message | None]


async def of_bills(tx: Tx, bill_ids: Sequence[UUID], portals: Portals) -> Mapping[UUID, Sent]:
    """Return the newest link and the newest message of each bill, None where there is none."""
    sent: dict[UUID, Sent] = dict.fromkeys(bill_ids, (None, None))
    for row in await payment_link_store.last_sent_of_bills(tx, bill_ids):
        link, message = _part(row, "link_"), _part(row, "message_")
        sent[row["bill_id"]] = (
            payment_link_schemas.link(link, portals) if link["id"] else None,
            payment_link_schemas.message(message) if message["id"] else None,
        )
    return sent


def _part(row: Row, of: str) -> Row:
    """Return the fields of a joined row that belong to one of its tables."""
    return {name.removeprefix(of): value for name, value in row.items() if name.startswith(of)}


async def addresses_to_pay(tx: Tx, bills: Collection[Row], portals: Portals) -> dict[UUID, str]:
    """Return where each bill can be paid online: by its link while that lasts, else on the customer's page.

    A bill that is settled, or whose operator takes no online payments, has no such address.
    """
    owed = [bill for bill in bills if bill["balance_minor"]]
    ways = await gateway_store.payment_ways(tx, {bill["operator_id"] for bill in owed})
    payable = [bill for bill in owed if ways.get(bill["operator_id"])]
    links = await payment_link_store.last_of_bills(tx, [bill["id"] for bill in payable])
    return {bill["id"]: _address_to_pay(bill, links.get(bill["id"]), portals) for bill in payable}


def _address_to_pay(bill: Row, link: Row | None, portals: Portals) -> str:
    if link is not None and link["state"] == "active" and link["expires_at"] > clock.now():
        return portals.links.url(link["id"])
    return portals.url(bill["customer_id"], bill["portal_generation"])
