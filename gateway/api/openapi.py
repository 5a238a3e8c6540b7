"""/schema: the OpenAPI document, made of what the routes say."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, get_args, get_type_hints

from litestar import Litestar, Request, Response, get
from litestar.handlers import HTTPRouteHandler
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from typing_extensions import get_original_bases, is_typeddict

from gateway.api.declarations import Declaration, Types, declared, types_of
from gateway.http import responses
from gateway.http.limits import STRANGERS
from gateway.http.requests import Here
from gateway.problems import not_found
from gateway.schemas import answers

Schema: TypeAlias = dict[str, Any]

PREFIX = "/api/v1"
_MODE: JsonSchemaMode = "validation"
_REF = "#/components/schemas/{model}"
_ID: Schema = {"type": "string", "format": "uuid"}
_BYTES = "application/octet-stream"
_ZIP = "application/zip"
# An installation without a place for files makes none of these.
_MADE = ("application/pdf", _ZIP)
_JSON = "application/json"
_TEXT: Schema = {"type": "string"}
_BINARY: Schema = {"type": "string", "format": "binary"}
_LISTED = re.compile(r"Listed(?:\[|_)(\w+?)(?:\]|_)(?=\W)")
_PARAMETER = re.compile(r"\{(\w+)\}")
_ID_FIELD = re.compile(r'_ids?": \{')
_WORDS = {"period": "The month, as YYYY-MM.", "provider": "The provider's name."}
_LOCATION: Schema = {"Location": {"description": "Where the operation is.", "schema": _TEXT}}
_SECURITY: Schema = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of the API."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "ispbills_session",
        "description": "A session; unsafe methods send its `X-CSRF-Token` too.",
    },
}


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the API with what it says."""

    path: str
    method: str
    handler: HTTPRouteHandler
    says: Declaration
    types: Types

    @property
    def parameters(self) -> list[str]:
        """Return the names of the parameters in the path."""
        return _PARAMETER.findall(self.path)


def routes_of(app: Litestar) -> Iterator[Route]:
    """Yield every route of the API, once for each of its methods."""
    for route in app.routes:
        # Litestar keeps the handlers of a path in no order.
        handlers: list[HTTPRouteHandler] = getattr(route, "route_handlers", [])
        for handler in sorted(handlers, key=lambda each: sorted(each.http_methods)):
            for method in sorted(handler.http_methods - {"OPTIONS"}):
                if route.path_format.startswith(PREFIX):
                    yield Route(
                        route.path_format, method.lower(), handler, declared(handler), types_of(handler)
                    )


def document(app: Litestar) -> Schema:
    """Return the OpenAPI document of the API."""
    routes = list(routes_of(app))
    schemas = _Schemas(routes)
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ispbills",
            "version": "1",
            "description": "Bills, payments and customers of an internet provider and its resellers.",
        },
        "servers": [{"url": "/", "description": "This installation."}],
        "tags": list(_tags(routes)),
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {"schemas": schemas.components, "securitySchemes": _SECURITY},
    }


class _Schemas:
    """The schemas of all that routes take and answer, by their names."""

    def __init__(self, routes: list[Route]) -> None:
        kinds = {str(kind): kind for route in routes for kind in _kinds(route.types)}
        inputs = [(name, _MODE, TypeAdapter(kind)) for name, kind in kinds.items()]
        made, defs = TypeAdapter.json_schemas(inputs, ref_template=_REF, schema_generator=_Described)
        # A list of payments is called PaymentShownList, not Listed_PaymentShown_.
        found = json.loads(_LISTED.sub(r"\1List", json.dumps([list(made.values()), defs["$defs"]])))
        self._refs: dict[str, Schema] = dict(zip(kinds, found[0], strict=True))
        self.components: dict[str, Schema] = found[1]
        for component in self.components.values():
            component.pop("title", None)
        told: set[Any] = set()
        for kind in kinds.values():
            self._inherit(kind, told)

    def _inherit(self, kind: Any, told: set[Any]) -> None:
        """Describe fields that a type, or one inside it, has of another as that one does."""
        for part in get_args(kind):
            self._inherit(part, told)
        if not is_typeddict(kind) or kind in told:
            return
        told.add(kind)
        for part in get_type_hints(kind).values():
            self._inherit(part, told)
        fields = self.components.get(kind.__name__, {}).get("properties", {})
        for above in filter(is_typeddict, get_original_bases(kind)):
            inherited = TypeAdapter(above).json_schema(schema_generator=_Described).get("properties", {})
            for name in inherited.keys() & fields.keys():
                if "description" in inherited[name]:
                    fields[name].setdefault("description", inherited[name]["description"])

    def of(self, kind: Any) -> Schema:
        """Return the schema of a type: a reference where it has a name."""
        return self._refs[str(kind)]


class _Described(GenerateJsonSchema):
    """Schemas without titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _kinds(types: Types) -> Iterator[Any]:
    for kind in (types.body, types.answer, answers.Problem, answers.Operation):
        if kind is not None:
            yield kind


def _tags(routes: list[Route]) -> Iterator[Schema]:
    for module in sorted({route.handler.fn.__module__ for route in routes}):
        said = inspect.getdoc(sys.modules[module]) or ""
        yield {"name": _noun(module), "description": said.partition(": ")[2] or said}


def _noun(module: str) -> str:
    return module.rpartition(".")[2]


def _operation(route: Route, schemas: _Schemas) -> Schema:
    operation: Schema = {
        "operationId": route.handler.fn.__name__,
        "tags": [_noun(route.handler.fn.__module__)],
        "summary": route.handler.summary,
        "description": _description(route),
        "parameters": list(_parameters(route)),
        "responses": _responses(route, schemas),
    }
    if (taken := _taken(route, schemas)) is not None:
        operation["requestBody"] = taken
    if route.handler.opt.get("strangers") == STRANGERS["strangers"]:
        operation["security"] = []
    return operation


def _description(route: Route) -> str:
    said = inspect.getdoc(route.handler.fn) or ""
    return f"{said}\n\nFor roles that may `{route.says.may}`." if route.says.may else said


def _parameters(route: Route) -> Iterator[Schema]:
    for name in route.parameters:
        noun = name.removesuffix("_id").replace("_", " ")
        what = f"The {noun}'s id." if name.endswith("_id") else _WORDS[name]
        schema = _ID if name.endswith("_id") else _TEXT
        yield {"name": name, "in": "path", "required": True, "description": what, "schema": schema}
    if route.types.query is not None:
        described = TypeAdapter(route.types.query).json_schema(schema_generator=_Described)
        for name, schema in described.get("properties", {}).items():
            what = schema.pop("description")
            yield {"name": name, "in": "query", "required": False, "description": what, "schema": schema}
    if route.types.is_write:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": route.says.keyed,
            "description": "Unique for the caller: the same key and body get the same answer.",
            "schema": {"type": "string", "maxLength": 200},
        }


def _taken(route: Route, schemas: _Schemas) -> Schema | None:
    if route.types.body:
        content = {"application/json": {"schema": schemas.of(route.types.body)}}
        return {"required": True, "content": content}
    if route.says.files:
        kinds = f"A file: {' or '.join(route.says.files)}, whatever it is declared as."
        return {"required": True, "description": kinds, "content": {_BYTES: {"schema": _BINARY}}}
    return None


def _responses(route: Route, schemas: _Schemas) -> Schema:
    status = str(route.handler.status_code)
    told: Schema = {"description": "As asked."}
    if status != "204":
        told["content"] = {media: {"schema": _shown(route, media, schemas)} for media in _media(route)}
    found: Schema = {status: told}
    if route.types.may_take_longer and status == "201":
        found["200"] = told | {"description": "Was there before."}
    if route.says.files:
        content = {_JSON: {"schema": schemas.of(route.types.answer)}}
        found["200"] = {"description": "With `dry_run`: what would come of it.", "content": content}
    if _ZIP in route.says.media:
        found["206"] = told | {"description": "The part that `Range` names."}
    if route.types.may_take_longer or "application/pdf" in route.says.media:
        content = {"application/json": {"schema": schemas.of(answers.Operation)}}
        found["202"] = {"description": "On its way.", "headers": _LOCATION, "content": content}
    problem = {"application/problem+json": {"schema": schemas.of(answers.Problem)}}
    for code, description in _problems(route):
        found[code] = {"description": description, "content": problem}
    return found


def _media(route: Route) -> tuple[str, ...]:
    """Return the kinds of an answer; bytes stand beside a file, for clients that know no more of one."""
    is_file = not any(media.startswith("text/") or media == _JSON for media in route.says.media)
    return (*route.says.media, _BYTES) if is_file else route.says.media


def _shown(route: Route, media: str, schemas: _Schemas) -> Schema:
    if media == _JSON:
        return schemas.of(route.types.answer)
    return _TEXT if media.startswith("text/") else _BINARY


def _problems(route: Route) -> Iterator[tuple[str, str]]:
    """Yield what can go wrong with a route, by status."""
    takes_body = route.types.is_write or route.types.body is not None
    if route.says.may or route.method != "get":
        yield "403", "The role does not allow it, or the session's token is missing (`csrf`)."
    if route.parameters or _names_others(route.types):
        yield "404", "There is no such thing within reach."
    if route.types.is_write or route.says.media[0] in _MADE:
        yield "409", "The state of things does not allow it; the slug of `type` says why."
    if takes_body:
        yield "413", "The body is larger than the route takes."
    if route.says.files:
        yield "415", "The file is of no kind that is taken."
    if _ZIP in route.says.media:
        yield "416", "The file has no such part as `Range` names."
    if takes_body or route.types.query or "period" in route.parameters:
        yield "422", "The request is wrong; `errors` names each field."
    yield "401", "Nobody is signed in (`not-signed-in`)."
    yield "429", "Too many requests; `Retry-After` says how long to wait."
    yield "503", "Not now; `Retry-After` says how long to wait."
    yield "default", "What else can go wrong: see the slug of `type`."


def _names_others(types: Types) -> bool:
    """Whether a body or a query names something by its id, which may be out of reach."""
    kinds = [kind for kind in (types.body, types.query) if kind is not None]
    return any(_ID_FIELD.search(json.dumps(TypeAdapter(kind).json_schema())) for kind in kinds)


@get(["/schema", "/schema/openapi.json"], include_in_schema=False)
async def show(request: Request[Any, Any, Any], gateway: Here) -> Response[bytes]:
    """Return the OpenAPI document as JSON; 404 where an installation keeps it to itself."""
    if not gateway.settings.publish_schema:
        raise not_found()
    return responses.json(_published(request.app))


@lru_cache(maxsize=1)
def _published(app: Litestar) -> Schema:
    """Make it once: half a second for which everybody else would wait, at each stranger's request."""
    return document(app)


ROUTES = [show]
