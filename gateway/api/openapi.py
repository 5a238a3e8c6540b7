"""/schema: the OpenAPI document, with the bodies that routes read by themselves."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request, Response, get
from pydantic import BaseModel

from gateway.api.resources import ANSWERS, DAY, ID, PERIOD, RESOURCES, STATUS, TEXT, Schema, one_of, ref
from gateway.http import responses
from gateway.http.requests import BILL_SORTS
from gateway.schemas import bodies

_REF = "#/components/schemas/{model}"
PREFIX = "/api/v1"

BODIES: dict[tuple[str, str], type[BaseModel]] = {
    ("post", "/session"): bodies.SignIn,
    ("put", "/me/password"): bodies.ChangePassword,
    ("post", "/bills/{bill_id}/payments"): bodies.Payment,
    ("post", "/bills/{bill_id}/void"): bodies.Void,
    ("post", "/bills/{bill_id}/payment-link"): bodies.PaymentLink,
    ("post", "/payments/{payment_id}/reversal"): bodies.Reason,
    ("post", "/held-payments/{held_id}/place"): bodies.Place,
    ("post", "/held-payments/{held_id}/reject"): bodies.Reason,
    ("post", "/operators"): bodies.Operator,
    ("patch", "/operators/{operator_id}"): bodies.OperatorChange,
    ("post", "/packages"): bodies.Package,
    ("patch", "/packages/{package_id}"): bodies.PackageChange,
    ("post", "/customers"): bodies.Customer,
    ("patch", "/customers/{customer_id}"): bodies.CustomerChange,
    ("post", "/customers/{customer_id}/refunds"): bodies.Refund,
    ("post", "/customers/{customer_id}/bills"): bodies.BillCustomer,
    ("post", "/partners"): bodies.Partner,
    ("put", "/settings/billing"): bodies.BillingSettings,
    ("post", "/billing-runs"): bodies.Run,
    ("post", "/users"): bodies.User,
    ("patch", "/users/{user_id}"): bodies.UserChange,
    ("post", "/tokens"): bodies.Token,
    ("post", "/bulk-actions"): bodies.BulkAction,
    ("post", "/bulk-actions/{action_id}/undo"): bodies.Reason,
}
KEYED = {
    "/bills/{bill_id}/payments",
    "/bills/{bill_id}/void",
    "/bills/{bill_id}/payment-link",
    "/payments/{payment_id}/reversal",
    "/billing-runs",
    "/customers/import",
    "/bulk-actions",
    "/bulk-actions/{action_id}/undo",
}
AT_ONCE = {  # answered without a command, so never with 202
    "/session",
    "/users",
    "/users/{user_id}",
    "/tokens",
    "/bulk-actions/{action_id}/retry",
    "/bulk-actions/{action_id}/cancel",
}
_IDS: Schema = {"type": "array", "items": ID}
_WORDS: Schema = {"type": "string", "minLength": 3, "maxLength": 100}
QUERY: dict[str, dict[str, Schema]] = {
    "/bills": {
        "operator_id": _IDS,
        "package_id": _IDS,
        "status": {"type": "array", "items": STATUS},
        "period": PERIOD,
        "from": DAY,
        "to": DAY,
        "overdue": one_of("true", "false"),
        "q": _WORDS,
        "sort": one_of(*BILL_SORTS),
    },
    "/customers": {
        "operator_id": _IDS,
        "package_id": _IDS,
        "status": {"type": "array", "items": one_of("active", "suspended", "closed")},
        "code": TEXT,
        "q": _WORDS,
    },
    "/billing-runs": {"period": PERIOD},
    "/billing-runs/{run_id}/customers": {"outcome": one_of("created", "already_billed", "skipped", "failed")},
    "/held-payments": {"state": one_of("held", "placed", "rejected")},
    "/bulk-actions/{action_id}/items": {"state": one_of("pending", "succeeded", "failed", "skipped")},
}
PAGE: dict[str, Schema] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "cursor": TEXT,
}
LOCATION: Schema = {"Location": {"description": "where the operation is", "schema": TEXT}}


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document of the API."""
    found: dict[str, Any] = app.openapi_schema.to_schema()
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(RESOURCES)
    found["paths"] = {path: item for path, item in found["paths"].items() if path.startswith(PREFIX)}
    for path, item in found["paths"].items():
        for method, operation in item.items():
            _complete(path.removeprefix(PREFIX), method, operation, schemas)
    found["components"]["securitySchemes"] = _SECURITY
    found["security"] = [{"token": []}, {"session": []}]
    return found


def _complete(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    if body := BODIES.get((method, path)):
        schema = _schema_of(body)
        schemas.update(schema.pop("$defs", {}))
        schemas[body.__name__] = schema
        content = {"application/json": {"schema": {"$ref": _REF.format(model=body.__name__)}}}
        operation["requestBody"] = {"required": True, "content": content}
    if path == "/customers/import" and method == "post":
        operation["requestBody"] = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
    parameters = operation.setdefault("parameters", [])
    if method == "post" and path in KEYED:
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
    answer = ANSWERS.get((method, path))
    if method == "get":
        page = PAGE if answer and ("items" in answer.get("properties", {}) or path == "/bills") else {}
        parameters.extend(_parameter(*each) for each in {**QUERY.get(path, {}), **page}.items())
    operation["responses"] = _responses(method, path, operation["responses"], answer)
    if (method, path) == ("post", "/session"):
        operation["security"] = []


def _schema_of(body: type[BaseModel]) -> Schema:
    schema = body.model_json_schema(ref_template=_REF)
    if issubclass(body, bodies.Change):
        for name, field in schema["properties"].items():
            if name not in body.CLEARABLE:
                field.update(field.pop("anyOf")[0])
                field.pop("default")
    return schema


def _responses(method: str, path: str, declared: dict[str, Any], answer: Schema | None) -> dict[str, Any]:
    """The answer with its shape, 202 where an operation may take longer, and problems."""
    status = min(declared)
    found: dict[str, Any] = {status: {"description": declared[status]["description"]}}
    if path.endswith("/events"):
        found[status]["content"] = {"text/event-stream": {"schema": TEXT}}
    elif path.endswith(".pdf"):
        found[status]["content"] = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
    elif status != "204":
        found[status]["content"] = {"application/json": {"schema": answer or {}}}
    if (method, path) == ("get", "/bills"):
        found[status]["content"]["text/csv"] = {"schema": TEXT}
    if method != "get" and path not in AT_ONCE and status in ("200", "201"):
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
async def show(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI document as JSON."""
    return responses.json(document(request.app))


ROUTES = [show]
