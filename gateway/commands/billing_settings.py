"""Billing settings: set what is named, keep the rest."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem, wrong
from gateway.schemas import billing_settings as settings_schemas
from shared.contracts import catalog


async def change_settings(
    gateway: Gateway,
    principal: Principal,
    read: Callable[[], settings_schemas.BillingSettings],
    key: Key | None,
) -> Outcome:
    """Set what is named, keep the rest; the whole installation's, so the root's alone."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        if not principal.sees_all:
            raise Problem(403, "forbidden", "These settings are the whole installation's.")
        body = read()
        if body.time_zone is not None:
            _check_zone(body.time_zone)
        await operation.claim()
        command = catalog.ChangeBillingSettings(**body.model_dump(), **operation.signature)
        await operation.submit("settings", operation.id, command)
    return operation.outcome


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong("time_zone", "This is no IANA time zone.") from error
