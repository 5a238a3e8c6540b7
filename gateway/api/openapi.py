"""/schema: the OpenAPI document, with the bodies that routes read by themselves."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request, Response, get
from pydantic import BaseModel

from gateway.api.declarations import Declaration, declared
from gateway.api.resources import ID, PERIOD, RESOURCES, TEXT, Schema, ref
from gateway.http import responses
from gateway.http.requests import Here
from gateway.problems import not_found
from gateway.schemas import fields

_REF = "#/components/schemas/{model}"
PREFIX = "/api/v1"

PAGE: dict[str, Schema] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "cursor": TEXT,
}
LOCATION: Schema = {"Location": {"description": "where the operation is", "schema": TEXT}}

# What routes answer that give a file.
FILES = {
    ".pdf": ("application/pdf",),
    "/download": ("application/zip", "application/pdf"),
    "/logo": ("image/png", "image/jpeg"),
}


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document of the API."""
    found: dict[str, Any] = app.openapi_schema.to_schema()
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(RESOURCES)
    found["paths"] = {path: item for path, item in found["paths"].items() if path.startswith(PREFIX)}
    said = declared(app)
    for path, item in found["paths"].items():
        for method, operation in item.items():
            route = said[method, path]
            _complete(path.removeprefix(PREFIX), method, operation, schemas, route)
    found["components"]["securitySchemes"] = _SECURITY
    found["security"] = [{"token": []}, {"session": []}]
    return found


def _complete(
    path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any], route: Declaration
) -> None:
    if body := route.takes:
        schema = _schema_of(body)
        schemas.update(schema.pop("$defs", {}))
        schemas[body.__name__] = schema
        content = {"application/json": {"schema": {"$ref": _REF.format(model=body.__name__)}}}
        operation["requestBody"] = {"required": True, "content": content}
    if path == "/customers/import" and method == "post":
        operation["requestBody"] = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
    parameters = operation.setdefault("parameters", [])
    if route.keyed:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": {"type": "string", "maxLength": 200},
            }
        )
    for parameter in parameters:
        if parameter["in"] == "path":
            parameter["schema"] = PERIOD if parameter["name"] == "period" else ID
    if method == "get":
        listed = route.answer and ("items" in route.answer.get("properties", {}) or path == "/bills")
        parameters.extend(_parameter(*each) for each in {**route.query, **(PAGE if listed else {})}.items())
    operation["responses"] = _responses(method, path, operation["responses"], route)
    if (method, path) == ("post", "/session"):
        operation["security"] = []


def _schema_of(body: type[BaseModel]) -> Schema:
    schema = body.model_json_schema(ref_template=_REF)
    if issubclass(body, fields.Change):
        for name, field in schema["properties"].items():
            if name not in body.CLEARABLE and "anyOf" in field:
                field.update(field.pop("anyOf")[0])
                field.pop("default")
    return schema


def _responses(method: str, path: str, made: dict[str, Any], route: Declaration) -> dict[str, Any]:
    """Return the answer with its shape, 202 where an operation may take longer, and problems."""
    status, answer = min(made), route.answer
    found: dict[str, Any] = {status: {"description": made[status]["description"]}}
    if path.endswith("/events"):
        found[status]["content"] = {"text/event-stream": {"schema": TEXT}}
    elif files := next((kinds for ending, kinds in FILES.items() if path.endswith(ending)), ()):
        binary = {"schema": {"type": "string", "format": "binary"}}
        found[status]["content"] = dict.fromkeys(files, binary)
    elif status != "204":
        found[status]["content"] = {"application/json": {"schema": answer or {}}}
    if path.endswith((".pdf", "/download")):
        found["202"] = _json("Being made", ref("Operation")) | {"headers": LOCATION}
    if (method, path) == ("get", "/bills"):
        found[status]["content"]["text/csv"] = {"schema": TEXT}
    if method != "get" and not route.at_once and status in ("200", "201"):
        found["202"] = _json("On its way", ref("Operation")) | {"headers": LOCATION}
        if method == "post" and status == "201":
            found["200"] = _json("Was there before", answer or {})
    if path == "/customers/import":
        found["202"] = _json("On its way", ref("Operation")) | {"headers": LOCATION}
    problem = {"application/problem+json": {"schema": ref("Problem")}}
    found["default"] = {"description": "What went wrong", "content": problem}
    return found


def _json(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _parameter(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


_SECURITY: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "ispbills_session"},
}


@get(["/schema", "/schema/openapi.json"], include_in_schema=False)
async def show(request: Request[Any, Any, Any], gateway: Here) -> Response[bytes]:
    """The OpenAPI document as JSON; 404 where an installation keeps it to itself."""
    if not gateway.settings.publish_schema:
        raise not_found()
    return responses.json(document(request.app))


ROUTES = [show]
