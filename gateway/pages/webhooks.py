"""Settings: webhooks, which tell an operator's own systems what happens, and what they were told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

from litestar import Response, get
from litestar.datastructures import Cookie

from gateway.commands import webhooks as webhook_commands
from gateway.http.requests import PathId, path_id
from gateway.pages import choices
from gateway.pages.page_rows import forwards
from gateway.pages.web import forms, labels
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import webhooks as webhook_queries
from gateway.schemas import webhooks as webhook_schemas
from gateway.schemas.filters import Page
from gateway.schemas.webhooks import EVENT_TYPES
from gateway.store import operators as operator_store

PAGE = "/settings/webhooks"
ENDPOINT = PAGE + "/{webhook_id:str}"
SHOWN_AT = PAGE + "/{webhook_id}"
WEBHOOKS_A_PAGE = 200
MESSAGES_A_PAGE = 50
SECRET, SECRET_SECONDS = "desk_webhook_secret", 60

Texts: TypeAlias = Callable[[], tuple[str, str, str]]


@get(PAGE)
async def show_webhooks(visit: ThisVisit) -> Response[Any]:
    """Show the endpoints of the subtree, and which of them hear of nothing."""
    visit.principal.must("change-settings")
    async with visit.reading() as tx:
        page = Page(limit=WEBHOOKS_A_PAGE)
        listed = await webhook_queries.list_webhooks(tx, page, visit.gateway.secret)
        operator_ids = [UUID(each["operator_id"]) for each in listed["items"]]
        names = await operator_store.names(tx, operator_ids)
    return forms.show(visit, "webhooks/page.html", webhooks=listed["items"], operator_names=names)


@get(ENDPOINT)
async def show_webhook(visit: ThisVisit, webhook_id: PathId) -> Response[Any]:
    """Show an endpoint and its log; a secret that was just made is shown this once."""
    visit.principal.must("change-settings")
    asked, endpoint_id = visit.request.query_params, path_id(webhook_id)
    async with visit.reading() as tx:
        row = await webhook_queries.webhook_row(tx, endpoint_id)
        page = Page(limit=MESSAGES_A_PAGE, cursor=asked.get("cursor") or None)
        log = await webhook_queries.list_messages(tx, endpoint_id, None, page, visit.gateway.secret)
        names = await operator_store.names(tx, [row["operator_id"]])
    here = f"{PAGE}/{endpoint_id}"
    answer = forms.show(
        visit,
        "webhooks/endpoint.html",
        webhook=webhook_schemas.webhook(row),
        operator_name=names.get(str(row["operator_id"]), ""),
        messages=log["items"],
        new_secret=visit.request.cookies.get(SECRET, ""),
        **forwards(asked, here, log["next_cursor"] or "", len(log["items"])),
    )
    if SECRET in visit.request.cookies:
        answer.delete_cookie(SECRET, path=PAGE)
    return answer


@get(ENDPOINT + "/messages/{message_id:str}")
async def show_message(visit: ThisVisit, webhook_id: PathId, message_id: PathId) -> Response[Any]:
    """Show what was said, and every attempt to say it."""
    visit.principal.must("change-settings")
    async with visit.reading() as tx:
        message = await webhook_queries.message(tx, path_id(webhook_id), path_id(message_id))
    back = f"{PAGE}/{path_id(webhook_id)}"
    heading = labels.event_name(message["type"])
    return forms.decision(visit, "webhooks/message.html", heading, back, message=message)


def _body(typed: Typed) -> dict[str, Any]:
    """Return what was filled in: where to, what for, and of which events."""
    types = [each for each in EVENT_TYPES if typed.is_ticked(each)]
    if not types:
        typed.errors[EVENT_TYPES[0]] = _("Choose at least one event.")
    if not typed["url"]:
        typed.errors["url"] = labels.field_text("url")
    return {"url": typed["url"], "description": typed["description"], "types": types}


async def _new(visit: Visit) -> Sheet:
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
    return Sheet(
        heading=_("Add webhook"),
        label=_("Add webhook"),
        back=PAGE,
        values={
            "url": "",
            "description": "",
            "operator_id": str(visit.principal.operator_id),
            **dict.fromkeys(EVENT_TYPES, "true"),
        },
        context={"operators": operators, "event_types": EVENT_TYPES, "is_new": True},
    )


async def _show_secret_once(visit: Visit, sent: Sent) -> Response[Any]:
    """Go on to the page that shows the secret; reloading it makes no second one."""
    answer = forms.go(visit, f"{PAGE}/{sent.body['id']}")
    # In a cookie of a minute: an address would be kept by histories and logs.
    answer.set_cookie(
        Cookie(
            key=SECRET,
            value=sent.body["secret"],
            max_age=SECRET_SECONDS,
            path=PAGE,
            httponly=True,
            samesite="strict",
            secure=visit.gateway.settings.is_secure,
        )
    )
    return answer


ADD = Form(
    PAGE,
    shown_at=PAGE + "/new",
    permission="change-settings",
    template="webhooks/form.html",
    sheet=_new,
    fields=("url", "description", "operator_id", *EVENT_TYPES),
    schema=webhook_schemas.Webhook,
    body=lambda typed: {**_body(typed), "operator_id": typed.identity("operator_id")},
    command=webhook_commands.create_webhook,
    is_keyed=False,
    done=_show_secret_once,
)


async def _known(visit: Visit, endpoint_id: UUID) -> webhook_schemas.WebhookShown:
    async with visit.reading() as tx:
        return webhook_schemas.webhook(await webhook_queries.webhook_row(tx, endpoint_id))


async def _changing(visit: Visit, endpoint_id: UUID) -> Sheet:
    webhook = await _known(visit, endpoint_id)
    ticked: dict[str, str] = {each: "true" if each in webhook["types"] else "" for each in EVENT_TYPES}
    return Sheet(
        heading=_("Change webhook"),
        label=_("Save"),
        back=f"{PAGE}/{endpoint_id}",
        values={"url": webhook["url"], "description": webhook["description"], **ticked},
        context={"event_types": EVENT_TYPES, "is_new": False},
    )


CHANGE = Form(
    ENDPOINT + "/change",
    permission="change-settings",
    template="webhooks/form.html",
    sheet=_changing,
    fields=("url", "description", *EVENT_TYPES),
    schema=webhook_schemas.WebhookChange,
    body=_body,
    command=webhook_commands.change_webhook,
    is_keyed=False,
    done=forms.to(SHOWN_AT, "saved"),
)


def _asking(texts: Texts, tone: str = "primary") -> Callable[[Visit, UUID], Awaitable[Sheet]]:
    """Return what says the consequence before it is confirmed."""

    async def confirm(visit: Visit, endpoint_id: UUID) -> Sheet:
        await _known(visit, endpoint_id)
        heading, label, about = texts()
        return Sheet(
            heading=heading, label=label, back=f"{PAGE}/{endpoint_id}", tone=tone, context={"about": about}
        )

    return confirm


def _about_off() -> tuple[str, str, str]:
    about = _("Nothing is sent from now on, and what happens meanwhile is not kept for it.")
    return _("Switch webhook off"), _("Switch off"), about


def _about_on() -> tuple[str, str, str]:
    about = _("It hears of what happens from now on; what was still waiting is sent first.")
    return _("Switch webhook on"), _("Switch on"), about


def _about_rotating() -> tuple[str, str, str]:
    about = _(
        "The new secret is shown this once. For 24 hours every message is signed with both, so that your"
        " system can change over without missing one."
    )
    return _("New secret"), _("Make a new secret"), about


def _about_removing() -> tuple[str, str, str]:
    about = _("Its secret, its log and whatever it has not been told yet are deleted.")
    return _("Remove webhook"), _("Remove webhook"), about


def _switch(word: str, texts: Texts, *, enabled: bool) -> Form:
    return Form(
        f"{ENDPOINT}/{word}",
        permission="change-settings",
        template="forms/confirm-form.html",
        sheet=_asking(texts),
        schema=webhook_schemas.WebhookChange,
        body=lambda typed: {"enabled": enabled},
        command=webhook_commands.change_webhook,
        is_keyed=False,
        done=forms.to(SHOWN_AT, "saved"),
    )


ROTATE = Form(
    ENDPOINT + "/rotate",
    permission="change-settings",
    template="forms/confirm-form.html",
    sheet=_asking(_about_rotating),
    command=webhook_commands.rotate_secret,
    is_keyed=False,
    done=_show_secret_once,
)
REMOVE = Form(
    ENDPOINT + "/remove",
    permission="change-settings",
    template="forms/confirm-form.html",
    sheet=_asking(_about_removing, "danger"),
    command=webhook_commands.remove_webhook,
    is_keyed=False,
    done=forms.to(PAGE, "removed"),
)
TEST = Form(
    ENDPOINT + "/test",
    permission="change-settings",
    command=webhook_commands.test_webhook,
    is_keyed=False,
    done=forms.to(SHOWN_AT, "webhook-queued"),
)
REDELIVER = Form(
    ENDPOINT + "/messages/{message_id:str}/redeliver",
    permission="change-settings",
    command=webhook_commands.redeliver,
    is_keyed=False,
    done=forms.to(SHOWN_AT, "webhook-queued"),
)

ROUTES = [
    show_webhooks, show_webhook, show_message, *ADD.routes, *CHANGE.routes,
    *_switch("off", _about_off, enabled=False).routes, *_switch("on", _about_on, enabled=True).routes,
    *ROTATE.routes, *REMOVE.routes, *TEST.routes, *REDELIVER.routes,
]  # fmt: skip
