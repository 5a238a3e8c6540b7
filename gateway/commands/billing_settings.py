"""Billing settings: set what is named, keep the rest."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, Wish, perform, signature
from gateway.problems import Problem, wrong
from gateway.schemas import billing_settings as settings_schemas
from shared.contracts import catalog
from shared.db import Tx


async def change_settings(
    gateway: Gateway,
    principal: Principal,
    read: Callable[[], settings_schemas.BillingSettings],
    key: Key | None,
) -> Outcome:
    """Set what is named, keep the rest; the whole installation's, so the root's alone."""
    principal.must("change-settings")
    if not principal.sees_all:
        raise Problem(403, "forbidden", "These settings are the whole installation's.")

    async def look(tx: Tx) -> settings_schemas.BillingSettings:
        body = read()
        if body.time_zone is not None:
            _check_zone(body.time_zone)
        return body

    async def wish(tx: Tx, body: settings_schemas.BillingSettings, operation_id: UUID) -> Wish:
        command = catalog.ChangeBillingSettings(**body.model_dump(), **signature(principal))
        return Wish("settings", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong("time_zone", "This is no IANA time zone.") from error
