"""Partner systems of a subtree."""

from __future__ import annotations

from gateway.queries.lists import listed
from gateway.schemas import partners as partner_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import partners as partner_store
from shared.db import Tx


async def list_partners(tx: Tx, page: Page, secret: str) -> Listed[partner_schemas.PartnerShown]:
    """Partner systems of the caller's subtree."""
    return await listed(tx, "partners", partner_store.page, partner_schemas.partner, page, secret)
