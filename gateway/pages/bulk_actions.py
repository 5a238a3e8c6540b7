"""Bulk actions: what is about to happen, how it goes, what became of each bill, and the history of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Stream

from gateway.commands import bulk_actions as bulk_action_commands
from gateway.http.requests import PathId, Presence, path_id
from gateway.pages import choices, link_texts, selections
from gateway.pages.bulk_action_fragments import facts_of, has_ended, messages_of, show_started
from gateway.pages.page_rows import forwards
from gateway.pages.selections import Selection
from gateway.pages.web import forms, labels, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.translations import ngettext
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import bulk_actions as bulk_action_queries
from gateway.queries import link_plans
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import cursors, fields
from gateway.store import bulk_actions as bulk_action_store

ENDED = ("completed", "cancelled")
EVENT_PAUSE_SECONDS = 0.25
ITEM_STATES = ("succeeded", "skipped", "failed", "pending")
ACTIONS_A_PAGE = 50
SPOKEN_PERCENT = 10


@post("/bulk-actions/new", status_code=200)
async def show_new(visit: ThisVisit) -> Response[Any]:
    """Show what a selection adds up to, before anything is done with it."""
    submission = await visit.submission()
    if "send_payment_link" in (submission.one("action"), visit.request.query_params.get("action")):
        return await SEND_LINKS.show(visit)
    return await MARK_PAID.show(visit)


async def _linking(visit: Visit) -> Sheet | Response[Any]:
    """Say who would get a link, who would not and why, and what the messages take, before any is sent."""
    submission = await visit.submission()
    selection, language = Selection.of(submission), submission.one("language") or "en"
    language = language if language in link_texts.LANGUAGES else "en"
    async with visit.reading() as tx:
        bill_ids = await selection.ids(tx, visit)
        planned = await link_plans.plan(tx, bill_ids, send_sms=True)
        found = await link_texts.estimate(tx, visit, planned, language)
    if not found.recipients and (missing := _missing(found)):
        return forms.decision(
            visit,
            "bulk_actions/no-links-body.html",
            _("Send payment links"),
            "/bills",
            bills=found.bills,
            code=missing,
            missing=labels.problem_text(missing),
        )
    label = ngettext("Send %(num)s link", "Send %(num)s links", found.recipients)
    return Sheet(
        heading=_("Send payment links"),
        label=label % {"num": visit.formats.count(found.recipients)} if found.recipients else "",
        back="/bills",
        values={"language": language},
        hidden=[*selection.hidden, ("action", "send_payment_link")],
        texts=selections.texts(),
        context={"estimate": found, "languages": choices.message_languages()},
    )


def _missing(found: link_texts.Estimate) -> str:
    """Return the gateway that is missing for everybody, if one is."""
    return next((code for code in link_plans.MISSING if code in found.left_out), "")


def _links_body(typed: Typed) -> dict[str, Any]:
    return {
        "action": "send_payment_link",
        "selection": Selection.of(typed.submission).body,
        "parameters": {"send_sms": True, "language": typed["language"] or "en"},
    }


SEND_LINKS = Form(
    "/bulk-actions/links",
    shown_at=None,
    permission="send-links",
    template="bulk_actions/links-form.html",
    sheet=_linking,
    fields=("language",),
    schema=bulk_action_schemas.BulkAction,
    body=_links_body,
    named={"parameters.language": "language"},
    command=bulk_action_commands.start,
    done=show_started,
    target="#drawer",
)


async def _marking(visit: Visit) -> Sheet:
    """Say how many bills and how much, before they are marked as paid; the selection travels along."""
    selection = Selection.of(await visit.submission())
    summary = await selection.summary(visit)
    payable = summary["unpaid"] + summary["partial"]
    label = ngettext("Record %(num)s payment", "Record %(num)s payments", payable)
    return Sheet(
        heading=_("Mark bills as paid"),
        label=label % {"num": visit.formats.count(payable)} if payable else "",
        stay="" if payable else _("Nothing to pay"),
        back="/bills",
        values={"paid_on": visit.desk.today.isoformat(), "method": "cash", "reference": ""},
        hidden=selection.hidden,
        texts=selections.texts(),
        context={"summary": summary, "methods": labels.methods()},
    )


def _mark_paid_body(typed: Typed) -> dict[str, Any]:
    return {
        "action": "mark_paid",
        "selection": Selection.of(typed.submission).body,
        "parameters": {
            "paid_on": typed.past_day("paid_on"),
            "method": typed["method"] or "cash",
            "reference": typed.optional("reference"),
        },
    }


MARK_PAID = Form(
    "/bulk-actions",
    shown_at=None,
    permission="record-payment",
    template="bulk_actions/mark-paid-form.html",
    sheet=_marking,
    fields=("paid_on", "method", "reference"),
    schema=bulk_action_schemas.BulkAction,
    body=_mark_paid_body,
    named={f"parameters.{name}": name for name in ("paid_on", "method", "reference")},
    command=bulk_action_commands.start,
    done=show_started,
    target="#drawer",
)


@get("/bulk-actions")
async def list_actions(visit: ThisVisit) -> Response[Any]:
    """The history of bulk actions."""
    asked = visit.request.query_params
    after = asked.get("cursor")
    async with visit.reading() as tx:
        rows = await bulk_action_store.latest(
            tx, visit.principal, path_id(after) if after else None, ACTIONS_A_PAGE + 1
        )
        actions = [
            {
                **await bulk_action_queries.describe(tx, visit.principal, row["id"]),
                "actor_name": row["actor_name"],
                "undone_by": await bulk_action_store.undo_of(tx, row["id"]),
            }
            for row in rows[:ACTIONS_A_PAGE]
        ]
    last = str(actions[-1]["id"]) if len(rows) > ACTIONS_A_PAGE else None
    return visit.page(
        "bulk_actions/list.html", actions=actions, **forwards(asked, "/bulk-actions", last, len(actions))
    )


@get("/bulk-actions/{action_id:str}")
async def show_action(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """One action on its page; in the drawer when the desk asks for it."""
    shown_id = path_id(action_id)
    if visit.is_swap:
        return visit.page("bulk_actions/drawer.html", **await facts_of(visit, shown_id))
    facts = await facts_of(visit, shown_id)
    return visit.page("bulk_actions/page.html", **facts, **await _item_page(visit, facts["action"]))


@get("/bulk-actions/{action_id:str}/items")
async def show_items(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Show what became of each bill, or of those of one state; in a swap the table alone."""
    facts = await facts_of(visit, path_id(action_id))
    template = "bulk_actions/item-table.html" if visit.is_swap else "bulk_actions/page.html"
    return visit.page(template, **facts, **await _item_page(visit, facts["action"]))


async def _item_page(visit: Visit, action: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of an action's items, and the addresses around it."""
    asked, secret, size = visit.request.query_params, visit.gateway.secret, visit.desk.preferences.page_size
    state = asked.get("state", "") if asked.get("state", "") in ITEM_STATES else ""
    after = int(cursors.unseal(secret, "bulk-page", asked["cursor"], 1)[0]) if asked.get("cursor") else 0
    async with visit.reading() as tx:
        rows = await bulk_action_store.item_page(tx, UUID(action["id"]), state or None, after, size + 1)
    shown, more = rows[:size], len(rows) > size
    cursor = cursors.seal(secret, "bulk-page", str(shown[-1]["place"])) if more else None
    here = f"/bulk-actions/{action['id']}/items" + (f"?state={state}" if state else "")
    return {
        "rows": shown,
        "state": state,
        "states": [(each, action[each or "total"]) for each in ("", *ITEM_STATES)],
        **forwards(asked, here, cursor, len(shown), action[state or "total"]),
    }


@get("/bulk-actions/{action_id:str}/messages")
async def show_messages(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """What became of an action's messages by now: they go on being sent, opened and paid after it ended."""
    return visit.page("bulk_actions/messages.html", **await messages_of(visit, path_id(action_id)))


@get("/bulk-actions/{action_id:str}/events")
async def send_events(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Progress and failures as HTML, at most four times a second, until the action has ended."""
    shown_id = path_id(action_id)
    first, presence = await facts_of(visit, shown_id), Presence(visit.request, visit.gateway)
    pace = _Pace(_done(first["action"]))

    async def events() -> AsyncIterator[bytes]:
        facts, shown = first, None
        while True:
            if facts["action"] != shown:
                for event in _events(visit, facts, shown, pace):
                    yield event
                shown = facts["action"]
            if facts["ended"]:
                yield _event("footer", render.to_text(visit.desk, "bulk_actions/footer.html", facts))
                yield _event("ended", "ended")
                return
            await asyncio.sleep(EVENT_PAUSE_SECONDS)
            if not await presence.lasts():
                return
            facts = await facts_of(visit, shown_id)

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(events(), media_type="text/event-stream", headers=headers)


def _events(
    visit: Visit, facts: Mapping[str, Any], shown: Mapping[str, Any] | None, pace: _Pace
) -> Iterator[bytes]:
    """Return the progress, and the items where there are other failures than are shown."""
    action = facts["action"]
    context = {**facts, "spoken": pace.spoken(action), "seconds_left": pace.seconds_left(action)}
    yield _event("progress", render.to_text(visit.desk, "bulk_actions/progress.html", context))
    if shown is None or action["failed"] != shown["failed"] or facts["ended"]:
        yield _event("items", render.to_text(visit.desk, "bulk_actions/items.html", context))


class _Pace:
    """How quickly one reader sees an action go on, and what was read out to them of it."""

    def __init__(self, done_then: int) -> None:
        self._began, self._done_then, self._spoken = datetime.now(UTC), done_then, -1

    def spoken(self, action: Mapping[str, Any]) -> int:
        """Return the percentage to read out: every tenth, or a reader hears nothing else."""
        percent = _done(action) * 100 // max(action["total"], 1)
        if percent >= self._spoken + SPOKEN_PERCENT:
            self._spoken = percent // SPOKEN_PERCENT * SPOKEN_PERCENT
        return self._spoken

    def seconds_left(self, action: Mapping[str, Any]) -> int | None:
        """Return the seconds left by the pace so far; None until there is one."""
        done = _done(action) - self._done_then
        elapsed = (datetime.now(UTC) - self._began).total_seconds()
        return round(action["pending"] * elapsed / done) if done > 0 and elapsed > 0.5 else None


def _done(action: Mapping[str, Any]) -> int:
    return int(action["total"] - action["pending"])


def _event(name: str, html: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"event: {name}\n{lines}\n".encode()


async def _cancelling(visit: Visit, action_id: UUID) -> Sheet:
    """Say what stopping leaves undone, before it is stopped; the work goes on meanwhile."""
    async with visit.reading() as tx:
        action = await bulk_action_queries.describe(tx, visit.principal, action_id)
    ended = has_ended(action)
    return Sheet(
        heading=_("Cancel the rest"),
        label="" if ended else _("Cancel the rest"),
        stay="" if ended else _("Continue"),
        back=f"/bulk-actions/{action_id}",
        problem=_("This has already ended. There is nothing left to cancel.") if ended else "",
        tone="danger",
        context={"action": action, "ended": ended},
    )


async def _as_it_is(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the action as it is now, where it was asked from."""
    if visit.is_swap and render.current_path(visit.request).startswith("/bulk-actions"):
        return forms.refresh()
    return await show_started(visit, sent)


CANCEL = Form(
    "/bulk-actions/{action_id:str}/cancel",
    template="bulk_actions/cancel-form.html",
    sheet=_cancelling,
    command=bulk_action_commands.cancel,
    is_keyed=False,
    done=_as_it_is,
    target="#drawer",
)

# The failed ones once more, at the balance of now.
RETRY = Form(
    "/bulk-actions/{action_id:str}/retry",
    command=bulk_action_commands.retry,
    is_keyed=False,
    done=_as_it_is,
)


async def _undoing(visit: Visit, action_id: UUID) -> Sheet:
    """Say how many payments, and how much, would be taken back."""
    async with visit.reading() as tx:
        action = await bulk_action_queries.describe(tx, visit.principal, action_id)
        facts = await bulk_action_store.facts(tx, action_id)
    label = ngettext("Reverse %(num)s payment", "Reverse %(num)s payments", action["succeeded"])
    return Sheet(
        heading=_("Undo mark as paid"),
        label=label % {"num": visit.formats.count(action["succeeded"])},
        back=f"/bulk-actions/{action_id}",
        values={"reason": ""},
        tone="danger",
        context={"action": action, "facts": facts},
    )


UNDO = Form(
    "/bulk-actions/{action_id:str}/undo",
    permission="reverse",
    template="bulk_actions/undo-form.html",
    sheet=_undoing,
    fields=("reason",),
    schema=fields.Reason,
    body=lambda typed: {"reason": typed.reason()},
    command=bulk_action_commands.undo,
    done=show_started,
    target="#drawer",
)

ROUTES = [
    show_new,
    *MARK_PAID.routes,
    *SEND_LINKS.routes,
    list_actions,
    show_action,
    show_items,
    show_messages,
    send_events,
    *CANCEL.routes,
    *RETRY.routes,
    *UNDO.routes,
]
