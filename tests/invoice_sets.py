"""Invoices as the set that a run says them in."""

from __future__ import annotations

import json
from typing import Any

from shared.contracts.invoicing import InvoiceIssued, InvoicesIssued, IssuingOperator, PackageTerms
from shared.contracts.sets import InvoiceSet

_SHARED = ("run_id", "period", "issued_on", "due_on", "currency", "issued_at", "version")


def set_of(*issued: InvoiceIssued) -> InvoicesIssued:
    """The message that says all of these, which have what a set shares from the first."""
    said = [json.loads(each.model_dump_json()) for each in issued]
    return InvoicesIssued.model_validate_json(
        json.dumps(
            {name: said[0][name] for name in _SHARED}
            | {"operators": _once(said, IssuingOperator), "packages": _once(said, PackageTerms)}
            | {"invoices": [_row(each) for each in said]}
        )
    )


def read(said: InvoicesIssued) -> InvoiceSet:
    """The set as its readers have it."""
    return InvoiceSet.read(said.model_dump_json().encode())


def _once(said: list[dict[str, Any]], shape: type[IssuingOperator] | type[PackageTerms]) -> list[Any]:
    found = {json.dumps(part): part for part in ({n: each[n] for n in shape.model_fields} for each in said)}
    return list(found.values())


def _row(said: dict[str, Any]) -> dict[str, Any]:
    whose = {"code": "customer_code", "name": "customer_name", "mobile": "customer_mobile"}
    ids = ("invoice_id", "number", "customer_id", "operator_id", "package_id")
    return {name: said[name] for name in ids} | {name: said[field] for name, field in whose.items()}
