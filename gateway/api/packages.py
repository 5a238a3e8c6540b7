"""/packages: what is sold."""

from __future__ import annotations

from litestar import get, patch, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import packages as package_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer, Written
from gateway.queries import packages as package_queries
from gateway.schemas import packages as package_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.store.access import acting_as


@get("/packages", summary="List packages")
async def list_packages(
    gateway: Here, principal: Who, wanted: Wanted[Paged]
) -> Answer[Listed[package_schemas.PackageShown]]:
    """Return the packages that the subtree may sell."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await package_queries.list_packages(tx, principal, wanted.page, gateway.secret))


@get("/packages/{package_id:str}", summary="Get a package")
async def get_package(
    gateway: Here, principal: Who, package_id: PathId
) -> Answer[package_schemas.PackageShown]:
    """Return a package that the subtree may sell."""
    async with acting_as(gateway.pool, principal) as tx:
        package = await package_queries.package(tx, principal, path_id(package_id))
        return responses.json(package_schemas.package(package))


@post("/packages", status_code=201, summary="Add a package", opt=says(may="change-packages"))
async def create_package(asked: Asked[package_schemas.Package]) -> Written[package_schemas.PackageShown]:
    """Add a package, whose price is without VAT."""
    return responses.outcome(
        await package_commands.create_package(asked.gateway, asked.principal, asked.read, asked.key)
    )


@patch("/packages/{package_id:str}", summary="Change a package", opt=says(may="change-packages"))
async def change_package(
    asked: Asked[package_schemas.PackageChange], package_id: PathId
) -> Written[package_schemas.PackageShown]:
    """Change what is named, for invoices yet to come; those issued stay as they are."""
    return responses.outcome(
        await package_commands.change_package(
            asked.gateway, asked.principal, path_id(package_id), asked.read, asked.key
        )
    )


ROUTES = [list_packages, get_package, create_package, change_package]
