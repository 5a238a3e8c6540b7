"""What a route takes and answers, said where the route is; the OpenAPI document reads it from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Litestar
from pydantic import BaseModel

from gateway.api.resources import Schema

_KEY = "says"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One route: its answer, its body, whether it needs a key or may take longer than a request."""

    answer: Schema | None = None
    takes: type[BaseModel] | None = None
    keyed: bool = False
    at_once: bool = False
    query: Mapping[str, Schema] = field(default_factory=dict)


def says(
    answer: Schema | None,
    *,
    takes: type[BaseModel] | None = None,
    keyed: bool = False,
    at_once: bool = False,
    query: Mapping[str, Schema] | None = None,
) -> dict[str, Any]:
    """Return the `opt` of a route; `at_once` is for a write that no command carries out, so never 202."""
    return {_KEY: Declaration(answer, takes, keyed, at_once, query or {})}


def declared(app: Litestar) -> dict[tuple[str, str], Declaration]:
    """Return what every route says, by method and by path as OpenAPI writes it."""
    found: dict[tuple[str, str], Declaration] = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            path = route.path_format
            for method in handler.http_methods:
                found[method.lower(), path] = handler.opt.get(_KEY, Declaration())
    return found
