"""Users of the subtree: who may sign in, with which role, for which operator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.access import ROLES
from gateway.commands import users as user_commands
from gateway.http.requests import path_id
from gateway.pages import choices
from gateway.pages.page_rows import forwards
from gateway.pages.web import forms
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import users as user_queries
from gateway.schemas import users as user_schemas
from gateway.schemas.filters import Page
from gateway.store import operators as operator_store

USERS_A_PAGE = 100


def role_name(role: str) -> str:
    """Return a role and what it may do."""
    names = {
        "admin": _("Admin: everything, including settings"),
        "operator": _("Operator: customers, bills, runs and users of a subtree"),
        "collector": _("Collector: sees bills and records payments"),
        "viewer": _("Viewer: read only"),
    }
    return names.get(role, role)


@get("/users")
async def show_users(visit: ThisVisit) -> Response[Any]:
    """Show the users of the subtree."""
    visit.principal.must("change-users")
    cursor = visit.request.query_params.get("cursor") or None
    page = Page(limit=USERS_A_PAGE, cursor=cursor)
    listed = await user_queries.list_users(visit.gateway, visit.principal, page)
    async with visit.reading() as tx:
        names = await operator_store.names(tx, [path_id(user["operator_id"]) for user in listed["items"]])
    return forms.show(
        visit,
        "users/page.html",
        users=listed["items"],
        operator_names=names,
        own_id=str(visit.principal.user_id),
        may_grant=visit.principal.may_grant,
        **forwards(visit.request.query_params, "/users", listed["next_cursor"], len(listed["items"])),
    )


async def _offered(visit: Visit) -> dict[str, Any]:
    """Return the roles that the reader may grant, and their subtree."""
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
    roles = [(role, role_name(role)) for role in ROLES if visit.principal.may_grant(role)]
    return {"roles": roles, "operators": operators}


async def _new_user(visit: Visit) -> Sheet:
    begun = {"role": "collector", "operator_id": str(visit.principal.operator_id)}
    return Sheet(
        heading=_("Add user"),
        label=_("Add user"),
        back="/users",
        values={"name": "", "email": "", **begun},
        context={**await _offered(visit), "is_new": True},
    )


ADD = Form(
    "/users",
    shown_at="/users/new",
    permission="change-users",
    template="users/form.html",
    sheet=_new_user,
    fields=("name", "email", "role", "operator_id", "password"),
    secrets=("password",),
    schema=user_schemas.User,
    command=user_commands.create_user,
    is_keyed=False,
    done=forms.to("/users", "created"),
)


async def _known_user(visit: Visit, user_id: UUID) -> Sheet:
    """Ask for the password only when it is to be another."""
    user = await user_queries.user(visit.gateway, visit.principal, user_id)
    return Sheet(
        heading=_("Edit user"),
        label=_("Save"),
        back="/users",
        values={name: user[name] for name in ("name", "email", "role", "operator_id")},
        context={**await _offered(visit), "is_new": False},
    )


def _change(typed: Typed) -> dict[str, Any]:
    return {name: value for name, value in typed.values.items() if value or name != "password"}


CHANGE = Form(
    "/users/{user_id:str}/change",
    permission="change-users",
    template="users/form.html",
    sheet=_known_user,
    fields=("name", "role", "operator_id", "password"),
    secrets=("password",),
    schema=user_schemas.UserChange,
    body=_change,
    command=user_commands.change_user,
    is_keyed=False,
    done=forms.to("/users", "saved"),
)


def _is_to_be_active(visit: Visit) -> bool:
    return visit.request.query_params.get("to") == "active"


async def _activity(visit: Visit, user_id: UUID) -> Sheet:
    """Say what follows from deactivating somebody, or activating them again."""
    user = await user_queries.user(visit.gateway, visit.principal, user_id)
    label, about, tone = (
        (_("Activate"), _("%(name)s can sign in again."), "primary")
        if _is_to_be_active(visit)
        else (
            _("Deactivate"),
            _("%(name)s is signed out everywhere and can no longer sign in. Their API tokens stop working."),
            "danger",
        )
    )
    return Sheet(
        heading=label,
        label=label,
        back="/users",
        tone=tone,
        context={"about": about % {"name": user["name"]}},
    )


ACTIVATE = Form(
    "/users/{user_id:str}/active",
    permission="change-users",
    template="forms/confirm-form.html",
    sheet=_activity,
    schema=user_schemas.UserChange,
    body=lambda typed: {"active": _is_to_be_active(typed.visit)},
    command=user_commands.change_user,
    is_keyed=False,
    done=forms.to("/users", "saved"),
)

ROUTES = [show_users, *ADD.routes, *CHANGE.routes, *ACTIVATE.routes]
