"""Settings: when customers are reminded of their bills, and who would hear today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import reminders as reminder_commands
from gateway.pages import choices
from gateway.pages.web import forms
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.preferences import LANGUAGES
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import not_found
from gateway.queries import operators as operator_queries
from gateway.schemas import reminders as reminder_schemas
from gateway.store import reminders as reminder_store

PAGE = "/settings/reminders"
FIELDS = ("days", "side", "template", "language", "enabled", "operator_id", "excluded")


@get(PAGE)
async def show_rules(visit: ThisVisit) -> Response[Any]:
    """The rules of the subtree."""
    visit.principal.must("change-settings")
    async with visit.reading() as tx:
        rows = await reminder_store.rules(tx)
        excluded = {each for row in rows for each in row["exclude_operator_ids"]}
        names = await operator_queries.names_above(tx, list(excluded))
    return forms.show(visit, "reminders/page.html", rules=rows, names=names)


async def _adding(visit: Visit) -> Sheet:
    """Ask when customers are reminded."""
    values: dict[str, Any] = {
        "days": "3", "side": "before", "template": "reminder", "language": "operator", "enabled": "",
        "excluded": [],
    }  # fmt: skip
    return await _sheet(visit, values | {"operator_id": str(visit.principal.operator_id)}, is_new=True)


async def _changing(visit: Visit, rule_id: UUID) -> Sheet:
    """Show a rule as it is."""
    async with visit.reading() as tx:
        row = await reminder_store.rule(tx, rule_id)
    if row is None:
        raise not_found()
    values = {
        "days": str(abs(row["days"])),
        "side": "before" if row["days"] < 0 else "after",
        "template": row["template"],
        "language": row["language"],
        "enabled": "true" if row["enabled"] else "",
        "operator_id": str(row["operator_id"]),
        "excluded": [str(each) for each in row["exclude_operator_ids"]],
    }
    return await _sheet(visit, values, is_new=False)


async def _sheet(visit: Visit, values: dict[str, Any], *, is_new: bool) -> Sheet:
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
    if visit.request.method == "POST":
        values["excluded"] = (await visit.submission()).all("excluded")
    return Sheet(
        heading=_("Add reminder") if is_new else _("Change reminder"),
        label=_("Save reminder"),
        back=PAGE,
        values=values,
        context={
            "operators": operators,
            "is_new": is_new,
            "excluded": values["excluded"],
            "sides": [("before", _("days before the due date")), ("after", _("days after the due date"))],
            "templates": [("reminder", _("Reminder")), ("payment-link", _("Payment link"))],
            "languages": [("operator", _("As on the operator's documents")), *LANGUAGES.items()],
        },
    )


def _rule(typed: Typed) -> dict[str, Any]:
    days = typed.number("days")
    return {
        "days": -days if typed["side"] == "before" else days,
        "template": typed["template"] or "reminder",
        "language": typed["language"] or "operator",
        "enabled": typed.is_ticked("enabled"),
        "exclude_operator_ids": typed.submission.all("excluded"),
    }


ADD = Form(
    f"{PAGE}/new",
    permission="change-settings",
    template="reminders/form.html",
    sheet=_adding,
    fields=FIELDS,
    schema=reminder_schemas.ReminderRule,
    body=lambda typed: _rule(typed) | {"operator_id": typed.required_identity("operator_id")},
    command=reminder_commands.add_rule,
    done=forms.to(PAGE, "saved"),
)
CHANGE = Form(
    f"{PAGE}/{{rule_id:str}}",
    permission="change-settings",
    template="reminders/form.html",
    sheet=_changing,
    fields=FIELDS,
    schema=reminder_schemas.ReminderRuleChange,
    body=_rule,
    command=reminder_commands.change_rule,
    done=forms.to(PAGE, "saved"),
)


async def _planned(visit: Visit, sent: Sent) -> Response[Any]:
    """Show who would hear today, and why others would not."""
    if sent.pending:
        return forms.done(visit, sent, PAGE, "planned")
    return forms.decision(visit, "reminders/plan.html", _("Who would be reminded"), PAGE, plan=sent.body)


def _try_body(typed: Typed) -> dict[str, Any]:
    return {
        "days": int(typed.submission.one("days", "0")),
        "operator_id": typed.identity("operator_id"),
        "exclude_operator_ids": typed.submission.all("excluded"),
    }


TRY = Form(
    f"{PAGE}/try",
    permission="change-settings",
    fields=("operator_id",),
    schema=reminder_schemas.ReminderTry,
    body=_try_body,
    command=reminder_commands.try_rule,
    done=_planned,
)

ROUTES = [show_rules, *ADD.routes, *TRY.routes, *CHANGE.routes]
