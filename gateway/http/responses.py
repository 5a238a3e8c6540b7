"""The shapes of answers: JSON, problem documents, and 202 with the operation's address."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from gateway import problems
from gateway.operations.submit import Outcome
from gateway.problems import Problem
from shared import db

T = TypeVar("T")

log = structlog.get_logger()

OPERATIONS = "/api/v1/operations"
_encode = msgspec.json.Encoder().encode

_SLUGS = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "unsupported-media-type"}


class Answer(Response[bytes], Generic[T]):
    """An answer whose body is a T in JSON; a route's return type says what it answers."""


class Written(Response[bytes], Generic[T]):
    """The answer to a write: a T, 202 with the operation when it takes longer, or the refusal."""


def json(body: T, status: int = 200, headers: dict[str, str] | None = None) -> Answer[T]:
    """Return a JSON answer that no cache keeps."""
    return Answer(_encode(body), **_sent(status, headers))


def outcome(found: Outcome) -> Written[Any]:
    """Return the resource, the address of the operation, or the refusal."""
    if found.problem is not None:
        return Written(**_told(found.problem))
    if found.status == 202:
        location = f"{OPERATIONS}/{found.operation_id}"
        pending = {"id": str(found.operation_id), "state": "pending", "resource": None, "problem": None}
        return Written(_encode(pending), **_sent(202, {"Location": location}))
    return Written(_encode(found.body), **_sent(found.status, None))


def _sent(status: int, headers: dict[str, str] | None) -> dict[str, Any]:
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return {"status_code": status, "media_type": "application/json", "headers": headers}


def problem(found: Problem) -> Response[bytes]:
    """Return a problem document (RFC 9457)."""
    return Response(**_told(found))


def _told(found: Problem) -> dict[str, Any]:
    headers = {"Cache-Control": "no-store"}
    if found.retry_after_seconds is not None:
        headers["Retry-After"] = str(found.retry_after_seconds)
    return {
        "content": _encode(problems.document(found)),
        "status_code": found.status,
        "media_type": "application/problem+json",
        "headers": headers,
    }


def _refused(_: Request[Any, Any, Any], error: Problem) -> Response[bytes]:
    return problem(error)


def http_problem(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Return what the framework refused as a problem document."""
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
