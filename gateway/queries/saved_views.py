"""Views that the caller has saved."""

from __future__ import annotations

from uuid import UUID

from gateway.access import Principal
from gateway.problems import not_found
from gateway.schemas import saved_views as saved_view_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.saved_views import SavedView
from gateway.store import saved_views as saved_view_store
from gateway.store.statements import Row
from shared.db import Tx


async def view_row(tx: Tx, principal: Principal, view_id: UUID) -> Row:
    """Return one of the caller's views as it is kept, or raise 404."""
    row = await saved_view_store.by_id(tx, principal.user_id, view_id)
    if row is None:
        raise not_found("There is no such view.")
    return row


async def view(tx: Tx, principal: Principal, view_id: UUID) -> SavedView:
    """One of the caller's views."""
    return saved_view_schemas.saved_view(await view_row(tx, principal, view_id))


async def list_views(tx: Tx, principal: Principal) -> Listed[SavedView]:
    """Return the caller's views, by name: so few that they are one page."""
    rows = await saved_view_store.of_user(tx, principal.user_id)
    return {"items": [saved_view_schemas.saved_view(row) for row in rows], "next_cursor": None}
