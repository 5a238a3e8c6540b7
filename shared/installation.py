"""The installation as a service hears of it: the tree of operators, and where it bills.

The rows are the service's own: `queries` are its statements `learn_operators`, `learn_billing_settings` and
`billing_settings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.catalog import BillingSettingsChanged, OperatorChanged
from shared.db import Tx
from shared.versions import newest


@dataclass(frozen=True, slots=True)
class Place:
    """Where the installation bills: its time zone and currency."""

    time_zone: str = "UTC"
    currency: str = "BDT"


async def learn_operators(tx: Tx, queries: Any, operators: Sequence[OperatorChanged]) -> None:
    """Keep the newest of each operator."""
    rows = newest(operators, lambda each: each.operator_id, lambda each: each.version)
    await queries.learn_operators(
        tx,
        operator_ids=[each.operator_id for each in rows],
        names=[each.name for each in rows],
        paths=["{" + ",".join(map(str, each.path)) + "}" for each in rows],
        versions=[each.version for each in rows],
    )


async def learn_billing_settings(tx: Tx, queries: Any, heard: Sequence[BillingSettingsChanged]) -> None:
    """Keep the newest billing settings."""
    settings = max(heard, key=lambda each: each.version)
    await queries.learn_billing_settings(
        tx, time_zone=settings.time_zone, currency=settings.currency, version=settings.version
    )


async def billing_place(tx: Any, queries: Any) -> Place:
    """Return the billing settings, or UTC until they have been heard."""
    row = await queries.billing_settings(tx)
    return Place(row["time_zone"], row["currency"]) if row else Place()
