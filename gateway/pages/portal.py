"""The customer's own page: their bills, opened by an address that only they were given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, takewhile
from typing import Any
from uuid import UUID

from litestar import HttpMethod, Request, Response, get, post, route

from gateway.access import Principal
from gateway.commands import documents as document_commands
from gateway.commands import payment_links as payment_link_commands
from gateway.commands.documents import File
from gateway.context import Gateway
from gateway.http import files
from gateway.http.logos import small_logo
from gateway.http.requests import (
    Here,
    Pace,
    PathId,
    address,
    path_id,
    query_of,
    refuse_other_sites,
)
from gateway.operations.submit import Outcome
from gateway.pages.web import render, translations
from gateway.pages.web.formats import Formats
from gateway.pages.web.preferences import LANGUAGES
from gateway.pages.web.render import Desk, signed_out_desk
from gateway.problems import Problem, not_found
from gateway.queries import billing_settings as settings_queries
from gateway.queries import isp_profiles as profile_queries
from gateway.schemas import isp_profiles as profile_schemas
from gateway.schemas.documents import Look, StatementQuery
from gateway.store import bills as bill_store
from gateway.store import customers as customer_store
from gateway.store import gateways as gateway_store
from gateway.store import payment_links as payment_link_store
from gateway.store import payments as payment_store
from gateway.store.access import see_everything
from gateway.store.statements import Row
from shared import clock
from shared.db import Tx, in_transaction

REQUESTS_A_SECOND = 10
MOST_BILLS = 240
SETTLED_SHOWN = 12
MOST_AT_ONCE = 24
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}

_pace = Pace(REQUESTS_A_SECOND)


@route("/portal/{token:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show_portal(request: Request[Any, Any, Any], gateway: Here, token: PathId) -> Response[Any]:
    """Show what one customer owes and has paid; 404 for an address that is none of ours."""
    _pace.check(address(request, gateway))
    desk = _desk(request)
    async with in_transaction(gateway.pool) as tx:
        await see_everything(tx)
        customer_id = await _customer_of(tx, gateway, token)
        facts = await _facts(tx, customer_id, desk) if customer_id is not None else None
    if facts is None:
        return render.page(desk, "portal/unknown.html", 404, HEADERS)
    return render.page(headers=HEADERS, template="portal/page.html", portal=f"/portal/{token}", **facts)


async def _customer_of(tx: Tx, gateway: Gateway, token: str) -> UUID | None:
    """Return the customer whose page this address opens; raises 404 unless it is ours and still holds."""
    customer_id = gateway.portals.customer_named(token)
    if customer_id is None:
        return None
    generation = await customer_store.portal_generation(tx, customer_id)
    return customer_id if gateway.portals.opens(token, generation) else None


@get("/portal/{token:str}/bills/{bill_id:str}/invoice.pdf")
async def download_invoice(
    request: Request[Any, Any, Any], gateway: Here, token: PathId, bill_id: PathId
) -> Response[Any]:
    """One of the customer's own bills as a PDF; anybody else's is as an unknown one."""
    here = f"/portal/{token}/bills/{bill_id}/invoice.pdf"

    async def ask() -> File | Outcome:
        reader = await _reader(gateway, await _opened(gateway, token), bill_id=path_id(bill_id))
        return await document_commands.invoice(gateway, reader, path_id(bill_id), Look(), here)

    return await _given(request, gateway, f"/portal/{token}", here, ask)


@get("/links/{link_id:str}/{token:str}/bills/{bill_id:str}/invoice.pdf")
async def download_invoice_of_link(
    request: Request[Any, Any, Any], gateway: Here, link_id: PathId, token: PathId, bill_id: PathId
) -> Response[Any]:
    """A bill as a PDF, for whoever holds the link that it is paid by."""
    back = f"/links/{link_id}/{token}"

    async def ask() -> File | Outcome:
        customer_id, bill_ids = await _of_link(gateway, path_id(link_id), token)
        if path_id(bill_id) not in bill_ids:
            raise not_found("There is no such bill.")
        reader = await _reader(gateway, customer_id, bill_id=path_id(bill_id))
        return await document_commands.invoice(
            gateway, reader, path_id(bill_id), Look(), f"{back}/bills/{bill_id}/invoice.pdf"
        )

    return await _given(request, gateway, f"{back}/portal", f"{back}/bills/{bill_id}/invoice.pdf", ask)


@get("/links/{link_id:str}/{token:str}/portal")
async def open_portal_of_link(
    request: Request[Any, Any, Any], gateway: Here, link_id: PathId, token: PathId
) -> Response[Any]:
    """On to the page of the customer whom a payment link was made for."""
    _pace.check(address(request, gateway))
    try:
        customer_id, _bill_ids = await _of_link(gateway, path_id(link_id), token)
    except Problem as problem:
        return render.page(_desk(request), "portal/unknown.html", problem.status, HEADERS)
    async with in_transaction(gateway.pool) as tx:
        await see_everything(tx)
        generation = await customer_store.portal_generation(tx, customer_id)
    here = gateway.portals.url(customer_id, generation)
    if (language := request.query_params.get("language")) in LANGUAGES:
        here += f"?language={language}"
    return Response(None, status_code=303, headers={**HEADERS, "Location": here, "Cache-Control": "no-store"})


async def _of_link(gateway: Gateway, link_id: UUID, token: str) -> tuple[UUID, Collection[UUID]]:
    """Return whose link a token opens, and to which bills; raises 404, or 410 where it has ended."""
    if not gateway.portals.links.opens(link_id, token):
        raise not_found("There is no such link.")
    async with in_transaction(gateway.pool) as tx:
        await see_everything(tx)
        link = await payment_link_store.by_id(tx, link_id)
    if link is None:
        raise not_found("There is no such link.")
    is_over = link["state"] == "active" and link["expires_at"] <= clock.now()
    if is_over or link["state"] in ("revoked", "expired"):
        raise Problem(410, "link-ended", "This link has ended.")
    return link["customer_id"], {link["bill_id"], *link["further_bill_ids"]}


@get("/logos/{operator_id:str}")
async def show_logo(request: Request[Any, Any, Any], gateway: Here, operator_id: PathId) -> Response[Any]:
    """The logo that an operator's documents bear, small, for customers' pages."""
    _pace.check(address(request, gateway))
    async with in_transaction(gateway.pool) as tx:
        await see_everything(tx)
        rows = await profile_queries.rows_on_path(tx, path_id(operator_id))
        key = profile_schemas.logo_key(rows)
    if key is None:
        raise not_found("There is no logo.")
    headers = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(await small_logo(gateway, key), media_type="image/png", headers=headers)


@get("/portal/{token:str}/payments/{payment_id:str}/receipt.pdf")
async def download_receipt(
    request: Request[Any, Any, Any], gateway: Here, token: PathId, payment_id: PathId
) -> Response[Any]:
    """The receipt of one of the customer's own payments."""
    here = f"/portal/{token}/payments/{payment_id}/receipt.pdf"

    async def ask() -> File | Outcome:
        reader = await _reader(gateway, await _opened(gateway, token), payment_id=path_id(payment_id))
        return await document_commands.receipt(gateway, reader, path_id(payment_id), Look(), here)

    return await _given(request, gateway, f"/portal/{token}", here, ask)


@get("/portal/{token:str}/statement.pdf")
async def download_statement(request: Request[Any, Any, Any], gateway: Here, token: PathId) -> Response[Any]:
    """The customer's account between two days; the last twelve months where none are named."""
    here = f"/portal/{token}/statement.pdf"
    if request.url.query:
        here += f"?{request.url.query}"

    async def ask() -> File | Outcome:
        reader = await _reader(gateway, await _opened(gateway, token))
        wanted = query_of(StatementQuery, request)
        days = (wanted.from_, wanted.to)
        return await document_commands.statement(gateway, reader, reader.user_id, days, Look(), here)

    return await _given(request, gateway, f"/portal/{token}", here, ask)


async def _given(
    request: Request[Any, Any, Any],
    gateway: Gateway,
    back: str,
    here: str,
    ask: Callable[[], Awaitable[File | Outcome]],
) -> Response[Any]:
    """The file, a page that waits for it, or word that it could not be made."""
    _pace.check(address(request, gateway))
    desk = _desk(request)
    try:
        document = await ask()
    except Problem as problem:
        if problem.status in (404, 410, 422):
            return render.page(desk, "portal/unknown.html", 410 if problem.status == 410 else 404, HEADERS)
        document = Outcome(UUID(int=0), problem.status, problem=problem)
    if isinstance(document, File):
        answer = files.send(document)
        answer.headers.update(HEADERS)
        return answer
    failed = document.problem is not None
    status = document.problem.status if document.problem else 200
    return render.page(desk, "portal/document.html", status, HEADERS, failed=failed, address=here, back=back)


@post("/portal/{token:str}/bills/{bill_id:str}/pay", status_code=303)
async def pay(
    request: Request[Any, Any, Any], gateway: Here, token: PathId, bill_id: PathId
) -> Response[Any]:
    """On to the page where the bill is paid; a link is made for it where there is none."""
    return await _go_to_pay(request, gateway, token, lambda _owed: [path_id(bill_id)])


@post("/portal/{token:str}/pay", status_code=303)
async def pay_several(request: Request[Any, Any, Any], gateway: Here, token: PathId) -> Response[Any]:
    """On to the page where all bills are paid up to the one that was chosen, the oldest first."""
    chosen = str((await request.form()).get("upto", ""))
    return await _go_to_pay(request, gateway, token, lambda owed: _up_to(owed, path_id(chosen)))


def _up_to(owed: Sequence[Row], newest_id: UUID) -> list[UUID]:
    """The bills that are owed, oldest first, up to one; that alone, where it is owed no longer."""
    ids = [bill["id"] for bill in owed]
    return ids[: ids.index(newest_id) + 1] if newest_id in ids else [newest_id]


async def _go_to_pay(
    request: Request[Any, Any, Any],
    gateway: Gateway,
    token: str,
    choose: Callable[[Sequence[Row]], Sequence[UUID]],
) -> Response[Any]:
    _pace.check(address(request, gateway))
    refuse_other_sites(request)
    desk, back = _desk(request), f"/portal/{token}"
    try:
        async with in_transaction(gateway.pool) as tx:
            await see_everything(tx)
            customer_id = await _customer_of(tx, gateway, token)
            owed = await bill_store.owed_by_customer(tx, customer_id, desk.today) if customer_id else []
        if customer_id is None:
            return render.page(desk, "portal/unknown.html", 404, HEADERS)
        found = await payment_link_commands.link_for_portal(gateway, customer_id, choose(owed))
    except Problem as problem:
        if problem.status == 404:
            return render.page(desk, "portal/unknown.html", 404, HEADERS)
        found = Outcome(UUID(int=0), problem.status, problem=problem)
    if isinstance(found, Outcome) and found.body is not None:
        found = str(found.body["url"])
    if isinstance(found, str):
        return Response(None, status_code=303, headers={**HEADERS, "Location": found})
    status = found.problem.status if found.problem else 503
    return render.page(
        desk, "portal/not-now.html", status, HEADERS, back=back, settled=status == 409 and _settled(found)
    )


def _settled(found: Outcome) -> bool:
    return found.problem is not None and found.problem.code in ("already-paid", "bill-void")


async def _opened(gateway: Gateway, token: str) -> UUID:
    """Return whose page an address opens; raises 404."""
    async with in_transaction(gateway.pool) as tx:
        await see_everything(tx)
        customer_id = await _customer_of(tx, gateway, token)
    if customer_id is None:
        raise not_found("There is no such thing here.")
    return customer_id


async def _reader(
    gateway: Gateway, customer_id: UUID, bill_id: UUID | None = None, payment_id: UUID | None = None
) -> Principal:
    """The customer as somebody who asks for what is theirs: they reach no further than its operator."""
    async with in_transaction(gateway.pool) as tx:
        await see_everything(tx)
        customer = await customer_store.by_id(tx, customer_id)
        bill = await bill_store.by_id(tx, bill_id) if bill_id else None
        payment = await payment_store.by_id(tx, payment_id) if payment_id else None
    asked, theirs = (bill_id or payment_id), bill or payment
    if customer is None or (asked and (theirs is None or theirs["customer_id"] != customer_id)):
        raise not_found("There is no such thing here.")
    operator_id = bill["operator_id"] if bill else customer["operator_id"]
    return Principal(customer["id"], "portal", "portal", "viewer", operator_id, sees_all=False)


def _desk(request: Request[Any, Any, Any]) -> Desk:
    """In the language that was asked for: by link, by cookie, or by the browser."""
    desk = signed_out_desk(request)
    asked = request.query_params.get("language") or request.cookies.get("desk_language")
    language = asked or request.headers.get("accept-language", "")[:2]
    if language not in LANGUAGES:
        language = desk.preferences.language
    translations.language.set(language)
    return replace(desk, preferences=replace(desk.preferences, language=language))


async def _facts(tx: Tx, customer_id: UUID, desk: Desk) -> Mapping[str, Any] | None:
    customer = await customer_store.portal_customer(tx, customer_id)
    if customer is None:
        return None
    settings = await settings_queries.billing_settings(tx)
    formats = Formats(
        desk.preferences.language, settings["currency"], settings["time_zone"], for_customers=True
    )
    desk = replace(desk, formats=formats)
    bills = await bill_store.all_of_customer(tx, customer_id, desk.today, MOST_BILLS)
    owed = await bill_store.owed_by_customer(tx, customer_id, desk.today)
    settled = [bill for bill in bills if not bill["balance_minor"]]
    ways = await gateway_store.payment_ways(tx, {bill["operator_id"] for bill in owed})
    payable = list(takewhile(lambda bill: _are_collected_alike(owed[0], bill, ways), owed[:MOST_AT_ONCE]))
    profile_rows = await profile_queries.rows_on_path(tx, customer["operator_id"])
    return {
        "desk": desk,
        "customer": customer,
        "isp": profile_schemas.profile(profile_rows),
        "owed": owed,
        "payable": payable,
        "sums_minor": list(accumulate(bill["balance_minor"] for bill in payable)),
        "owed_minor": sum(bill["balance_minor"] for bill in owed),
        "settled": settled[:SETTLED_SHOWN],
        "older": settled[SETTLED_SHOWN:],
        "last_payments": await payment_store.last_of_bills(tx, [bill["id"] for bill in settled]),
    }


def _are_collected_alike(first: Row, bill: Row, ways: Mapping[UUID, Sequence[Row]]) -> bool:
    """Whether a bill is paid into the same accounts as the first one: else they cannot be paid together."""
    accounts, others = (
        {(way["provider"], way["owner_id"]) for way in ways.get(each["operator_id"], ())}
        for each in (first, bill)
    )
    return bool(accounts) and accounts == others


ROUTES = [
    show_portal,
    download_invoice,
    download_receipt,
    download_statement,
    pay,
    pay_several,
    download_invoice_of_link,
    open_portal_of_link,
    show_logo,
]
