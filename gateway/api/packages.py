"""/packages: what is sold."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, patch, post

from gateway.api.declarations import says
from gateway.api.resources import list_of, ref
from gateway.commands import packages as package_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, key_of, path_id, raw_body, reader
from gateway.queries import packages as package_queries
from gateway.schemas import packages as package_schemas
from gateway.store.access import acting_as


@get("/packages", summary="What is sold", opt=says(list_of(ref("PackageShown"))))
async def list_packages(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Packages that the subtree may sell."""
    page = Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await package_queries.list_packages(tx, principal, page, gateway.secret))


@get("/packages/{package_id:str}", summary="One package", opt=says(ref("PackageShown")))
async def get_package(gateway: Here, principal: Who, package_id: PathId) -> Response[bytes]:
    """A package that the subtree may sell."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            package_schemas.package(await package_queries.package(tx, principal, path_id(package_id)))
        )


@post(
    "/packages",
    status_code=201,
    summary="Add a package",
    opt=says(ref("PackageShown"), takes=package_schemas.Package),
)
async def create_package(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Prices are without VAT."""
    principal.must("change-packages")
    raw = await raw_body(request)
    read = reader(package_schemas.Package, raw)
    return responses.outcome(
        await package_commands.create_package(gateway, principal, read, key_of(request, raw))
    )


@patch(
    "/packages/{package_id:str}",
    summary="Change a package",
    opt=says(ref("PackageShown"), takes=package_schemas.PackageChange),
)
async def change_package(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, package_id: PathId
) -> Response[bytes]:
    """For invoices yet to come; those issued stay as they are."""
    principal.must("change-packages")
    raw = await raw_body(request)
    read = reader(package_schemas.PackageChange, raw)
    return responses.outcome(
        await package_commands.change_package(
            gateway, principal, path_id(package_id), read, key_of(request, raw)
        )
    )


ROUTES = [list_packages, get_package, create_package, change_package]
