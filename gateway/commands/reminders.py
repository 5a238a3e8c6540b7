"""Reminders: make and change rules, and ask who would hear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import not_found
from gateway.queries import operators as operator_queries
from gateway.schemas import reminders as reminder_schemas
from gateway.store import reminders as reminder_store
from shared.contracts.payments import SaveReminderRule, TryReminderRule
from shared.db import Tx


async def add_rule(
    gateway: Gateway, principal: Principal, read: Callable[[], reminder_schemas.ReminderRule], key: Key | None
) -> Outcome:
    """Make a rule for an operator's subtree."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        body = read()
        operator_id = body.operator_id or principal.operator_id
        await _check_reach(operation.tx, principal, [operator_id, *body.exclude_operator_ids])
        await operation.claim()
        command = SaveReminderRule(
            rule_id=operation.id,
            operator_id=operator_id,
            days=body.days,
            template=body.template,
            language=body.language,
            enabled=body.enabled,
            exclude_operator_ids=body.exclude_operator_ids,
            **operation.signature,
        )
        await operation.submit("reminder-rule-made", operation.id, command)
    return operation.outcome


async def change_rule(
    gateway: Gateway,
    principal: Principal,
    rule_id: UUID,
    read: Callable[[], reminder_schemas.ReminderRuleChange],
    key: Key | None,
) -> Outcome:
    """Change what is named of a rule."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        known = await reminder_store.rule(operation.tx, rule_id)
        if known is None:
            raise not_found("There is no such reminder.")
        body = read()
        await _check_reach(operation.tx, principal, body.exclude_operator_ids or ())
        await operation.claim()
        kept = {name: known[name] for name in ("days", "template", "language", "enabled")}
        kept["exclude_operator_ids"] = tuple(known["exclude_operator_ids"])
        named = {name: getattr(body, name) for name in body.model_fields_set}
        command = SaveReminderRule(
            rule_id=rule_id, operator_id=known["operator_id"], **(kept | named), **operation.signature
        )
        await operation.submit("reminder-rule", rule_id, command)
    return operation.outcome


async def try_rule(
    gateway: Gateway, principal: Principal, read: Callable[[], reminder_schemas.ReminderTry], key: Key | None
) -> Outcome:
    """Ask who would hear from a rule; nothing is sent."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        body = read()
        operator_id = body.operator_id or principal.operator_id
        await _check_reach(operation.tx, principal, [operator_id, *body.exclude_operator_ids])
        await operation.claim()
        command = TryReminderRule(
            rule_id=operation.id,
            operator_id=operator_id,
            days=body.days,
            exclude_operator_ids=body.exclude_operator_ids,
            day=body.day,
            **operation.signature,
        )
        await operation.submit("reminder-plan", operation.id, command)
    return operation.outcome


async def _check_reach(tx: Tx, principal: Principal, operator_ids: Sequence[UUID]) -> None:
    for operator_id in operator_ids:
        await operator_queries.operator(tx, principal, operator_id)
