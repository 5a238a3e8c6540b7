"""Operators: the tree of resellers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import operators as operator_commands
from gateway.pages import choices
from gateway.pages.choices import in_tree_order
from gateway.pages.web import forms
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed, identity
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import operators as operator_queries
from gateway.schemas import operators as operator_schemas
from gateway.store import operators as operator_store


@get("/operators")
async def show_operators(visit: ThisVisit) -> Response[Any]:
    """Show the reader's subtree, as a tree."""
    async with visit.reading() as tx:
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
    return forms.show(visit, "operators/page.html", operators=operators)


async def _new_operator(visit: Visit) -> Sheet:
    """Ask for an operator below the one that was named."""
    parent_id = identity(visit.request.query_params.get("parent_id", ""))
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
    return Sheet(
        heading=_("Add operator"),
        label=_("Add operator"),
        back="/operators",
        values={"code": "", "name": "", "parent_id": parent_id or str(visit.principal.operator_id)},
        context={"operators": operators},
    )


def _operator(typed: Typed) -> dict[str, Any]:
    typed.required_identity("parent_id")
    return forms.as_typed(typed)


ADD = Form(
    "/operators",
    shown_at="/operators/new",
    permission="change-operators",
    template="operators/form.html",
    sheet=_new_operator,
    fields=("name", "code", "parent_id"),
    schema=operator_schemas.Operator,
    body=_operator,
    command=operator_commands.create_operator,
    done=forms.to("/operators", "created"),
)


async def _known_operator(visit: Visit, operator_id: UUID) -> Sheet:
    """Ask for another name; code and place in the tree stay."""
    async with visit.reading() as tx:
        operator = await operator_queries.operator(tx, visit.principal, operator_id)
    return Sheet(
        heading=_("Rename operator"),
        label=_("Save"),
        back="/operators",
        values={"name": operator["name"]},
        context={"code": operator["code"]},
    )


RENAME = Form(
    "/operators/{operator_id:str}/change",
    permission="change-operators",
    template="operators/rename-form.html",
    sheet=_known_operator,
    fields=("name",),
    schema=operator_schemas.OperatorChange,
    command=operator_commands.change_operator,
    done=forms.to("/operators", "saved"),
)

ROUTES = [show_operators, *ADD.routes, *RENAME.routes]
