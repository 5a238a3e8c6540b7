"""A form that carries a file."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType

from gateway.access import Principal
from gateway.http.requests import refuse_other_sites
from gateway.pages.web.submission import check_csrf
from gateway.problems import Problem


async def checked_multipart(request: Request[Any, Any, Any], principal: Principal) -> FormMultiDict:
    """Return the form; refused unless it carries the session's token and comes from our own pages."""
    refuse_other_sites(request)
    if request.content_type[0] != RequestEncodingType.MULTI_PART:
        raise Problem(415, "unsupported-media-type", "A form with a file is sent as multipart/form-data.")
    form = await request.form()
    check_csrf(request, principal, form)
    return form
