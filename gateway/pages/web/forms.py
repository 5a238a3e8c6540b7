"""A form, declared once: its fields, the command that it is for, and the page that it leads to.

With the declaration come a dialog for HTMX and a page of its own without it, refusals beside their fields
and the focus on the first of them, a fresh idempotency key for each try, and the way back. A page module
lists `*FORM.routes` among its routes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from inspect import isawaitable
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from litestar import Response, get, post
from pydantic import BaseModel

from gateway.http.requests import path_id
from gateway.operations.submit import Outcome
from gateway.pages.web import labels, render
from gateway.pages.web.addresses import own_address
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.schemas import fields as body_fields
from shared.ids import new_id

Answer: TypeAlias = Response[Any]


@dataclass(frozen=True)
class Sheet:
    """A form as its reader sees it: what it says, what stands in its fields, and the way back."""

    heading: str = ""
    label: str = ""  # of its button, which says what will happen; without one there is nothing to send
    back: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)  # what its template shows besides
    hidden: Sequence[tuple[str, str]] = ()
    problem: str = ""  # what stands against it before anything was sent
    texts: Mapping[str, str] = field(default_factory=dict)  # of refusals, where a field has its own
    tone: str = "primary"
    stay: str = ""  # of the way back, where it is not “Cancel”


@dataclass(frozen=True)
class Sent:
    """A form that did its work: about what, what was typed, and what its command returned."""

    subject_ids: tuple[UUID, ...]
    values: Mapping[str, str]
    result: Any

    @property
    def body(self) -> Any:
        """Return what the command made; None while that is on its way."""
        return self.result.body if isinstance(self.result, Outcome) else self.result

    @property
    def pending(self) -> str:
        """Return the operation to wait for; empty once it has ended."""
        is_on_its_way = isinstance(self.result, Outcome) and self.result.body is None
        return str(self.result.operation_id) if is_on_its_way else ""


def as_typed(typed: Typed) -> dict[str, Any]:
    """Return the fields as they are: the body has the same names."""
    return dict(typed.values)


@dataclass(frozen=True)
class Form:
    """One form: who may send it and where, what it asks, the command with its schema, and what follows.

    `sheet(visit, *subject_ids)` shows it; it answers by itself where there is nothing to ask. `body(typed)`
    makes the command's body and notes what cannot be read. A form without a sheet is a button.
    """

    address: str
    command: Callable[..., Awaitable[Any]]
    done: Callable[[Visit, Sent], Awaitable[Answer]]
    permission: str = ""
    template: str = ""
    sheet: Callable[..., Awaitable[Sheet | Answer]] | None = None
    fields: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()  # read with their blanks, and never shown again
    schema: type[BaseModel] | None = None
    body: Callable[[Typed], Any] = as_typed
    arguments: Callable[[Typed], tuple[Any, ...]] | None = None  # of a command that takes no body
    named: Mapping[str, str] = field(default_factory=dict)  # fields of the body that are named otherwise here
    refused: Callable[[Visit, Problem, tuple[UUID, ...]], Awaitable[Answer]] | None = None
    shown_at: str | None = ""  # as `address`; None where something else shows it
    is_keyed: bool = True
    is_page: bool = False  # its template is a whole page
    target: str = "#dialog"  # what its success replaces

    @property
    def routes(self) -> list[Any]:
        """Return the handlers that show the form and take it."""

        async def send_form(visit: ThisVisit) -> Answer:
            return await self.send(visit)

        async def show_form(visit: ThisVisit) -> Answer:
            return await self.show(visit)

        taken = post(self.address, status_code=200)(send_form)
        if self.sheet is None or self.shown_at is None:
            return [taken]
        return [get(self.shown_at or self.address)(show_form), taken]

    async def show(self, visit: Visit, *subject_ids: UUID) -> Answer:
        """Return the form as nobody has typed into it yet."""
        self._must(visit)
        sheet = await self._sheet(visit, subject_ids or subjects_of(visit))
        return sheet if isinstance(sheet, Response) else self._shown(visit, sheet)

    async def send(self, visit: Visit) -> Answer:
        """Do what was asked, or show the form again with what is wrong.

        The order is role, reach, shape, key: a sheet that is shown again looks for its subject first.
        """
        self._must(visit)
        submission, subject_ids = await visit.submission(), subjects_of(visit)
        typed = Typed(visit, submission, subject_ids, self.fields, self.secrets)
        body = self.body(typed)
        body = await body if isawaitable(body) else body
        if typed.errors:
            return await self._again(visit, typed, typed.errors)
        try:
            result = await self._run(typed, body)
        except Problem as problem:
            return await self._refused(visit, typed, problem)
        return await self.done(visit, Sent(subject_ids, typed.values, result))

    async def _run(self, typed: Typed, body: Any) -> Any:
        """Return what the command returned; raises the Problem that it was refused with."""
        arguments = self._body_and_key(typed, body) if self.arguments is None else self.arguments(typed)
        command = self.command(typed.visit.gateway, typed.visit.principal, *typed.subject_ids, *arguments)
        result = await command
        if isinstance(result, Outcome) and result.problem is not None:
            raise result.problem
        return result

    def _body_and_key(self, typed: Typed, body: Any) -> tuple[Any, ...]:
        raw = json.dumps(body)
        read = (partial(body_fields.read, self.schema, raw.encode()),) if self.schema else ()
        path = str(typed.visit.request.scope["path"])
        return (*read, typed.submission.key(path, raw)) if self.is_keyed else read

    async def _refused(self, visit: Visit, typed: Typed, problem: Problem) -> Answer:
        if self.refused is not None:
            return await self.refused(visit, problem, typed.subject_ids)
        if self.sheet is None or (problem.status not in (409, 422) and problem.code != "forbidden"):
            raise problem
        return await self._again(visit, typed, {}, problem)

    async def _again(
        self, visit: Visit, typed: Typed, errors: Mapping[str, str], problem: Problem | None = None
    ) -> Answer:
        """Return the form with what was typed, and what is wrong with it."""
        assert self.sheet is not None, "a button has nothing to type"
        sheet = await self._sheet(visit, typed.subject_ids)
        if isinstance(sheet, Response):
            return sheet
        text = ""
        if problem is not None:
            errors, text = refusal(problem, self.fields, self.named, sheet.texts)
        kept = {name: "" if name in self.secrets else value for name, value in typed.values.items()}
        back = typed.submission.one("return_to")
        answer = self._shown(
            visit,
            sheet,
            {name: errors[name] for name in self.fields if name in errors},
            text,
            kept,
            own_address(back, sheet.back) if back else sheet.back,
        )
        answer.status_code = 422
        # Its success may replace something else, such as the drawer.
        answer.headers.update({"HX-Retarget": "#dialog", "HX-Reswap": "innerHTML"})
        return answer

    def _shown(
        self,
        visit: Visit,
        sheet: Sheet,
        errors: Mapping[str, str] | None = None,
        problem: str = "",
        typed: Mapping[str, str] | None = None,
        back: str = "",
    ) -> Answer:
        # A refusal is kept under its key: each time the form is shown, sending it is another wish.
        values = {**sheet.values, **(typed or {}), "idempotency_key": str(new_id())}
        facts = {
            **sheet.context,
            "values": values,
            "errors": errors or {},
            "problem": problem or sheet.problem,
            "sent_to": self.address if typed is not None else "",
        }
        if self.is_page:
            return show(visit, self.template, **facts)
        facts |= {
            "sheet": sheet,
            "fields_template": self.template,
            "form_action": self._action(visit),
            "form_target": self.target,
            "may": visit.principal.may,
        }
        return decision(visit, "forms/form.html", sheet.heading, back or sheet.back, **facts)

    def _action(self, visit: Visit) -> str:
        """Return where it is sent: with the query that it was shown with, where that is the same address."""
        path = re.sub(r"{(\w+):\w+}", lambda place: str(visit.request.path_params[place[1]]), self.address)
        is_same = visit.request.scope["path"] == path and visit.query
        return f"{path}?{visit.query}" if is_same else path

    async def _sheet(self, visit: Visit, subject_ids: tuple[UUID, ...]) -> Sheet | Answer:
        assert self.sheet is not None, "a button shows nothing"
        return await self.sheet(visit, *subject_ids)

    def _must(self, visit: Visit) -> None:
        if self.permission:
            visit.principal.must(self.permission)


def subjects_of(visit: Visit) -> tuple[UUID, ...]:
    """Return the ids in the address; raises 404 for what is none."""
    return tuple(path_id(str(text)) for text in visit.request.path_params.values())


def came_from(visit: Visit, otherwise: str) -> str:
    """Return the page that the reader came from, for a form that several pages offer."""
    asked = visit.request.query_params.get("return_to") or render.current_address(visit.request)
    return own_address(asked) if asked else otherwise


def to(address: str, note: str) -> Callable[[Visit, Sent], Awaitable[Answer]]:
    """Return what goes on to an address of ours, with word of what was done."""

    async def lead_on(visit: Visit, sent: Sent) -> Answer:
        return done(visit, sent, address.format(**visit.request.path_params), note)

    return lead_on


def done(visit: Visit, sent: Sent, address: str, note: str) -> Answer:
    """Go on to where the outcome shows; what takes longer is waited for on a page of its own."""
    after = with_note(address, note)
    return go(visit, f"/operations/{sent.pending}?next={quote(after)}" if sent.pending else after)


def go(visit: Visit, address: str) -> Answer:
    """Go on to an address of ours, by HTMX or without it."""
    if visit.is_swap:
        return Response("", headers={"HX-Redirect": address}, media_type="text/html")
    return render.see_other(address)


def refresh() -> Answer:
    """Show the page that HTMX asked from as it is now."""
    return Response("", headers={"HX-Refresh": "true"}, media_type="text/html")


def with_note(address: str, note: str) -> str:
    """Return the address with word of what was done."""
    parts = urlsplit(address)
    query = "&".join(part for part in parts.query.split("&") if part and not part.startswith("note="))
    return f"{parts.path}?{query + '&' if query else ''}{urlencode({'note': note})}"


def show(visit: Visit, template: str, status: int = 200, **context: Any) -> Answer:
    """Return a page that knows what its reader may do, and what has just been done."""
    note = labels.note_text(visit.request.query_params.get("note", ""))
    return visit.page(template, status, may=visit.principal.may, note=note, **context)


def decision(
    visit: Visit, template: str, heading: str, back: str, status: int = 200, **context: Any
) -> Answer:
    """Return one decision, which the template holds: a dialog for HTMX, a page of its own otherwise."""
    around = "forms/dialog.html" if visit.is_swap else "forms/page.html"
    return visit.page(around, status, form_template=template, heading=heading, back=back, **context)


def refusal(
    problem: Problem,
    fields: Collection[str],
    named: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
) -> tuple[dict[str, str], str]:
    """Return what is wrong with which field, and a text for the rest."""
    errors: dict[str, str] = {}
    said = texts or {}
    for name, detail in problem.errors:
        shown = (named or {}).get(name, name)
        if shown in fields:
            text = said.get(shown) if problem.code == "invalid" else None
            errors[shown] = text or labels.refused_text(shown, problem.code, detail)
        elif shown in said:
            return {}, said[shown]
    return errors, "" if errors else labels.problem_text(problem.code, problem.detail)
