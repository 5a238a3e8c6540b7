"""/schema: the OpenAPI document, with the bodies that routes read by themselves."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request, Response, get
from pydantic import BaseModel

from gateway import bodies
from gateway.api import responses

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
}
KEYED = {
    "/bills/{bill_id}/payments",
    "/bills/{bill_id}/void",
    "/bills/{bill_id}/payment-link",
    "/payments/{payment_id}/reversal",
    "/billing-runs",
    "/customers/import",
    "/bulk-actions",
}
REPEATED = ("operator_id", "package_id", "status")
FILTER = (
    "operator_id",
    "package_id",
    "status",
    "period",
    "from",
    "to",
    "overdue",
    "q",
    "sort",
    "limit",
    "cursor",
)


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document of the API."""
    found: dict[str, Any] = app.openapi_schema.to_schema()
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    found["paths"] = {path: item for path, item in found["paths"].items() if path.startswith(PREFIX)}
    for path, item in found["paths"].items():
        for method, operation in item.items():
            _complete(path.removeprefix(PREFIX), method, operation, schemas)
    found["components"]["securitySchemes"] = _SECURITY
    found["security"] = [{"token": []}, {"session": []}]
    return found


def _complete(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    if body := BODIES.get((method, path)):
        schema = body.model_json_schema(ref_template=_REF)
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
    if (method, path) == ("get", "/bills"):
        parameters.extend(_parameter(name) for name in FILTER)
    operation["responses"]["default"] = {
        "description": "What went wrong",
        "content": {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}},
    }


def _parameter(name: str) -> dict[str, Any]:
    plain: dict[str, Any] = {"type": "string"}
    if name == "limit":
        plain = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
    schema = {"type": "array", "items": plain} if name in REPEATED else plain
    return {"name": name, "in": "query", "required": False, "schema": schema}


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "ends in a stable slug"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_SECURITY: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "ispbills_session"},
}


@get(["/schema", "/schema/openapi.json"], include_in_schema=False)
async def show(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI document as JSON."""
    return responses.json(document(request.app))


ROUTES = [show]
