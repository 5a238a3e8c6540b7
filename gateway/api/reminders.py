"""/settings/reminders: when customers are reminded of their bills."""

from __future__ import annotations

from litestar import get, patch, post

from gateway.api.declarations import Asked, says
from gateway.commands import reminders as reminder_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer, Written
from gateway.schemas import reminders as reminder_schemas
from gateway.schemas.answers import Listed
from gateway.store import reminders as reminder_store
from gateway.store.access import acting_as

MAY = says(may="change-settings")


@get("/settings/reminders", summary="List reminder rules", opt=MAY)
async def list_reminder_rules(
    gateway: Here, principal: Who
) -> Answer[Listed[reminder_schemas.ReminderRuleShown]]:
    """Return every rule of the subtree."""
    async with acting_as(gateway.pool, principal) as tx:
        rows = await reminder_store.rules(tx)
    return responses.json(reminder_schemas.rules(rows))


@post("/settings/reminders", status_code=201, summary="Add a reminder rule", opt=MAY)
async def add_reminder_rule(
    asked: Asked[reminder_schemas.ReminderRule],
) -> Written[reminder_schemas.ReminderRuleShown]:
    """Add a rule: days before (negative) or after the due date; off unless it says otherwise."""
    return responses.outcome(
        await reminder_commands.add_rule(asked.gateway, asked.principal, asked.read, asked.key)
    )


@patch("/settings/reminders/{rule_id:str}", summary="Change a reminder rule", opt=MAY)
async def change_reminder_rule(
    asked: Asked[reminder_schemas.ReminderRuleChange], rule_id: PathId
) -> Written[reminder_schemas.ReminderRuleShown]:
    """Change what is named; a bill that was reminded of by a rule is not again."""
    return responses.outcome(
        await reminder_commands.change_rule(
            asked.gateway, asked.principal, path_id(rule_id), asked.read, asked.key
        )
    )


@post("/settings/reminders/dry-run", status_code=200, summary="Try a reminder rule", opt=MAY)
async def try_reminder_rule(
    asked: Asked[reminder_schemas.ReminderTry],
) -> Written[reminder_schemas.ReminderPlan]:
    """Count all who would be reminded and name the first; nothing is sent."""
    return responses.outcome(
        await reminder_commands.try_rule(asked.gateway, asked.principal, asked.read, asked.key)
    )


ROUTES = [list_reminder_rules, add_reminder_rule, change_reminder_rule, try_reminder_rule]
