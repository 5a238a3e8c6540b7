"""Saved views: name a filter, rename it, forget it. They are the reader's own, and change no bill."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.problems import wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import bills as bill_queries
from gateway.queries import saved_views as saved_view_queries
from gateway.schemas import saved_views as saved_view_schemas
from gateway.schemas.saved_views import SavedView
from gateway.store import saved_views as saved_view_store
from gateway.store.access import acting_as
from shared import clock
from shared.ids import new_id


async def save_view(
    gateway: Gateway, principal: Principal, read: Callable[[], saved_view_schemas.View]
) -> SavedView:
    """Keep a filter under a name; what the list would refuse is refused here, naming the parameter."""
    body = read()
    named = {**body.model_dump(), "query": body.kept_query(), "id": new_id(), "user_id": principal.user_id}
    async with acting_as(gateway.pool, principal) as tx:
        # Operators and packages out of reach are refused as by the list.
        await bill_queries.select(tx, principal, body.filter(), await settings_queries.today(tx))
        if len(await saved_view_store.of_user(tx, principal.user_id)) >= saved_view_store.MOST_VIEWS:
            raise wrong("name", f"At most {saved_view_store.MOST_VIEWS} views.", "too-many-views")
        await saved_view_store.add(tx, named, clock.now())
        return await saved_view_queries.view(tx, principal, named["id"])


async def change_view(
    gateway: Gateway,
    principal: Principal,
    view_id: UUID,
    read: Callable[[], saved_view_schemas.ViewChange],
) -> SavedView:
    """Give a view another name, or let the desk open on it."""
    async with acting_as(gateway.pool, principal) as tx:
        known = await saved_view_queries.view_row(tx, principal, view_id)
        changes = read().model_dump(exclude_none=True)
        await saved_view_store.change(tx, {**known, **changes})
        return await saved_view_queries.view(tx, principal, view_id)


async def remove_view(gateway: Gateway, principal: Principal, view_id: UUID) -> None:
    """Forget a view; the bills that it showed are where they were."""
    async with acting_as(gateway.pool, principal) as tx:
        await saved_view_queries.view_row(tx, principal, view_id)
        await saved_view_store.remove(tx, principal.user_id, view_id)
