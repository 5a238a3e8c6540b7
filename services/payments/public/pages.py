"""The page of a payment link, and where a customer comes back to from a provider's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from litestar import HttpMethod, Request, Response, post, route
from litestar.params import FromPath
from litestar.response import Redirect

from services.payments import store, wording
from services.payments.checkouts import Till
from services.payments.handlers.settling import zone_of
from services.payments.providers.protocol import CredentialsRefused, Declined, NoAnswer
from services.payments.public.bills import Bills, balance_of, bills_of, gateways_of, ids_of, month_of
from services.payments.public.counter import Counter, counter_of
from services.payments.public.render import language_of, page
from services.payments.senders import limits_of
from services.payments.store import Row
from shared import clock
from shared.links import TOKEN_LENGTH, Links
from shared.values.amounts import read_amount
from shared.values.unreadable import Unreadable

_LEFT = ("failure", "cancel", "fail", "failed", "cancelled", "canceled", "expired", "unattempted")
_HINT = re.compile(r"[A-Za-z0-9._-]{1,100}")
_REFRESH_SECONDS = 5
_PATIENCE_SECONDS = 4.0
_PAUSE_SECONDS = 0.1


def no_such_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """Say that an address is none of ours; it names nobody."""
    return page("message.html", language_of(request), 404, title="unknown-link-title", why="unknown-link-why")


def not_now(request: Request[Any, Any, Any], status: int) -> Response[Any]:
    """Say that it is our fault, and that trying again later is all there is to do."""
    headers = {"Retry-After": str(_REFRESH_SECONDS)} if status == 503 else {}
    return page(
        "message.html", language_of(request), status, headers, title="not-now-title", why="not-now-why"
    )


@route("/pay/{token:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show_bill(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Show what is owed and the ways to pay it; writes nothing, whoever looks."""
    counter = counter_of(request)
    link = await _link(counter, token)
    if link is None:
        return no_such_page(request)
    language = language_of(request, link["language"])
    if _has_ended(link):
        return page("ended.html", language, 410)
    return await _bill(counter, token, link, language)


@post("/pay/{token:str}/checkout", status_code=303)
async def begin_checkout(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Go on to the provider with the balance of now, or the part that was asked for."""
    counter = counter_of(request)
    link = await _link(counter, token)
    if link is None:
        return no_such_page(request)
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    asked = form.get("lang")
    language = asked if asked in ("en", "bn") else language_of(request, link["language"])
    if _has_ended(link):
        return page("ended.html", language, 410)
    async with counter.pool.acquire() as connection:
        bills = await bills_of(connection, link)
        gateways = await gateways_of(connection, bills)
    if bills.balance == 0:
        return await _bill(counter, token, link, language, 409)
    gateway = next((each for each in gateways if each["provider"] == form.get("provider")), None)
    if gateway is None:
        return await _bill(counter, token, link, language, 422)
    amount, problem = _amount(form, bills, gateway, language)
    if problem is not None:
        return await _bill(counter, token, link, language, 422, problem)
    return await _go_on(counter, token, link, bills, gateway, amount, language)


async def _go_on(
    counter: Counter, token: str, link: Row, bills: Bills, gateway: Row, amount: int, language: str
) -> Response[Any]:
    provider = wording.text(gateway["provider"], language)
    try:
        till = Till(counter.tills)
        return Redirect(
            await till.begin(counter.pool, link, bills.rows[0], gateway, amount, language), status_code=303
        )
    except Declined as refusal:
        if isinstance(refusal, CredentialsRefused):
            return await _away(counter, token, link, language, provider)
        title = wording.text("provider-refused-title", language, provider=provider)
        return await _bill(counter, token, link, language, 422, f"{title}: {refusal}".rstrip(": "))
    except NoAnswer:
        return await _away(counter, token, link, language, provider)


async def _away(counter: Counter, token: str, link: Row, language: str, provider: str) -> Response[Any]:
    title = wording.text("provider-away-title", language, provider=provider)
    why = wording.text("provider-away-why", language)
    return await _bill(counter, token, link, language, 503, f"{title}. {why}")


@route(
    "/paid/{reference:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST], status_code=200
)
async def come_back(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Show what became of a checkout, to whoever has its address, as often as they like."""
    counter = counter_of(request)
    row = await counter.checkout(reference)
    if row is None:
        return no_such_page(request)
    language = language_of(request, row["language"])
    if request.method != HttpMethod.HEAD:
        said = dict(request.query_params)
        if request.method == HttpMethod.POST:
            said |= {name: str(value) for name, value in (await request.form()).items()}
        if await _hear(counter, row, said):
            row = await _wait(counter, row)
    return await _outcome(counter, row, language)


async def _hear(counter: Counter, row: Row, said: Mapping[str, str]) -> bool:
    """Have the provider asked, where coming back is news; nothing that a customer brings is believed."""
    if row["state"] not in ("opening", "open"):
        return False
    status = (said.get("status") or said.get("left") or "").lower()
    is_left = status in _LEFT or said.get("left", "") in _LEFT
    is_ours = said.get("paymentID") in (None, row["provider_id"])
    wants_execution = row["provider"] == "bkash" and status == "success" and is_ours
    is_news = (
        row["returned_at"] is None
        or (wants_execution and not row["execute"])
        or (is_left and row["reusable"])
    )
    if is_news:
        await store.checkouts.came_back(
            counter.pool,
            row["checkout_id"],
            left=is_left and is_ours,
            execute=wants_execution,
            hint=hint if _HINT.fullmatch(hint := said.get("val_id", "")) else None,
        )
    return is_news


async def _wait(counter: Counter, row: Row) -> Row:
    """The checkout, once its provider was asked, or after a few seconds."""
    before, deadline = row["asked_at"], asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while True:
        row = await store.checkouts.by_id(counter.pool, row["checkout_id"]) or row
        is_known = row["state"] not in ("opening", "open") or row["asked_at"] != before
        if is_known or asyncio.get_running_loop().time() > deadline:
            return row
        await asyncio.sleep(_PAUSE_SECONDS)


async def _outcome(counter: Counter, row: Row, language: str) -> Response[Any]:
    async with counter.pool.acquire() as connection:
        bills = await bills_of(connection, row)
        paid_id = row["payment_id"]
        payment = (await store.payments_by_id(connection, [paid_id]))[paid_id] if paid_id else None
        zone = await zone_of(connection)
    link = await _open_link(counter, row)
    state = shown_state(row)
    first = bills.first
    shown = {
        "state": state,
        "row": row,
        "facts": first,
        "bills": [_line(each, language, payment.allocations if payment else {}) for each in bills.rows],
        **_shown_of(counter, first),
        "provider": wording.text(row["provider"], language),
        "balance": bills.balance,
        "payment": payment,
        "paid_at": _moment(payment.recorded_at, zone, language) if payment else None,
        "asked_at": f"{row['asked_at'].astimezone(zone):%H:%M}" if row["asked_at"] else None,
        "papers": _papers(counter, link) if link is not None else None,
        "bill_url": f"/pay/{counter.tills.office.links.token(row['link_id'])}" if link is not None else None,
    }
    # A header, as a refresh that is written into the page cannot be stopped by those who need time.
    is_waiting = state == "checking"
    headers = {"Refresh": f"{_REFRESH_SECONDS}; url=/paid/{row['reference']}"} if is_waiting else {}
    return page("outcome.html", language, 200, headers, **shown)


def shown_state(row: Row) -> str:
    if row["state"] in ("opening", "open"):
        # Once it was asked: who left the provider's page has most likely not paid.
        return "not-paid" if row["asked_at"] and row["problem"] and not row["reusable"] else "checking"
    ended: dict[str, str] = {"failed": "not-paid", "expired": "not-paid"}
    return ended.get(row["state"]) or str(row["state"])


async def _open_link(counter: Counter, row: Row) -> Row | None:
    """The link of a checkout, for as long as it is open: who has come back had it."""
    link = await store.links.by_id(counter.pool, row["link_id"])
    return None if link is None or _has_ended(link) else link


def _shown_of(counter: Counter, bill: Row | None) -> dict[str, Any]:
    """Return the ISP of a bill, as its documents have it."""
    if bill is None:
        return {"isp": None}
    logo = f"{counter.tills.office.gateway_url}/logos/{bill['operator_id']}" if bill["has_logo"] else None
    return {"isp": bill["isp"], "phone": bill["phone"], "address": bill["address"], "logo": logo}


def _papers(counter: Counter, link: Row) -> str:
    """Return where the gateway shows the bills of a link as PDFs, and the customer's own page."""
    office = counter.tills.office
    return f"{office.gateway_url}/links/{link['link_id']}/{office.links.token(link['link_id'])}"


async def _bill(
    counter: Counter, token: str, link: Row, language: str, status: int = 200, problem: str | None = None
) -> Response[Any]:
    async with counter.pool.acquire() as connection:
        bills = await bills_of(connection, link)
        gateways = await gateways_of(connection, bills)
        checking = await store.checkouts.newest_of_bills(connection, ids_of(link))
        today = clock.now().astimezone(await zone_of(connection)).date()
    first = bills.first
    if first is None or bills.are_void:
        return page("ended.html", language, 410)
    if checking is not None and shown_state(checking) != "checking":
        checking = None
    return page(
        "bill.html",
        language,
        status,
        token=token,
        facts=first,
        bills=[_line(each, language) for each in bills.rows if not each["voided"]],
        **_shown_of(counter, first),
        papers=_papers(counter, link),
        due=wording.day(first["due_on"], language),
        is_late=first["due_on"] < today,
        balance=bills.balance,
        ways=[_way(each, bills, language) for each in gateways],
        checking=checking,
        checking_with=wording.text(checking["provider"], language) if checking else "",
        problem=problem,
    )


def _line(row: Row, language: str, paid: Mapping[Any, int] = MappingProxyType({})) -> dict[str, Any]:
    """One bill in a list of them; `paid`: what a payment settled of which."""
    return {
        "id": row["invoice_id"],
        "month": month_of(row, language),
        "number": row["number"],
        "balance": balance_of(row),
        "paid": paid.get(row["invoice_id"], 0),
    }


def _way(gateway: Row, bills: Bills, language: str) -> dict[str, str]:
    provider, currency = gateway["provider"], bills.currency
    least, most = limits_of(gateway)
    hint = wording.text(f"{provider}-sub", language)
    if least > 1:
        hint += " · " + wording.text("from-amount", language, money=wording.money(least, currency, language))
    if most is not None and most < bills.balance:
        hint += " · " + wording.text("up-to-amount", language, money=wording.money(most, currency, language))
    return {"provider": provider, "name": wording.text(provider, language), "hint": hint}


async def _link(counter: Counter, token: str) -> Row | None:
    if len(token) != TOKEN_LENGTH or not token.isascii() or not token.isalnum():
        return None
    return await store.links.by_token(counter.pool, Links.hash(token))


def _has_ended(link: Row) -> bool:
    return link["state"] in ("revoked", "expired") or (
        link["state"] == "active" and bool(link["expires_at"] <= clock.now())
    )


def _moment(at: datetime, zone: Any, language: str) -> str:
    return wording.moment(at.astimezone(zone), language)


def _amount(form: Mapping[str, str], bills: Bills, gateway: Row, language: str) -> tuple[int, str | None]:
    """Return the amount to pay, all or a part of it within what the provider takes; or a problem."""
    balance, currency = bills.balance, bills.currency
    least, most = limits_of(gateway)
    provider = wording.text(gateway["provider"], language)
    amount = _part(form, balance, currency)
    if amount is None or amount > balance:
        return 0, wording.text("wrong-amount", language, money=wording.money(balance, currency, language))
    if amount < least:
        limit = wording.money(least, currency, language)
        return 0, wording.text("too-little", language, provider=provider, money=limit)
    if most is not None and amount > most:
        limit = wording.money(most, currency, language)
        return 0, wording.text("too-much", language, provider=provider, money=limit)
    return amount, None


def _part(form: Mapping[str, str], balance: int, currency: str) -> int | None:
    """The part in minor units (`amount_minor`) or as people write it (`amount`); all of it without either."""
    exact, written = form.get("amount_minor", "").strip(), form.get("amount", "").strip()
    if form.get("how") == "all":
        return balance
    if exact:
        return int(exact) if exact.isascii() and exact.isdecimal() and 0 < len(exact) < 17 else None
    if not written:
        return balance if form.get("how") != "part" else None
    try:
        return read_amount(written, currency)
    except Unreadable:
        return None


ROUTES = [show_bill, begin_checkout, come_back]
