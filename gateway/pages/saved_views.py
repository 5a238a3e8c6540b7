"""Saved views of Customer Bills: a filter under a name, opened from the list, renamed, forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import saved_views as saved_view_commands
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import BillAddress
from gateway.pages.web import forms, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import saved_views as saved_view_queries
from gateway.schemas import saved_views as saved_view_schemas
from gateway.schemas.saved_views import SavedView
from gateway.store import bills as bill_store
from gateway.store import saved_views as saved_view_store
from shared.db import Tx

OWN = "/bills/views"


async def newest_month(tx: Tx, visit: Visit) -> str:
    """Return the month of the newest bill that the reader sees, or this one."""
    return await bill_store.latest_period(tx, visit.principal) or visit.desk.today.strftime("%Y-%m")


def address_of(view: Mapping[str, Any], newest: str) -> str:
    """Return where a view is: of its own month, or of the newest."""
    address = BillAddress.of(view["query"])
    return address.to(period=newest) if view["newest_month"] else address.to()


async def default_address(tx: Tx, visit: Visit, newest: str) -> str:
    """Return where the reader's desk opens; empty where they chose nothing."""
    view = await saved_view_store.default(tx, visit.principal.user_id)
    return address_of(view, newest) if view else ""


async def offered(tx: Tx, visit: Visit, shown: BillAddress, newest: str) -> dict[str, Any]:
    """Return the reader's views with their addresses, and the one that is shown."""
    listed = await saved_view_queries.list_views(tx, visit.principal)
    views = [{**view, "address": address_of(view, newest)} for view in listed["items"]]
    here = shown.to(limit=None)
    return {"views": views, "view_shown": next((each for each in views if each["address"] == here), None)}


@get(OWN + "/{view_id:str}")
async def open_view(visit: ThisVisit, view_id: PathId) -> Response[Any]:
    """Lead on to the list that a view shows now."""
    async with visit.reading() as tx:
        view = await saved_view_queries.view(tx, visit.principal, path_id(view_id))
        newest = await newest_month(tx, visit)
    return render.see_other(address_of(view, newest))


async def _saving(visit: Visit) -> Sheet:
    """Ask what the list that is shown is to be called."""
    was_sent = visit.request.method == "POST"
    address = BillAddress.of(
        (await visit.submission()).one("filter") if was_sent else visit.request.query_params.get("filter", "")
    )
    async with visit.reading() as tx:
        newest = await newest_month(tx, visit)
    follows = address.period == newest
    return Sheet(
        heading=_("Save this view"),
        label=_("Save view"),
        back=address.to(),
        values={"name": "", "newest_month": "true" if follows else "", "is_default": ""},
        hidden=(("filter", address.to().partition("?")[2]),),
        texts={"name": _("Type a name of at most 200 characters.")},
        context={"period": address.period, "is_new": True},
    )


def _view(typed: Typed) -> dict[str, Any]:
    return {
        "name": typed["name"],
        "query": BillAddress.of(typed.submission.one("filter")).to(limit=None).partition("?")[2],
        "newest_month": typed.is_ticked("newest_month"),
        "is_default": typed.is_ticked("is_default"),
    }


async def _opened(visit: Visit, sent: Sent) -> Response[Any]:
    """Go to the view that was saved."""
    view: SavedView = sent.body
    async with visit.reading() as tx:
        newest = await newest_month(tx, visit)
    return forms.go(visit, address_of(view, newest))


SAVE = Form(
    OWN,
    shown_at=OWN + "/new",
    template="saved_views/form.html",
    sheet=_saving,
    fields=("name", "newest_month", "is_default"),
    schema=saved_view_schemas.View,
    body=_view,
    command=saved_view_commands.save_view,
    is_keyed=False,
    done=_opened,
)


async def _renaming(visit: Visit, view_id: UUID) -> Sheet:
    async with visit.reading() as tx:
        view = await saved_view_queries.view(tx, visit.principal, view_id)
    return Sheet(
        heading=_("Rename view"),
        label=_("Save"),
        back=forms.came_from(visit, "/bills"),
        values={"name": view["name"], "is_default": "true" if view["is_default"] else ""},
        context={"period": "", "is_new": False},
    )


CHANGE = Form(
    OWN + "/{view_id:str}/change",
    template="saved_views/form.html",
    sheet=_renaming,
    fields=("name", "is_default"),
    schema=saved_view_schemas.ViewChange,
    body=lambda typed: {"name": typed["name"], "is_default": typed.is_ticked("is_default")},
    command=saved_view_commands.change_view,
    is_keyed=False,
    done=_opened,
)


async def _removing(visit: Visit, view_id: UUID) -> Sheet:
    async with visit.reading() as tx:
        view = await saved_view_queries.view(tx, visit.principal, view_id)
    return Sheet(
        heading=_("Delete view “%(name)s”") % {"name": view["name"]},
        label=_("Delete view"),
        back=forms.came_from(visit, "/bills"),
        tone="danger",
        context={"about": _("The view is yours alone. The bills that it shows stay as they are.")},
    )


async def _removed(visit: Visit, sent: Sent) -> Response[Any]:
    return forms.go(visit, forms.came_from(visit, "/bills"))


REMOVE = Form(
    OWN + "/{view_id:str}/delete",
    template="forms/confirm-form.html",
    sheet=_removing,
    command=saved_view_commands.remove_view,
    is_keyed=False,
    done=_removed,
)

ROUTES = [*SAVE.routes, open_view, *CHANGE.routes, *REMOVE.routes]
