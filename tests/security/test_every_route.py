"""Every route, as the application knows them: for a neighbour, a stranger and a clerk it is not there.

A route that is added is walked by itself; what names something new has to be given an id of it, and what
anybody may do has to be named here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from pydantic import BaseModel

from gateway.api.declarations import types_of
from gateway.context import Gateway
from gateway.http.requests import Presence
from shared.contracts.payments import PaymentHeld
from shared.ids import new_id
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness
from tests.integration.gateway.test_partners import partner
from tests.security.neighbours import WORDS, Neighbour, settle

DESK = "http://desk.test"
API = "/api/v1"
SAFE = ("GET",)
# They name no row of anybody's.
NAMES_NOBODY = {"period", "provider"}
# Opened by whoever has the address, or before anybody is known.
FOR_EVERYBODY = {
    "/static/{path:path}", "/schema", "/schema/openapi.json", "/sign-in", "/preferences", f"{API}/session",
    "/portal/{token:str}", "/portal/{token:str}/bills/{bill_id:str}/invoice.pdf",
    "/portal/{token:str}/payments/{payment_id:str}/receipt.pdf", "/portal/{token:str}/statement.pdf",
    "/portal/{token:str}/bills/{bill_id:str}/pay", "/portal/{token:str}/pay",
    "/links/{link_id:str}/{token:str}/bills/{bill_id:str}/invoice.pdf",
    "/links/{link_id:str}/{token:str}/portal", "/logos/{operator_id:str}",
}  # fmt: skip
# It would end the walk.
SIGNS_OUT = {("POST", "/sign-out"), ("DELETE", f"{API}/session")}
# Whoever may see may do these: they concern the asker alone, or look at what is within reach.
BY_ANYBODY = {
    ("POST", f"{API}/saved-views"), ("PATCH", f"{API}/saved-views/{{view_id:str}}"),
    ("DELETE", f"{API}/saved-views/{{view_id:str}}"), ("DELETE", f"{API}/session"),
    ("PUT", f"{API}/me/password"), ("POST", f"{API}/tokens"), ("DELETE", f"{API}/tokens/{{token_id:str}}"),
    ("POST", f"{API}/bulk-actions"), ("POST", f"{API}/bulk-actions/{{action_id:str}}/retry"),
    ("POST", f"{API}/bulk-actions/{{action_id:str}}/cancel"),
}  # fmt: skip
# The same of pages: one's own account, sieves and files, and bulk actions, whose items are judged one by one.
OF_ONES_OWN = {
    "/account/password", "/account/tokens", "/account/tokens/{token_id:str}/revoke", "/account/second-factor",
    "/account/second-factor/off", "/bills/views", "/bills/views/{view_id:str}/change",
    "/bills/views/{view_id:str}/delete", "/sign-out", "/bulk-actions/downloads",
    "/bulk-actions/downloads/new", "/bulk-actions/{action_id:str}/cancel",
    "/bulk-actions/{action_id:str}/retry",
}  # fmt: skip
# A run that was asked for a moment ago is not known yet: an unknown one is waited for, whosever it is.
WAITED_FOR = {"/bills/generate-missing/{run_id:str}", "/bills/generate-missing/{run_id:str}/progress"}
# Who is left out of reminders hears nothing of it.
REACH_NOBODY = {"exclude_operator_ids"}


@dataclass(frozen=True)
class Way:
    """A method of a route."""

    method: str
    path: str
    names: frozenset[str]
    handler: HTTPRouteHandler

    @property
    def is_api(self) -> bool:
        return self.path.startswith(API)

    @property
    def names_somebody(self) -> bool:
        return bool(self.names - NAMES_NOBODY)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@pytest.fixture
def ways(gateway: Gateway) -> list[Way]:
    """Every method of every route but those that are open to everybody."""
    return [
        Way(method, route.path, frozenset(route.path_parameters), handler)
        for route in app_for(gateway).routes
        if isinstance(route, HTTPRoute) and route.path not in FOR_EVERYBODY
        for handler in route.route_handlers
        for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"})
    ]


@pytest_asyncio.fixture
async def neighbour(harness: GatewayHarness, client_for: ClientFor) -> Neighbour:
    return await settle(harness, client_for)


@pytest.fixture(autouse=True)
def no_longer_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an answer that goes on and on end after its first word."""

    async def lasts(_: Presence) -> bool:
        return False

    monkeypatch.setattr(Presence, "lasts", lasts)


def tells(answer: httpx.Response) -> list[str]:
    """Return the neighbour's words that an answer holds."""
    return [word for word in WORDS if word.encode() in answer.content]


def is_nothing(answer: httpx.Response) -> bool:
    """Whether an answer is that of an unknown id."""
    to_sign_in = answer.status_code in (302, 303) and answer.headers["location"].startswith("/sign-in")
    return answer.status_code in (401, 403, 404) or to_sign_in


def form(neighbour: Neighbour) -> dict[str, str]:
    """Return what any form may ask for, and the neighbour wherever it names somebody."""
    ids = neighbour.ids
    return {
        "operator_id": ids["operator_id"], "parent_id": ids["operator_id"], "package_id": ids["package_id"],
        "customer_id": ids["customer_id"], "bill_id": ids["bill_id"], "bill_ids": ids["bill_id"],
        "bill": ids["bill_id"], "customer": ids["customer_id"], "payment_id": ids["payment_id"],
        "gateway_id": ids["gateway_id"], "user_id": ids["user_id"], "ids": ids["bill_id"],
        "exclude_operator_ids": ids["operator_id"], "filter": f"operator_id={ids['operator_id']}",
        "view": f"operator_id={ids['operator_id']}",
        "name": "N", "code": "N77", "email": "n@desk.test", "password": "correct-horse-battery",
        "role": "viewer", "amount": "5", "paid_on": "2026-11-20", "method": "cash", "reason": "not mine",
        "period": "2026-12", "to": "closed", "days": "-3", "template": "reminder", "language": "en",
        "url": "https://hooks.example.com/bills", "types": "bill.paid", "provider": "sandbox",
        "day": "2026-11-20",
        "counted": "5", "outcome": "sent", "action": "mark_paid", "since": "2026-01-01",
        "status": "active", "billing_cycle": "monthly",
    }  # fmt: skip


async def session_of(browser: httpx.AsyncClient, email: str) -> httpx.AsyncClient:
    """Return the browser, signed in, with its CSRF token."""
    browser.base_url = httpx.URL(DESK)
    answer = await browser.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', (await browser.get("/account")).text)
    assert token
    browser.headers["X-CSRF-Token"] = token[1]
    return browser


async def ask(browser: httpx.AsyncClient, way: Way, path: str, fields: dict[str, str]) -> httpx.Response:
    """Ask a page for something, with everything that a form of ours may hold."""
    if way.method in SAFE:
        # A day's name in some queries, and what becomes of a customer in others.
        return await browser.get(path, params={name: value for name, value in fields.items() if name != "to"})
    own = {"csrf_token": browser.headers["X-CSRF-Token"], "idempotency_key": uuid4().hex}
    return await browser.request(way.method, path, data=fields | own)


async def call(
    client: httpx.AsyncClient, way: Way, path: str, body: Any = None, **query: str
) -> httpx.Response:
    """Ask the API for something."""
    key = {"Idempotency-Key": uuid4().hex}
    sent = {} if way.method in SAFE else {"json": {} if body is None else body}
    return await client.request(way.method, f"{DESK}{path}", params=query, headers=key, **sent)


def fault(way: Way, answer: httpx.Response) -> str:
    return f"{way}: {answer.status_code} {tells(answer)} {answer.text[:300]}"


@pytest.mark.parametrize("role", ["operator", "admin"])
async def test_on_every_route_of_the_api_a_neighbours_ids_are_unknown(
    ways: list[Way], neighbour: Neighbour, harness: GatewayHarness, client_for: ClientFor, database_url: str,
    role: str,
) -> None:  # fmt: skip
    reseller = await client_for(harness.north, role)
    faults = []
    async with neighbour.unharmed(database_url):
        for way in ways:
            if way.is_api and (way.method, way.path) not in SIGNS_OUT:
                answer = await call(reseller, way, neighbour.fill(way.path))
                if tells(answer) or (way.names_somebody and not is_nothing(answer)):
                    faults.append(fault(way, answer))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ["operator", "admin"])
async def test_on_every_page_a_neighbours_ids_are_unknown_and_no_form_reaches_them(
    ways: list[Way], neighbour: Neighbour, harness: GatewayHarness, client_for: ClientFor,
    visitor: httpx.AsyncClient,
    database_url: str, role: str,
) -> None:  # fmt: skip
    await client_for(harness.north, role)
    browser = await session_of(visitor, f"{role}.north@desk.test")
    fields = form(neighbour)
    faults = []
    async with neighbour.unharmed(database_url):
        for way in ways:
            if way.is_api or (way.method, way.path) in SIGNS_OUT:
                continue
            answer = await ask(browser, way, neighbour.fill(way.path), fields)
            has_end = way.names_somebody and not (way.method in SAFE and way.path in WAITED_FOR)
            if tells(answer) or (has_end and not is_nothing(answer)):
                faults.append(fault(way, answer))
    assert not faults, "\n".join(faults)


async def test_a_stranger_is_sent_to_sign_in_on_every_route(
    ways: list[Way], neighbour: Neighbour, visitor: httpx.AsyncClient, database_url: str
) -> None:
    faults = []
    async with neighbour.unharmed(database_url):
        for way in ways:
            answer = await call(visitor, way, neighbour.fill(way.path))
            if answer.status_code == 404 or not is_nothing(answer) or tells(answer):
                faults.append(fault(way, answer))
    assert not faults, "\n".join(faults)


async def test_a_clerk_without_the_right_changes_nothing_of_their_own_resellers(
    ways: list[Way], neighbour: Neighbour, harness: GatewayHarness, client_for: ClientFor, database_url: str
) -> None:
    clerk = await client_for(harness.south, "viewer")
    faults = []
    async with neighbour.unharmed(database_url):
        for way in ways:
            if way.is_api and way.method not in SAFE and (way.method, way.path) not in BY_ANYBODY:
                answer = await call(clerk, way, neighbour.fill(way.path))
                if answer.status_code != 403:
                    faults.append(fault(way, answer))
    assert not faults, "\n".join(faults)


async def test_a_clerk_without_the_right_sends_no_form_of_their_own_resellers(
    ways: list[Way], neighbour: Neighbour, harness: GatewayHarness, client_for: ClientFor,
    visitor: httpx.AsyncClient,
    database_url: str,
) -> None:  # fmt: skip
    await client_for(harness.south, "viewer")
    browser = await session_of(visitor, "viewer.south@desk.test")
    fields = form(neighbour)
    faults = []
    async with neighbour.unharmed(database_url):
        for way in ways:
            if way.is_api or way.method in SAFE or way.path in OF_ONES_OWN:
                continue
            answer = await ask(browser, way, neighbour.fill(way.path), fields)
            if answer.status_code != 403:
                faults.append(fault(way, answer))
    assert not faults, "\n".join(faults)


def test_what_is_open_to_everybody_and_to_any_clerk_is_there(gateway: Gateway) -> None:
    served = {
        (method, route.path)
        for route in app_for(gateway).routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
    }
    assert served >= BY_ANYBODY
    assert {path for _, path in served} >= FOR_EVERYBODY | OF_ONES_OWN | WAITED_FOR


def bodies(neighbour: Neighbour, own: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return for each write whose body may name somebody a body that names the neighbour."""
    ids = neighbour.ids
    south = {"operator_id": ids["operator_id"]}
    new = {"code": "N77", "name": "N", "mobile": None, "address": "", "status": "active",
           "billing_cycle": "monthly", "since": "2026-01-01"}  # fmt: skip
    north = {"operator_id": own["operator_id"], "package_id": own["package_id"]}
    parameters = {"paid_on": "2026-11-20", "method": "cash"}
    rule = {"days": -3, "template": "reminder"}
    return {
        "POST /billing-runs": {"period": "2026-12", **south},
        "POST /closings": {"day": "2026-11-20", "expected_minor": 0, "counted_minor": 0, **south},
        "POST /bulk-actions filter": {
            "action": "mark_paid", "selection": {"filter": south}, "parameters": parameters,
        },
        "POST /bulk-actions package": {
            "action": "mark_paid", "selection": {"filter": {"package_id": ids["package_id"]}},
            "parameters": parameters,
        },
        "POST /customers operator": {**new, **north, **south},
        "POST /customers package": {**new, **north, "package_id": ids["package_id"]},
        "PATCH /customers/{customer_id:str} operator": south,
        "PATCH /customers/{customer_id:str} package": {"package_id": ids["package_id"]},
        "POST /held-payments/{held_id:str}/place bill": {"bill_id": ids["bill_id"]},
        "POST /held-payments/{held_id:str}/place customer": {"customer_id": ids["customer_id"]},
        "PUT /settings/isp-profile": {"name": "Mine", **south},
        "POST /operators": {"code": "N77", "name": "N", "parent_id": ids["operator_id"]},
        "POST /packages": {"name": "N", "price_minor": 1, "vat_basis_points": 0, **south},
        "POST /partners": {"name": "northwell", **south},
        "PATCH /partners/{partner_id:str}": south,
        "PUT /settings/payment-gateways/{provider:str}": {"webhook_secret": "a secret of ours", **south},
        "POST /settings/reminders": {**rule, **south},
        "POST /settings/reminders/dry-run": {"days": -3, **south},
        "PUT /settings/sms-gateway": {"provider": "sandbox", **south},
        "PUT /settings/sms-gateway gateway": {
            "provider": "sandbox", "operator_id": own["operator_id"], "gateway_id": ids["gateway_id"],
        },
        "POST /settings/sms-gateway/test": {"to": "01711000412", **south},
        "POST /settings/sms-gateway/test gateway": {"to": "01711000412", "gateway_id": ids["gateway_id"]},
        "PUT /settings/sms-templates": {"template": "reminder", "language": "en", "text": "{link}", **south},
        "POST /tokens": {"name": "N", "user_id": ids["user_id"]},
        "POST /users": {
            "email": "n@desk.test", "name": "N", "password": "seven blue kettles sing",
            "role": "viewer", **south,
        },
        "PATCH /users/{user_id:str}": south,
        "POST /webhooks": {"url": "https://hooks.example.com/bills", "types": ["bill.paid"], **south},
    }  # fmt: skip


async def own_ids(harness: GatewayHarness, reseller: httpx.AsyncClient) -> dict[str, str]:
    """Return what is the reseller's own: ids that their writes may name."""
    of_ours = partner(harness.north.operator_id, name="ours")
    held = PaymentHeld(
        held_id=new_id(), source="partner:ours", payment_id="P-1", operator_id=harness.north.operator_id,
        amount_minor=5_000, currency="BDT", reason="unknown-invoice", received_at=NOW, state="held",
        customer_id=None, invoice_id=None, checkout_id=None, version=1,
    )  # fmt: skip
    await harness.say(of_ours, held)
    ids = {
        "operator_id": harness.north.operator_id,
        "package_id": harness.plan.package_id,
        "customer_id": harness.abdul.customer_id,
        "partner_id": of_ours.partner_id,
        "held_id": held.held_id,
        "user_id": (await reseller.get("/me")).json()["id"],
        "provider": "sandbox",
    }
    return {name: str(value) for name, value in ids.items()}


async def test_a_body_that_names_a_neighbour_finds_nobody(
    neighbour: Neighbour, harness: GatewayHarness, client_for: ClientFor, database_url: str
) -> None:
    reseller = await client_for(harness.north, "admin")
    own = await own_ids(harness, reseller)
    faults = []
    async with neighbour.unharmed(database_url):
        for name, body in bodies(neighbour, own).items():
            method, path = name.split()[:2]
            key = {"Idempotency-Key": uuid4().hex}
            answer = await reseller.request(method, Neighbour(own).fill(path), json=body, headers=key)
            if answer.status_code not in (403, 404) or tells(answer):
                faults.append(f"{name}: {answer.status_code} {tells(answer)} {answer.text[:300]}")
    assert not faults, "\n".join(faults)


async def test_a_query_that_names_a_neighbour_finds_nobody(
    ways: list[Way], neighbour: Neighbour, harness: GatewayHarness, client_for: ClientFor, database_url: str
) -> None:
    reseller = await client_for(harness.north, "admin")
    faults = []
    async with neighbour.unharmed(database_url):
        for way in ways:
            asked = types_of(way.handler).query if way.is_api else None
            if asked is None or "operator_id" not in asked.model_fields:
                continue
            wanted = {"day": "2026-11-20", "gateway_id": neighbour.ids["gateway_id"]}
            query = {name: value for name, value in wanted.items() if name in asked.model_fields}
            path = neighbour.fill(way.path)
            answer = await call(reseller, way, path, operator_id=neighbour.ids["operator_id"], **query)
            if answer.status_code not in (403, 404) or tells(answer):
                faults.append(fault(way, answer))
    assert not faults, "\n".join(faults)


def test_every_body_that_may_name_somebody_is_tried_with_a_neighbour(ways: list[Way]) -> None:
    nobody: dict[str, str] = defaultdict(str)
    tried = {" ".join(name.split()[:2]) for name in bodies(Neighbour(nobody), nobody)}
    for way in [each for each in ways if each.is_api]:
        body = types_of(way.handler).body
        named = set(_ids_in(body)) - REACH_NOBODY if body else set()
        assert not named or f"{way.method} {way.path.removeprefix(API)}" in tried, f"{way} names {named}"


def _ids_in(body: type[BaseModel]) -> Iterator[str]:
    """Yield the fields of a body, and of what it holds, that are ids."""
    for name, field in body.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        if "UUID" in str(field.annotation):
            yield name
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _ids_in(kind)
