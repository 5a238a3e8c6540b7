"""Requests: who is asking, the key, the body and the query are checked here."""

from __future__ import annotations

import hmac
import time
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request
from litestar.di import NamedDependency
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.params import FromPath, SkipValidation
from pydantic import BaseModel

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key
from gateway.problems import Problem, not_found, wrong
from gateway.queries import sessions as session_queries
from gateway.queries import tokens as token_queries
from gateway.schemas import fields

COOKIE = "ispbills_session"
SECURE_COOKIE = "__Host-ispbills_session"  # no other host of the domain can set it
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
REQUESTS_A_SECOND = 200
LOOKED_AGAIN_SECONDS = 3.0
LARGEST_BODY_BYTES = 1_000_000
LARGEST_FILE_BYTES = 64_000_000

B = TypeVar("B", bound=BaseModel)

Here: TypeAlias = NamedDependency[SkipValidation[Gateway]]
Who: TypeAlias = NamedDependency[SkipValidation[Principal]]
PathId: TypeAlias = FromPath[str]


class Pace:
    """At most so many requests a second from each caller: a bucket that refills as time goes by."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second
        self._buckets: dict[UUID | str, tuple[float, float]] = {}

    def check(self, caller: UUID | str) -> None:
        """Take one from the bucket, or 429."""
        now = time.monotonic()
        left, at = self._buckets.get(caller, (float(self._a_second), now))
        left = min(float(self._a_second), left + (now - at) * self._a_second)
        if left < 1:
            raise Problem(429, "too-many-requests", "Too many requests a second.", retry_after_seconds=1)
        if len(self._buckets) > 10_000:
            self._buckets.clear()
        self._buckets[caller] = (left - 1, now)


async def identify(request: Request[Any, Any, Any], gateway: Gateway, pace: Pace) -> Principal:
    """Return who is asking, as `_who` says; a token is paced."""
    principal = await _who(request, gateway)
    if principal.token_id is not None:
        pace.check(principal.token_id)
    return principal


async def _who(request: Request[Any, Any, Any], gateway: Gateway) -> Principal:
    """Return who is asking: a session cookie (with the CSRF token on unsafe methods) or an API token."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        principal = (
            await token_queries.by_token(gateway.pool, token.strip(), address(request, gateway))
            if scheme.lower() == "bearer"
            else None
        )
        if principal is None or principal.token_id is None:
            raise Problem(401, "not-signed-in", "This API token is not valid.")
        return replace(principal, address=address(request, gateway))
    principal = await of_session(request, gateway)
    if request.method not in SAFE:
        refuse_other_sites(request)
        given = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(given.encode(), (principal.csrf_token or "").encode()):
            raise Problem(403, "csrf", "The X-CSRF-Token header does not fit the session.")
    return principal


class Presence:
    """Whether who asked for an answer that goes on and on may still have it; looked at every few seconds."""

    def __init__(self, request: Request[Any, Any, Any], gateway: Gateway) -> None:
        self._request, self._gateway = request, gateway
        self._looked_at = time.monotonic()

    async def lasts(self) -> bool:
        """False once their token or session has ended."""
        if time.monotonic() < self._looked_at + LOOKED_AGAIN_SECONDS:
            return True
        self._looked_at = time.monotonic()
        try:
            await _who(self._request, self._gateway)
        except Problem:
            return False
        return True


def cookie_name(gateway: Gateway) -> str:
    """The name of the session's cookie."""
    return SECURE_COOKIE if gateway.settings.is_secure else COOKIE


def session_token(request: Request[Any, Any, Any], gateway: Gateway) -> str:
    """Return what the session's cookie holds, or nothing."""
    return request.cookies.get(cookie_name(gateway), "")


async def of_session(request: Request[Any, Any, Any], gateway: Gateway) -> Principal:
    """Return who is signed in by cookie; 401 when nobody is."""
    token = session_token(request, gateway)
    idle_minutes = gateway.settings.session_idle_minutes
    principal = await session_queries.by_session(gateway.pool, token, idle_minutes) if token else None
    if principal is None:
        raise Problem(401, "not-signed-in", "Sign in first.")
    return replace(principal, address=address(request, gateway))


def refuse_other_sites(request: Request[Any, Any, Any]) -> None:
    """A browser that comes from elsewhere is turned away."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "csrf", "This request comes from another site.")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Problem(403, "csrf", "This request comes from another site.")


def address(request: Request[Any, Any, Any], gateway: Gateway) -> str:
    """Return where the request comes from; X-Forwarded-For counts only from a configured proxy."""
    socket = request.client.host if request.client else "unknown"
    proxies = {each.strip() for each in gateway.settings.trusted_proxies.split(",") if each.strip()}
    if socket in proxies and (forwarded := request.headers.get("x-forwarded-for")):
        hops = [hop.strip() for hop in forwarded.split(",")]
        return next((hop for hop in reversed(hops) if hop not in proxies), socket)
    return socket


def path_id(text: str) -> UUID:
    """An id in a path; what is none is not found."""
    try:
        found = UUID(text)
    except ValueError as error:
        raise not_found() from error
    if str(found) != text.lower():
        raise not_found()
    return found


async def raw_body(request: Request[Any, Any, Any]) -> bytes:
    """The bytes of the body; 413 when there are more than its route takes (`request_max_body_size`)."""
    try:
        return await request.body()
    except RequestEntityTooLarge as error:
        most = request.route_handler.resolve_request_max_body_size()
        raise Problem(413, "too-large", f"At most {most:,} bytes are taken.") from error


def key_of(request: Request[Any, Any, Any], raw: bytes) -> Key | None:
    """The idempotency key of the request, if it has one."""
    value = request.headers.get("idempotency-key")
    if value is None or value == "":
        return None
    if len(value) > 200 or not value.isprintable():
        raise wrong("Idempotency-Key", "At most 200 printable characters.")
    query = request.scope["query_string"]
    # What a query says is part of what was asked.
    return Key.of(value, request.method, request.url.path, *([query] if query else []), raw)


def required(key: Key | None) -> Key:
    """Return the key, or raise 422 for money and mass changes that come without one."""
    if key is None:
        raise wrong("Idempotency-Key", "This request needs an Idempotency-Key.", "idempotency-key-missing")
    return key


def query_of(kind: type[B], request: Request[Any, Any, Any]) -> B:
    """Return what the query string names, or raise 422 naming each wrong parameter."""
    return fields.read_query(kind, request.query_params.dict())


def wants_csv(request: Request[Any, Any, Any]) -> bool:
    """Whether the caller asks for the list as CSV."""
    return "text/csv" in request.headers.get("accept", "")


def checked_period(name: str, value: str) -> str:
    """A month as YYYY-MM, or 422."""
    year, dash, month = value.partition("-")
    digits = year.isascii() and month.isascii() and year.isdigit() and month.isdigit()
    if not (digits and dash and len(year) == 4 and len(month) == 2 and 1 <= int(month) <= 12 and int(year)):
        raise wrong(name, "A month as YYYY-MM.")
    return value
