"""/settings/reminders: when customers are reminded of their bills."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, patch, post

from gateway.api.declarations import says
from gateway.api.resources import ANY_OBJECT, list_of
from gateway.commands import reminders as reminder_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, key_of, path_id, raw_body, reader
from gateway.schemas import reminders as reminder_schemas
from gateway.store import statements
from gateway.store.access import acting_as


@get("/settings/reminders", summary="Reminder rules", opt=says(list_of(ANY_OBJECT)))
async def list_rules(gateway: Here, principal: Who) -> Response[bytes]:
    """Every rule of the subtree."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        rows = await statements.many(tx, "reminder_rules", operator_id=None)
    return responses.json(reminder_schemas.rules(rows))


@post(
    "/settings/reminders",
    status_code=201,
    summary="Add a reminder rule",
    opt=says(ANY_OBJECT, takes=reminder_schemas.ReminderRule),
)
async def add_rule(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Days before (negative) or after the due date; off unless it says otherwise."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(reminder_schemas.ReminderRule, raw)
    return responses.outcome(await reminder_commands.add_rule(gateway, principal, read, key_of(request, raw)))


@patch(
    "/settings/reminders/{rule_id:str}",
    summary="Change a reminder rule",
    opt=says(ANY_OBJECT, takes=reminder_schemas.ReminderRuleChange),
)
async def change_rule(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, rule_id: PathId
) -> Response[bytes]:
    """Changes what is named; a bill that was reminded of by a rule is not again."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(reminder_schemas.ReminderRuleChange, raw)
    return responses.outcome(
        await reminder_commands.change_rule(gateway, principal, path_id(rule_id), read, key_of(request, raw))
    )


@post(
    "/settings/reminders/dry-run",
    status_code=200,
    summary="Who would be reminded",
    opt=says(ANY_OBJECT, takes=reminder_schemas.ReminderTry),
)
async def try_rule(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Counts all, names the first; nothing is sent."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(reminder_schemas.ReminderTry, raw)
    return responses.outcome(await reminder_commands.try_rule(gateway, principal, read, key_of(request, raw)))


ROUTES = [list_rules, add_rule, change_rule, try_rule]
