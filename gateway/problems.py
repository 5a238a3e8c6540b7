"""How a refusal is told: the one place where a service's code becomes a status of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STATUS = {
    "not-found": 404,
    "forbidden": 403,
    "internal": 500,
    "no-mobile": 422,
    "period-in-the-future": 422,
    "before-billing-from": 422,
    "code-taken": 422,
    "other-code": 422,
    "card-number": 422,
    "unknown-time-zone": 422,
    "amount-too-large": 422,
    "currency-mismatch": 422,
    "more-than-credit": 422,
    "more-than-left": 422,
    "name-taken": 422,
    "paper-is-a-roll": 422,
    "too-long": 422,
    "logo-refused": 422,
    "render-failed": 503,
    "too-slow": 503,
    "store-unavailable": 503,
    "text-refused": 422,
    "text-unsendable": 422,
    "wrong-settings": 422,
    "secret-missing": 422,
    "address-refused": 422,
    "address-in-the-open": 422,
    "sandbox-in-development-only": 422,
    "credentials-refused": 422,
    "credentials-missing": 422,
    "wrong-address": 422,
    "invalid": 422,
}
RETRY_AFTER_SECONDS = 5
_OURS = ("code", "detail", "field")


class Problem(Exception):
    """A wish that cannot be granted: `code` is stable, `detail` is for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: tuple[tuple[str, str], ...] = (),
        extra: dict[str, Any] | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.extra = extra or {}
        self.retry_after_seconds = retry_after_seconds


def not_found(what: str = "There is no such thing here.") -> Problem:
    """Unknown and out of reach look the same."""
    return Problem(404, "not-found", what)


def wrong(field_name: str, detail: str, code: str = "invalid") -> Problem:
    """One field of the request is wrong."""
    return Problem(422, code, detail, errors=((field_name, detail),))


def code_taken() -> Problem:
    """Return the 422 of a code that somebody else has, in the words of the service that would refuse it."""
    return wrong("code", "This code is in use already.", "code-taken")


def of_refusal(problem: Mapping[str, Any]) -> Problem:
    """The problem that a refused operation carries; what nobody listed is a conflict."""
    code = str(problem["code"])
    status = problem.get("status") or _STATUS.get(code) or 409
    field = problem.get("field")
    return Problem(
        int(status),
        "not-found" if status == 404 else code,
        str(problem["detail"]),
        errors=((str(field), str(problem["detail"])),) if field else (),
        extra={name: value for name, value in problem.items() if name not in (*_OURS, "status")},
        retry_after_seconds=RETRY_AFTER_SECONDS if status == 503 else None,
    )


def to_refusal(problem: Problem) -> dict[str, Any]:
    """The other way round, to be kept with an operation."""
    field = problem.errors[0][0] if problem.errors else None
    return {
        **problem.extra,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "field": field,
    }


def document(problem: Problem, instance: str | None = None) -> dict[str, Any]:
    """The problem document (RFC 9457); `type` ends in the code."""
    body: dict[str, Any] = {
        **problem.extra,
        "type": f"https://ispbills.invalid/problems/{problem.code}",
        "title": problem.code.replace("-", " ").capitalize(),
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = [{"field": name, "detail": detail} for name, detail in problem.errors]
    if instance:
        body["instance"] = instance
    return body
