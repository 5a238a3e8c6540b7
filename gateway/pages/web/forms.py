"""What somebody asked for by a form: shown again with what is wrong, waited for, or done."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from litestar import Response
from pydantic import BaseModel

from gateway.operations.submit import Outcome
from gateway.pages.web import labels, render
from gateway.pages.web.submission import Form
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Visit
from gateway.problems import Problem
from gateway.schemas import fields
from shared.ids import new_id

B = TypeVar("B", bound=BaseModel)


def show(visit: Visit, template: str, status: int = 200, **context: Any) -> Response[Any]:
    """A page that knows what its reader may do, and what has just been done."""
    note = note_text(visit.request.query_params.get("note", ""))
    return visit.page(template, status, may=visit.principal.may, note=note, **context)


def decision(
    visit: Visit, template: str, heading: str, back: str, status: int = 200, **context: Any
) -> Response[Any]:
    """Return one decision, which the template holds: a dialog for HTMX, a page of its own otherwise."""
    around = "forms/dialog.html" if visit.is_swap else "forms/page.html"
    return visit.page(around, status, form_template=template, heading=heading, back=back, **context)


def ask(
    visit: Visit,
    template: str,
    heading: str,
    back: str,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    **context: Any,
) -> Response[Any]:
    """A form: in a dialog for HTMX, else on a page of its own; 422 when something is wrong with it."""
    return decision(
        visit,
        template,
        heading,
        back,
        422 if errors or problem else 200,
        values={"idempotency_key": str(new_id()), **values},
        errors=errors or {},
        problem=problem,
        may=visit.principal.may,
        **context,
    )


def afresh(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed under a new key: a refusal is kept under its key, the next try is another."""
    return {**values, "idempotency_key": str(new_id())}


async def submit(
    visit: Visit,
    form: Form,
    schema: type[B],
    body: Mapping[str, Any],
    command: Callable[..., Awaitable[Outcome]],
    *subject_ids: UUID,
) -> Outcome:
    """Return what became of a command with this body; raises the Problem that it was refused with."""
    raw = json.dumps(body)
    key = form.key(command.__name__, *map(str, subject_ids), raw)
    read = partial(fields.read, schema, raw.encode())
    outcome = await command(visit.gateway, visit.principal, *subject_ids, read, key)
    if outcome.problem is not None:
        raise outcome.problem
    return outcome


def refusal(
    problem: Problem, fields: Collection[str], names: Mapping[str, str] | None = None
) -> tuple[dict[str, str], str]:
    """What is wrong with which field, and a text for the rest; raises what no form can show."""
    if problem.status not in (409, 422) and problem.code != "forbidden":
        raise problem
    named = names or {}
    errors: dict[str, str] = {}
    for name, detail in problem.errors:
        field = named.get(name, name)
        if field in fields:
            errors[field] = (
                field_text(field, detail) if problem.code == "invalid" else problem_text(problem, detail)
            )
    return errors, "" if errors else problem_text(problem, problem.detail)


def problem_text(problem: Problem, detail: str) -> str:
    """What happened and what to do, in the reader's words."""
    known = {
        "email-taken": _("Another user has this email address."),
        "code-taken": _("This code is taken; choose another."),
        "name-taken": _("This name is taken; choose another."),
        "currency-fixed": _("The currency cannot change once an invoice exists."),
        "more-than-credit": _("This is more than the credit that the customer has."),
        "not-held": _("This money is no longer held. Somebody was quicker."),
        "unknown-time-zone": _("This is no time zone of the IANA list, such as Asia/Dhaka."),
    }
    return known.get(problem.code) or labels.problem_text(problem.code, detail)


def field_text(field: str, detail: str) -> str:
    """What a field must hold, in the reader's words."""
    known = {
        "name": _("Type a name of at most 200 characters."),
        "code": _("Type a code: letters, digits and dashes, without spaces."),
        "mobile": _("Type a mobile number such as +8801711000412."),
        "email": _("Type an email address."),
        "password": _("At least 12 characters, at most 200."),
        "new_password": _("At least 12 characters, at most 200."),
        "current_password": _("This is not your password."),
        "since": _("Choose a day."),
        "reason": _("Say why, in at most 200 characters."),
        "due_days": _("Type a number of days from 0 to 365."),
        "link_valid_hours": _("Type a number of hours from 1 to 8,760."),
        "time_zone": _("This is no time zone of the IANA list, such as Asia/Dhaka."),
        "billing_from": _("Type a month such as 2026-12."),
        "period": _("Choose a month."),
        "operator_id": _("Choose an operator."),
        "package_id": _("Choose a package."),
        "currency": _("Type a currency code of three letters, such as BDT."),
        "address": _("Type an address of at most 500 characters."),
    }
    return known.get(field) or detail


def note_text(code: str) -> str:
    """What has just been done."""
    known = {
        "created": _("Created."),
        "saved": _("Saved."),
        "billed": _("The customer was billed."),
        "not-billed": _("Nothing was made: “Why billed, why not” says why."),
        "refunded": _("The refund is recorded."),
        "recorded": _("The payment is recorded. It settles the oldest due bill first."),
        "placed": _("The payment was placed."),
        "rejected": _("The payment was rejected."),
        "revoked": _("The token opens nothing any more."),
        "password": _("Your password has been changed. Every other session of yours has ended."),
        "added": _("Added."),
        "portal": _("The customer has a new portal address. The old one opens nothing any more."),
    }
    return known.get(code, "")


def go(visit: Visit, address: str) -> Response[Any]:
    """On to an address of ours, by HTMX or without it."""
    if visit.is_swap:
        return Response("", headers={"HX-Redirect": address}, media_type="text/html")
    return render.see_other(address)


def with_note(address: str, note: str) -> str:
    """The address, with word of what was done."""
    parts = urlsplit(address)
    query = "&".join(part for part in parts.query.split("&") if part and not part.startswith("note="))
    return f"{parts.path}?{query + '&' if query else ''}{urlencode({'note': note})}"


def done(visit: Visit, outcome: Outcome, address: str, note: str) -> Response[Any]:
    """On to where the outcome shows; what takes longer is waited for on a page of its own."""
    if outcome.problem is not None:
        raise outcome.problem
    after = with_note(address, note)
    if outcome.body is None:
        return go(visit, f"/operations/{outcome.operation_id}?next={quote(after)}")
    return go(visit, after)


def percentage(points: int) -> str:
    """750 make `7.5`."""
    return f"{points / 100:g}"


def identity(text: str) -> str | None:
    """An id of a select, or nothing."""
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None
