"""Refusals as pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from gateway.pages.web import render
from gateway.pages.web.render import signed_out_desk
from gateway.pages.web.translations import gettext as _
from gateway.problems import Problem
from shared.db import TRANSIENT
from shared.ids import new_id

HTTP_REQUEST = Request[Any, Any, Any]
log = structlog.get_logger()


def nothing_there(path: str) -> str:
    """Return what is not there, by the kind of address; unknown and out of reach look the same."""
    kinds = {
        "bills": _("There is no such bill here. It may belong to an operator outside yours."),
        "customers": _("There is no such customer here. They may belong to an operator outside yours."),
        "payments": _("There is no such payment here. It may belong to an operator outside yours."),
        "bulk-actions": _("There is no such bulk action here. It may belong to an operator outside yours."),
        "runs": _("There is no such billing run here. It may belong to an operator outside yours."),
        "operators": _("There is no such operator here, or it is outside yours."),
        "packages": _("There is no such package here."),
        "users": _("There is no such user here, or they belong to an operator outside yours."),
        "held-payments": _("There is no such held payment here."),
        "imports": _("There is no such import here."),
        "operations": _("There is no such operation here."),
    }
    kind, _slash, rest = path.strip("/").partition("/")
    return kinds[kind] if rest and kind in kinds else _("There is no page at this address.")


def on_problem(request: HTTP_REQUEST, problem: Problem) -> Response[Any]:
    """A refusal as a page; a part gets the bare status, and the browser says what happened."""
    if problem.status == 401 and not render.is_swap(request):
        target = urlsplit(str(request.url))
        back = target.path + (f"?{target.query}" if target.query else "")
        after = f"?next={quote(back)}" if request.method == "GET" and back != "/" else ""
        return render.see_other(f"/sign-in{after}")
    reference = str(new_id())
    headers = {"X-Problem": problem.code, "X-Request-Id": reference}
    if problem.retry_after_seconds is not None:
        headers["Retry-After"] = str(problem.retry_after_seconds)
    if problem.status >= 500:
        log.warning("a page failed", reference=reference, code=problem.code, path=request.scope["path"])
    return render.page(
        signed_out_desk(request),
        "error.html",
        problem.status,
        headers,
        http_status=problem.status,
        code=problem.code,
        detail=problem.detail,
        said=nothing_there(request.scope["path"]) if problem.status == 404 else "",
        reference=reference,
    )


def on_http_exception(request: HTTP_REQUEST, error: HTTPException) -> Response[Any]:
    code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "invalid")
    return on_problem(request, Problem(error.status_code, code, error.detail))


def on_away(request: HTTP_REQUEST, error: Exception) -> Response[Any]:
    """The database is away: nothing is wrong with what was asked."""
    log.warning("the database is away", error=repr(error))
    detail = "The desk cannot reach its database. Try again in a moment."
    return on_problem(request, Problem(503, "unavailable", detail, retry_after_seconds=1))


def on_error(request: HTTP_REQUEST, error: Exception) -> Response[Any]:
    log.error("a page failed", path=request.scope["path"], exc_info=error)
    return on_problem(request, Problem(500, "internal", ""))


EXCEPTION_HANDLERS: Any = {
    **dict.fromkeys(TRANSIENT, on_away),
    Problem: on_problem,
    HTTPException: on_http_exception,
    Exception: on_error,
}
