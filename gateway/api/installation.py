"""/installation, /dead-letters: what whoever runs the installation looks at, and decides."""

from __future__ import annotations

from litestar import get, post

from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import installation as installation_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer, Written
from gateway.queries import installation as installation_queries
from gateway.schemas import held_payments as held_payment_schemas
from gateway.schemas import installation as installation_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.store.access import acting_as
from shared import clock

Done = held_payment_schemas.CheckoutSettled


@get("/installation", summary="See how the installation fares", opt=says(may="operate"))
async def get_installation(gateway: Here, principal: Who) -> Answer[installation_schemas.Installation]:
    """Return the processes as they said last, and what needs a person; for admins of the root."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await installation_queries.installation(tx, clock.now()))


@get("/dead-letters", summary="List dead letters", opt=says(may="operate"))
async def list_dead_letters(
    gateway: Here, principal: Who, wanted: Wanted[Paged]
) -> Answer[Listed[installation_schemas.DeadLetter]]:
    """Return the records that could not be handled and wait for a person, the newest first."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await installation_queries.list_letters(tx, wanted.page, gateway.secret))


@get("/dead-letters/{letter_id:str}", summary="Get a dead letter", opt=says(may="operate"))
async def get_dead_letter(
    gateway: Here, principal: Who, letter_id: PathId
) -> Answer[installation_schemas.DeadLetter]:
    """Return one letter, open or closed; never what its record held."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await installation_queries.letter(tx, path_id(letter_id)))


@post(
    "/dead-letters/{letter_id:str}/redrive",
    status_code=200,
    summary="Handle a dead letter once more",
    opt=says(may="operate"),
)
async def redrive_dead_letter(asked: Asked[Nothing], letter_id: PathId) -> Written[Done]:
    """Have its service handle it once more where it lies; 409 `still-fails` when that does not help."""
    return responses.outcome(
        await installation_commands.redrive(asked.gateway, asked.principal, path_id(letter_id), asked.key)
    )


@post(
    "/dead-letters/{letter_id:str}/discard",
    status_code=200,
    summary="Discard a dead letter",
    opt=says(may="operate"),
)
async def discard_dead_letter(asked: Asked[Nothing], letter_id: PathId) -> Written[Done]:
    """Let it go for good: what it asked for is never done."""
    return responses.outcome(
        await installation_commands.discard(asked.gateway, asked.principal, path_id(letter_id), asked.key)
    )


@post(
    "/partitions-set-aside/{standing_id:str}/step-over",
    status_code=200,
    summary="Step over what cannot be read",
    opt=says(may="operate"),
)
async def step_over_partition(asked: Asked[Nothing], standing_id: PathId) -> Written[Done]:
    """Have each reader go on behind the unreadable batch of a partition; what lies in it is passed over."""
    return responses.outcome(
        await installation_commands.step_over(asked.gateway, asked.principal, path_id(standing_id), asked.key)
    )


ROUTES = [
    get_installation, list_dead_letters, get_dead_letter, redrive_dead_letter, discard_dead_letter,
    step_over_partition,
]  # fmt: skip
