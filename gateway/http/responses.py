"""What every answer looks like: JSON, problem documents, and 202 with the operation's address."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from gateway import problems
from gateway.operations.submit import Outcome
from gateway.problems import Problem
from gateway.schemas.fields import Body
from shared import db

log = structlog.get_logger()

OPERATIONS = "/api/v1/operations"
_encode = msgspec.json.Encoder().encode

_SLUGS = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "unsupported-media-type"}


def json(body: Body | None, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """A JSON answer that no cache keeps."""
    return Response(
        _encode(body) if body is not None else b"",
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def outcome(found: Outcome) -> Response[bytes]:
    """The resource, the address of the operation, or the refusal."""
    if found.problem is not None:
        return problem(found.problem)
    location = f"{OPERATIONS}/{found.operation_id}"
    if found.status == 202:
        pending = {"id": str(found.operation_id), "state": "pending", "resource": None, "problem": None}
        return json(pending, 202, {"Location": location})
    return json(found.body, found.status)


def problem(found: Problem) -> Response[bytes]:
    """A problem document (RFC 9457)."""
    headers = {"Cache-Control": "no-store"}
    if found.retry_after_seconds is not None:
        headers["Retry-After"] = str(found.retry_after_seconds)
    return Response(
        _encode(problems.document(found)),
        status_code=found.status,
        media_type="application/problem+json",
        headers=headers,
    )


def _refused(_: Request[Any, Any, Any], error: Problem) -> Response[bytes]:
    return problem(error)


def http_problem(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What the framework refused, as a problem document."""
    code = _SLUGS.get(error.status_code, "invalid" if error.status_code < 500 else "internal")
    answer = problem(Problem(error.status_code, code, error.detail or code))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _away(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.warning("the database is away", error=repr(error))
    return problem(Problem(503, "unavailable", "Try again in a moment.", retry_after_seconds=1))


def _internal(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("request failed", path=request.url.path, exc_info=error)
    return problem(Problem(500, "internal", "Something went wrong on our side; it has been logged."))


def exception_handlers() -> ExceptionHandlersMap:
    """Every error as a problem document."""
    away: ExceptionHandlersMap = dict.fromkeys(db.TRANSIENT, _away)
    return {**away, Problem: _refused, HTTPException: http_problem, Exception: _internal}
