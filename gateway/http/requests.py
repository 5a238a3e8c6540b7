"""What every request brings: who is asking, the key, the body, the query; all of it checked here."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
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
from gateway.schemas.filters import BillFilter, CustomerFilter, Page
from gateway.store.bill_pages import SORTS

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
    """Who is asking, as `_who` says; a token is paced."""
    principal = await _who(request, gateway)
    if principal.token_id is not None:
        pace.check(principal.token_id)
    return principal


async def _who(request: Request[Any, Any, Any], gateway: Gateway) -> Principal:
    """Who is asking: a session cookie (with the CSRF token on unsafe methods) or an API token."""
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
    """What the session's cookie holds, or nothing."""
    return request.cookies.get(cookie_name(gateway), "")


async def of_session(request: Request[Any, Any, Any], gateway: Gateway) -> Principal:
    """Who is signed in by cookie; 401 when nobody is."""
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
    """Where the request comes from; X-Forwarded-For counts only from a configured proxy."""
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


def reader(kind: type[B], raw: bytes) -> Callable[[], B]:
    """Reads the body once somebody asks for it: after role and reach."""
    return lambda: fields.read(kind, raw)


def key_of(request: Request[Any, Any, Any], raw: bytes) -> Key | None:
    """The idempotency key of the request, if it has one."""
    value = request.headers.get("idempotency-key")
    if value is None or value == "":
        return None
    if len(value) > 200 or not value.isprintable():
        raise wrong("Idempotency-Key", "At most 200 printable characters.")
    return Key.of(value, request.method, request.url.path, raw)


class Query:
    """The query string, read field by field."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self._values = request.query_params

    def all(self, name: str) -> list[str]:
        """Every value of a repeatable parameter."""
        return [self._clean(name, value) for value in self._values.getall(name, [])]

    def one(self, name: str) -> str | None:
        """The value of a parameter that is given once."""
        values = self.all(name)
        if len(values) > 1:
            raise wrong(name, "Give this once.")
        return values[0] if values else None

    def _clean(self, name: str, value: str) -> str:
        if "\x00" in value or "\ufffd" in value or len(value) > 500:
            raise wrong(name, "This is no text.")
        return value

    def ids(self, name: str) -> tuple[UUID, ...]:
        """Ids, each once; one that is no UUID is wrong."""
        return tuple(dict.fromkeys(self._uuid(name, value) for value in self.all(name)))

    def id(self, name: str) -> UUID | None:
        """An id that is given once."""
        value = self.one(name)
        return self._uuid(name, value) if value is not None else None

    def _uuid(self, name: str, value: str) -> UUID:
        try:
            return UUID(value)
        except ValueError as error:
            raise wrong(name, "This is no id.") from error

    def words(self, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Values out of a few."""
        values = tuple(dict.fromkeys(self.all(name)))
        if any(value not in known for value in values):
            raise wrong(name, f"One of {', '.join(known)}.")
        return values

    def word(self, name: str, known: tuple[str, ...]) -> str | None:
        """One value out of a few."""
        values = self.words(name, known)
        if len(values) > 1:
            raise wrong(name, "Give this once.")
        return values[0] if values else None

    def day(self, name: str) -> date | None:
        """A date as YYYY-MM-DD."""
        value = self.one(name)
        if value is None:
            return None
        try:
            found = date.fromisoformat(value)
            if found.isoformat() != value:
                raise ValueError(value)
            return found
        except ValueError as error:
            raise wrong(name, "A date as YYYY-MM-DD.") from error

    def period(self, name: str = "period") -> str | None:
        """A month as YYYY-MM."""
        value = self.one(name)
        return checked_period(name, value) if value is not None else None

    def flag(self, name: str) -> bool | None:
        """true, false or nothing."""
        value = self.word(name, ("true", "false"))
        return None if value is None else value == "true"

    def search(self) -> str | None:
        """Words to search for, at least three characters of them."""
        value = self.one("q")
        if value is None:
            return None
        if not 3 <= len(value.strip()) <= 100:
            raise wrong("q", "Between 3 and 100 characters.")
        return value.strip()

    def page(self, sorts: tuple[str, ...] = ("-issued_on",)) -> Page:
        """Which page of a list."""
        limit = self.one("limit")
        if limit is not None and not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= 200):
            raise wrong("limit", "A whole number between 1 and 200.")
        sort = self.word("sort", sorts) or sorts[0]
        return Page(limit=int(limit) if limit else 50, cursor=self.one("cursor"), sort=sort)

    def bills(self) -> BillFilter:
        """The filter of the bills list."""
        wanted = BillFilter(
            operator_ids=self.ids("operator_id"),
            package_ids=self.ids("package_id"),
            statuses=self.words("status", ("unpaid", "partial", "paid", "void")),
            period=self.period(),
            issued_from=self.day("from"),
            issued_to=self.day("to"),
            overdue=self.flag("overdue"),
            q=self.search(),
        )
        if wanted.issued_from and wanted.issued_to and wanted.issued_from > wanted.issued_to:
            raise wrong("from", "This is after `to`.")
        return wanted

    def customers(self) -> CustomerFilter:
        """The filter of the customers list."""
        return CustomerFilter(
            operator_ids=self.ids("operator_id"),
            package_ids=self.ids("package_id"),
            statuses=self.words("status", ("active", "suspended", "closed")),
            code=self.one("code"),
            q=self.search(),
        )


def checked_period(name: str, value: str) -> str:
    """A month as YYYY-MM, or 422."""
    year, dash, month = value.partition("-")
    digits = year.isascii() and month.isascii() and year.isdigit() and month.isdigit()
    if not (digits and dash and len(year) == 4 and len(month) == 2 and 1 <= int(month) <= 12):
        raise wrong(name, "A month as YYYY-MM.")
    return value


BILL_SORTS = tuple(SORTS)
