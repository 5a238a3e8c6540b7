"""/schema: the OpenAPI document, with the bodies that routes read by themselves."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request, Response, get
from pydantic import BaseModel

from gateway.api.resources import ANSWERS, DAY, ID, PERIOD, RESOURCES, STATUS, TEXT, Schema, one_of, ref
from gateway.http import responses
from gateway.http.requests import BILL_SORTS
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.schemas import billing_settings as settings_schemas
from gateway.schemas import bills as bill_schemas
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import customers as customer_schemas
from gateway.schemas import fields
from gateway.schemas import held_payments as held_payment_schemas
from gateway.schemas import operators as operator_schemas
from gateway.schemas import packages as package_schemas
from gateway.schemas import partners as partner_schemas
from gateway.schemas import payment_links as payment_link_schemas
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.schemas import sessions as session_schemas
from gateway.schemas import tokens as token_schemas
from gateway.schemas import users as user_schemas

_REF = "#/components/schemas/{model}"
PREFIX = "/api/v1"

BODIES: dict[tuple[str, str], type[BaseModel]] = {
    ("post", "/session"): session_schemas.SignIn,
    ("put", "/me/password"): session_schemas.ChangePassword,
    ("post", "/bills/{bill_id}/payments"): payment_schemas.Payment,
    ("post", "/bills/{bill_id}/void"): bill_schemas.Void,
    ("post", "/bills/{bill_id}/payment-link"): payment_link_schemas.PaymentLink,
    ("post", "/payments/{payment_id}/reversal"): fields.Reason,
    ("post", "/held-payments/{held_id}/place"): held_payment_schemas.Place,
    ("post", "/held-payments/{held_id}/reject"): fields.Reason,
    ("post", "/operators"): operator_schemas.Operator,
    ("patch", "/operators/{operator_id}"): operator_schemas.OperatorChange,
    ("post", "/packages"): package_schemas.Package,
    ("patch", "/packages/{package_id}"): package_schemas.PackageChange,
    ("post", "/customers"): customer_schemas.Customer,
    ("patch", "/customers/{customer_id}"): customer_schemas.CustomerChange,
    ("post", "/customers/{customer_id}/refunds"): refund_schemas.Refund,
    ("post", "/customers/{customer_id}/bills"): customer_schemas.BillCustomer,
    ("post", "/partners"): partner_schemas.Partner,
    ("put", "/settings/billing"): settings_schemas.BillingSettings,
    ("post", "/billing-runs"): billing_run_schemas.Run,
    ("post", "/users"): user_schemas.User,
    ("patch", "/users/{user_id}"): user_schemas.UserChange,
    ("post", "/tokens"): token_schemas.Token,
    ("post", "/bulk-actions"): bulk_action_schemas.BulkAction,
    ("post", "/bulk-actions/{action_id}/undo"): fields.Reason,
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
    if issubclass(body, fields.Change):
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
