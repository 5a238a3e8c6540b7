"""What notifications answers over HTTP: reports of providers, and the sandbox's inbox in development."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from litestar import Litestar, MediaType, Request, Response, get, route
from litestar.exceptions import HTTPException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from services.notifications import reports, store
from services.notifications.reports import NoSuchMessage, NotSigned
from services.notifications.vault import Vault
from shared import outgoing
from shared.db import TRANSIENT, Pool

LARGEST_BODY_BYTES = 65_536
_SHOWN = 200
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>SMS sandbox</title><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:1rem auto;padding:0 1rem;color:#1d2433}}
li{{list-style:none;border:1px solid #d5dae3;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}}
ul{{padding:0}} p{{margin:.25rem 0;overflow-wrap:anywhere;white-space:pre-wrap}} small{{color:#5a6478}}
</style></head><body><h1>SMS sandbox</h1>
<p>Nothing leaves this machine; what would have been sent lies here, the newest first.</p>
<ul>{items}</ul></body></html>"""


def create_app(vault: Vault, public_url: str, pool: Callable[[], Pool]) -> Litestar:
    """Return the application: reports, and the sandbox's inbox."""
    return Litestar(
        route_handlers=[*_report_routes(vault, public_url, pool), *_inbox_routes(pool)],
        exception_handlers={
            NotSigned: _refuse(401),
            NoSuchMessage: _refuse(404),
            HTTPException: _refused,
            **dict.fromkeys(TRANSIENT, _refuse(503)),
        },
        request_max_body_size=LARGEST_BODY_BYTES,
        openapi_config=None,
        logging_config=None,
    )


def _report_routes(vault: Vault, public_url: str, pool: Callable[[], Pool]) -> list[HTTPRouteHandler]:
    """Return the routes for providers; each report proves who it is from."""

    @route("/reports/twilio/{message_id:uuid}", http_method=["POST"], status_code=204)
    async def twilio_report(message_id: FromPath[UUID], request: Request[Any, Any, Any]) -> None:
        """Hear a status callback of Twilio."""
        signature = request.headers.get("x-twilio-signature", "")
        fields = await _form(request)
        await reports.hear_twilio(pool(), vault, public_url, message_id, fields, signature)

    @route("/reports/http/{message_id:uuid}/{token:str}", http_method=["GET", "POST"], status_code=204)
    async def generic_report(
        message_id: FromPath[UUID], token: FromPath[str], request: Request[Any, Any, Any]
    ) -> None:
        """Hear a report at the address that went out with its message, however the provider words it."""
        fields = {**request.query_params, **(await _fields(request))}
        await reports.hear_generic(pool(), vault, message_id, token, fields)

    return [twilio_report, generic_report]


def _inbox_routes(pool: Callable[[], Pool]) -> list[HTTPRouteHandler]:
    @get("/sandbox/inbox", media_type=MediaType.HTML)
    async def inbox() -> str:
        """Show what the sandbox was given, the newest first."""
        return _PAGE.format(items="".join(map(_item, await _inbox(pool()))))

    @get("/sandbox/inbox.json")
    async def inbox_json() -> list[dict[str, Any]]:
        """List what the sandbox was given, for programs."""
        return await _inbox(pool())

    return [inbox, inbox_json]


async def _inbox(pool: Pool) -> list[dict[str, Any]]:
    if not outgoing.is_development():
        raise NotFoundException
    return [
        {
            "message_id": str(row["message_id"]),
            "mobile": row["mobile"],
            "text": row["text"],
            "segments": row["segments"],
            "sent_at": row["sent_at"].isoformat(),
        }
        for row in await store.inbox(pool, _SHOWN)
    ]


def _item(message: Mapping[str, Any]) -> str:
    text = " ".join(
        f'<a href="{html.escape(word)}">{html.escape(word)}</a>'
        if word.startswith(("http://", "https://"))
        else html.escape(word)
        for word in message["text"].split(" ")
    )
    head = f"{message['mobile']} · {message['sent_at'][:19]} UTC · {message['segments']} SMS"
    return f"<li><small>{html.escape(head)}</small><p>{text}</p></li>"


async def _fields(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return the fields of a body, whether form or JSON; anything else has none."""
    if "json" in request.headers.get("content-type", ""):
        try:
            said = json.loads(await request.body())
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}
    return await _form(request)


async def _form(request: Request[Any, Any, Any]) -> dict[str, str]:
    if "urlencoded" not in request.headers.get("content-type", ""):
        return {}
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _refuse(status: int) -> Callable[[Request[Any, Any, Any], Exception], Response[Any]]:
    return lambda _request, _error: _problem(status)


def _refused(_request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    return _problem(error.status_code)


def _problem(status: int) -> Response[Any]:
    """Say no more than the status: whoever asks is a program, and often a stranger."""
    slug = {401: "not-signed", 404: "not-found", 503: "unavailable"}.get(status, "refused")
    body = {"type": f"https://ispbills.invalid/problems/{slug}", "status": status, "title": slug}
    headers = {"Retry-After": "5"} if status == 503 else {}
    return Response(body, status_code=status, media_type="application/problem+json", headers=headers)
