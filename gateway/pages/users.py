"""Users of the subtree: who may sign in, with which role, for which operator."""

from __future__ import annotations

import json
from typing import Any

from litestar import Response, get, post

from gateway.access import ROLES
from gateway.commands import users as user_commands
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import in_tree_order
from gateway.pages.web import forms
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import users as user_queries
from gateway.schemas import fields
from gateway.schemas import users as user_schemas
from gateway.schemas.filters import Page
from gateway.store import operators as operator_store

USERS_A_PAGE = 100
FIELDS = ("email", "name", "password", "role", "operator_id")


def role_name(role: str) -> str:
    """A role and what it may do."""
    names = {
        "admin": _("Admin: everything, settings included"),
        "operator": _("Operator: customers, bills, runs and users of a subtree"),
        "collector": _("Collector: sees bills and records payments"),
        "viewer": _("Viewer: only sees"),
    }
    return names.get(role, role)


@get("/users")
async def show_users(visit: ThisVisit) -> Response[Any]:
    """The users of the subtree."""
    visit.principal.must("change-users")
    cursor = visit.request.query_params.get("cursor") or None
    listed = await user_queries.list_users(
        visit.gateway, visit.principal, Page(limit=USERS_A_PAGE, cursor=cursor)
    )
    async with visit.reading() as tx:
        ids = [path_id(user["operator_id"]) for user in listed["items"]]
        names = await operator_store.names(tx, ids)
    return forms.show(
        visit,
        "users/page.html",
        users=listed["items"],
        operator_names=names,
        own_id=str(visit.principal.user_id),
        may_grant=visit.principal.may_grant,
        first_page="/users" if cursor else "",
        next_page=f"/users?cursor={listed['next_cursor']}" if listed["next_cursor"] else "",
    )


@get("/users/new")
async def show_new(visit: ThisVisit) -> Response[Any]:
    """An empty form."""
    visit.principal.must("change-users")
    values = dict.fromkeys(FIELDS, "") | {
        "role": "collector",
        "operator_id": str(visit.principal.operator_id),
    }
    return await _form(visit, values)


@get("/users/{user_id:str}/change")
async def show_change(visit: ThisVisit, user_id: PathId) -> Response[Any]:
    """The form with what is known; the password only when it is to be another."""
    visit.principal.must("change-users")
    user = await user_queries.user(visit.gateway, visit.principal, path_id(user_id))
    return await _form(
        visit, {**{name: user[name] for name in FIELDS if name in user}, "password": ""}, user_id
    )


async def _form(
    visit: Visit,
    values: dict[str, Any],
    user_id: str = "",
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    async with visit.reading() as tx:
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
    return forms.ask(
        visit,
        "users/form.html",
        _("Change the user") if user_id else _("New user"),
        "/users",
        values,
        errors,
        problem,
        action=f"/users/{user_id}/change" if user_id else "/users",
        is_new=not user_id,
        roles=[(role, role_name(role)) for role in ROLES if visit.principal.may_grant(role)],
        operators=[(each["id"], "– " * (each["level"] - 1) + each["name"]) for each in operators],
    )


@post("/users", status_code=200)
async def create(visit: ThisVisit) -> Response[Any]:
    """Add a user, with at most one's own role."""
    visit.principal.must("change-users")
    form = await visit.form()
    values: dict[str, Any] = {name: form.one(name) for name in FIELDS} | {"password": form.exact("password")}
    raw = json.dumps(values)
    try:
        await user_commands.create_user(
            visit.gateway, visit.principal, lambda: fields.read(user_schemas.User, raw.encode())
        )
    except Problem as problem:
        errors, text = forms.refusal(problem, FIELDS)
        return await _form(visit, {**values, "password": ""}, "", errors, text)
    return forms.go(visit, forms.with_note("/users", "created"))


@post("/users/{user_id:str}/change", status_code=200)
async def change(visit: ThisVisit, user_id: PathId) -> Response[Any]:
    """Change a user; a new password ends their sessions."""
    visit.principal.must("change-users")
    found, form = path_id(user_id), await visit.form()
    values: dict[str, Any] = {name: form.one(name) for name in FIELDS} | {"password": form.exact("password")}
    body = {name: values[name] for name in ("name", "role", "operator_id")}
    if values["password"]:
        body["password"] = values["password"]
    return await _change(visit, found, body, values)


@get("/users/{user_id:str}/active")
async def show_active(visit: ThisVisit, user_id: PathId) -> Response[Any]:
    """What follows from shutting somebody out, or letting them in again."""
    visit.principal.must("change-users")
    user = await user_queries.user(visit.gateway, visit.principal, path_id(user_id))
    label = _("Deactivate") if user["active"] else _("Activate")
    about = (
        _("%(name)s is signed out everywhere and cannot sign in any more. Their API tokens stop working.")
        if user["active"]
        else _("%(name)s can sign in again.")
    )
    return forms.ask(
        visit,
        "forms/confirm-form.html",
        label,
        "/users",
        {},
        action=f"/users/{user_id}/active",
        label=label,
        about=about % {"name": user["name"]},
        tone="danger" if user["active"] else "primary",
        hidden_fields={"active": "false" if user["active"] else "true"},
    )


@post("/users/{user_id:str}/active", status_code=200)
async def change_active(visit: ThisVisit, user_id: PathId) -> Response[Any]:
    """Shut somebody out, or let them in again."""
    visit.principal.must("change-users")
    form = await visit.form()
    user = await user_queries.user(visit.gateway, visit.principal, path_id(user_id))
    return await _change(
        visit, path_id(user_id), {"active": form.one("active") == "true"}, {**user, "password": ""}
    )


async def _change(visit: Visit, user_id: Any, body: dict[str, Any], values: dict[str, Any]) -> Response[Any]:
    raw = json.dumps(body)
    try:
        await user_commands.change_user(
            visit.gateway,
            visit.principal,
            user_id,
            lambda: fields.read(user_schemas.UserChange, raw.encode()),
        )
    except Problem as problem:
        errors, text = forms.refusal(problem, FIELDS)
        return await _form(visit, {**values, "password": ""}, str(user_id), errors, text)
    return forms.go(visit, forms.with_note("/users", "saved"))


ROUTES = [show_users, show_new, show_change, create, change, show_active, change_active]
