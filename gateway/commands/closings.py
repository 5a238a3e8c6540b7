"""Closings: sign a day off, once and for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem, wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import closings as closing_queries
from gateway.schemas import closings as closing_schemas
from gateway.schemas.fields import refuse_card_numbers
from gateway.store import closings as closing_store
from gateway.store.closings import Whose
from shared.contracts import payments


async def close_day(
    gateway: Gateway, principal: Principal, read: Callable[[], closing_schemas.Close], key: Key | None
) -> Outcome:
    """Sign a day off with what was counted; a collector signs their own."""
    async with opened(gateway, principal, "close-day", key) as operation:
        body = read()
        whose = await closing_queries.whose_day(operation.tx, principal, body.operator_id, body.collector)
        must_be_theirs(principal, whose)
        must_be_explained(body, await settings_queries.today(operation.tx))
        await operation.claim()
        if await closing_store.of_day(operation.tx, whose, body.day) is not None:
            raise Problem(409, "day-closed", "This day is closed.")
        settings = await settings_queries.billing_settings(operation.tx)
        command = payments.CloseDay(
            closing_id=operation.id,
            operator_id=whose.operator_id,
            collector=whose.collector,
            collector_name=whose.collector_name,
            day=body.day,
            currency=settings["currency"],
            expected_minor=body.expected_minor,
            counted_minor=body.counted_minor,
            note=body.note,
            **operation.signature,
        )
        about = f"{whose.collector_name or whose.operator_name} · {body.day.isoformat()}"
        await operation.submit("day-closed", operation.id, command, about=about)
    return operation.outcome


def must_be_explained(body: closing_schemas.Close, today: date) -> None:
    """Raise 422 for a day to come, a card number, or a difference that nobody says a word about."""
    refuse_card_numbers(note=body.note)
    if body.day > today:
        raise wrong("day", "This day has not come yet.")
    if body.counted_minor != body.expected_minor and not (body.note or "").strip():
        raise wrong("note", "Say why what was counted differs from what is expected.", "not-explained")


def must_be_theirs(principal: Principal, whose: Whose) -> None:
    """Raise 403 where a collector would sign for somebody else."""
    if principal.role == "collector" and whose.collector != principal.email:
        raise Problem(403, "forbidden", "A collector signs their own days.")
