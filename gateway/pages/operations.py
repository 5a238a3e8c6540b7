"""Operations that take longer than a form should wait, on a page of their own."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from gateway import problems
from gateway.http.requests import PathId, path_id
from gateway.operations import results
from gateway.pages.web.addresses import own_address
from gateway.pages.web.forms import go
from gateway.pages.web.labels import problem_text
from gateway.pages.web.visit import ThisVisit
from gateway.problems import not_found
from gateway.store import operations as operation_store


@get("/operations/{operation_id:str}")
async def show_operation(visit: ThisVisit, operation_id: PathId) -> Response[Any]:
    """Being recorded: asks each second, then goes on to where the outcome shows."""
    after = own_address(visit.request.query_params.get("next", ""))
    async with visit.reading() as tx:
        operation = await operation_store.find(tx, path_id(operation_id))
        if operation is None or operation.caller != visit.principal.caller:
            raise not_found("There is no such operation.")
        state = (await results.describe(tx, operation, visit.gateway.portals))["state"]
    if state == "completed":
        return go(visit, after)
    text = ""
    if operation.problem:
        refused = problems.of_refusal(operation.problem)
        text = problem_text(refused.code, refused.detail)
    template = "operations/waiting.html" if visit.is_swap else "operations/waiting-page.html"
    return visit.page(
        template, operation_id=operation_id, after=after, back=after.split("?")[0], refusal=text
    )


ROUTES = [show_operation]
