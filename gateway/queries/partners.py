"""Partner systems of a subtree."""

from __future__ import annotations

from uuid import UUID

from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import partners as partner_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import partners as partner_store
from shared.db import Tx


async def list_partners(tx: Tx, page: Page, secret: str) -> Listed[partner_schemas.PartnerShown]:
    """Partner systems of the caller's subtree."""
    return await listed(tx, "partners", partner_store.page, partner_schemas.partner, page, secret)


async def partner(tx: Tx, partner_id: UUID) -> partner_schemas.PartnerShown:
    """A partner system of the caller's subtree; raises 404."""
    row = await partner_store.by_id(tx, partner_id)
    if row is None:
        raise not_found("There is no such partner.")
    return partner_schemas.partner(row)
