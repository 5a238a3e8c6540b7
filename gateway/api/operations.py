"""/operations: what became of a request."""

from __future__ import annotations

from litestar import get

from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer
from gateway.operations import results
from gateway.problems import not_found
from gateway.schemas import answers
from gateway.store import operations as operation_store
from gateway.store.access import acting_as, reaches


@get("/operations/{operation_id:str}", summary="Get what became of a request")
async def get_operation(gateway: Here, principal: Who, operation_id: PathId) -> Answer[answers.Operation]:
    """Return the operation: pending, completed with the resource, or refused with the problem."""
    async with acting_as(gateway.pool, principal) as tx:
        operation = await operation_store.find(tx, path_id(operation_id))
        if operation is None or not await reaches(tx, principal, operation.operator_id):
            raise not_found("There is no such operation.")
        return responses.json(await results.describe(tx, operation, gateway.portals))


ROUTES = [get_operation]
