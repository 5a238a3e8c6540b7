"""A route says once what it takes and answers: requests are read by it, the OpenAPI document is made of it.

The body is the argument of `Asked` (of `Sent` where strangers send it), the query string that of `Wanted`,
the answer that of the return type; `says` adds who may, and whether a key is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import SkipValidation
from pydantic import BaseModel

from gateway.access import Principal
from gateway.context import Gateway
from gateway.http import uploads
from gateway.http.requests import Here, Who, key_of, query_of, raw_body, refuse_other_sites, required
from gateway.http.responses import Answer, Written
from gateway.operations.submit import Key
from gateway.problems import Problem
from gateway.schemas import fields

B = TypeVar("B", bound=BaseModel)

_KEY = "says"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The declaration of a route beside its types."""

    may: str | None = None
    keyed: bool = False
    files: tuple[str, ...] = ()
    media: tuple[str, ...] = ("application/json",)


def says(
    *,
    may: str | None = None,
    keyed: bool = False,
    files: tuple[str, ...] = (),
    media: tuple[str, ...] = ("application/json",),
) -> dict[str, Any]:
    """Return the `opt` of a route: who may, whether a key is needed, kinds of files that come and go."""
    return {_KEY: Declaration(may, keyed, files, media)}


def declared(handler: BaseRouteHandler) -> Declaration:
    """Return what a route says."""
    found: Declaration = handler.opt.get(_KEY, Declaration())
    return found


@dataclass(frozen=True, slots=True)
class Types:
    """The types that a route takes and answers, as its signature says them."""

    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: Any
    is_write: bool
    may_take_longer: bool


@cache
def types_of(handler: BaseRouteHandler) -> Types:
    """Return what a route takes and answers."""
    hints = get_type_hints(handler.fn, include_extras=True)
    returned = _either(hints["return"])[0]
    asked = get_args(hints["asked"])[0] if "asked" in hints else None
    body = get_args(hints["sent"])[0] if "sent" in hints else get_args(asked)[0] if asked else None
    return Types(
        body=None if body is Nothing else body,
        query=get_args(hints["wanted"])[0] if "wanted" in hints else None,
        answer=get_args(returned)[0] if get_origin(returned) in (Answer, Written) else None,
        is_write=asked is not None,
        may_take_longer=get_origin(returned) is Written,
    )


def _either(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) is Union else (hint,)


def permit(handler: BaseRouteHandler, principal: Principal) -> None:
    """Raise 403 unless the role may use the route: it is asked first, before anything is looked up."""
    if (may := declared(handler).may) is not None:
        principal.must(may)


class Nothing(BaseModel):
    """The body of a write that takes none."""


@dataclass(frozen=True, slots=True)
class Wish(Generic[B]):
    """A write as its request asks for it."""

    gateway: Gateway
    principal: Principal
    raw: bytes
    key: Key | None
    _kind: type[B] | None
    _keyed: bool

    def must_have_key(self) -> None:
        """Raise 422 when the route needs a key and the request has none."""
        if self._keyed:
            required(self.key)

    def read(self) -> B:
        """Return the body, or raise 422; asked for once the subject was found."""
        assert self._kind is not None, "the route takes a body"
        self.must_have_key()
        return fields.read(self._kind, self.raw)


Asked: TypeAlias = NamedDependency[SkipValidation[Wish[B]]]
Sent: TypeAlias = NamedDependency[SkipValidation[B]]
Wanted: TypeAlias = NamedDependency[SkipValidation[B]]


async def _asked(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Wish[Any]:
    handler = request.route_handler
    try:
        raw = await raw_body(request)
    except Problem as problem:
        if not declared(handler).files:
            raise
        # Of a file too large for the road is said what is said of one too large to be read.
        raise uploads.too_large() from problem
    kind, keyed = types_of(handler).body, declared(handler).keyed
    return Wish(gateway, principal, raw, key_of(request, raw), kind, keyed)


async def _sent(request: Request[Any, Any, Any]) -> BaseModel:
    refuse_other_sites(request)
    kind = types_of(request.route_handler).body
    assert kind is not None, "the route takes a body"
    return fields.read(kind, await raw_body(request))


# Whoever is asking comes first: a stranger learns nothing of what is wrong with their query.
async def _wanted(request: Request[Any, Any, Any], principal: Who) -> BaseModel:
    kind = types_of(request.route_handler).query
    assert kind is not None, "the route takes a query"
    return query_of(kind, request)


DEPENDENCIES = {"asked": Provide(_asked), "sent": Provide(_sent), "wanted": Provide(_wanted)}
