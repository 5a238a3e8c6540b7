"""The installation as a service hears of it: the tree of operators, and where it bills.

The rows are the service's own, and so are the statements that `Installation` is given: `learn_operators`,
`learn_billing_settings` and `billing_settings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.catalog import BillingSettingsChanged, OperatorChanged
from shared.contracts.envelope import Received
from shared.db import Pool, Tx
from shared.versions import newest


@dataclass(frozen=True, slots=True)
class Place:
    """The place that the installation bills in: its time zone and currency."""

    time_zone: str = "UTC"
    currency: str = "BDT"


@dataclass(frozen=True, slots=True)
class Installation:
    """A service's rows about the installation."""

    queries: Any

    async def learn_operators(self, received: Sequence[Received[OperatorChanged]], tx: Tx) -> None:
        """Keep the newest version of each operator."""
        operators = newest(
            [each.data for each in received], lambda each: each.operator_id, lambda each: each.version
        )
        await self.queries.learn_operators(
            tx,
            operator_ids=[each.operator_id for each in operators],
            names=[each.name for each in operators],
            paths=["{" + ",".join(map(str, each.path)) + "}" for each in operators],
            versions=[each.version for each in operators],
        )

    async def learn_billing_settings(
        self, received: Sequence[Received[BillingSettingsChanged]], tx: Tx
    ) -> None:
        """Keep the newest billing settings."""
        settings = max((each.data for each in received), key=lambda each: each.version)
        await self.queries.learn_billing_settings(
            tx, time_zone=settings.time_zone, currency=settings.currency, version=settings.version
        )

    async def billing_place(self, tx: Tx | Pool) -> Place:
        """Return where the installation bills; UTC until it has been heard."""
        row = await self.queries.billing_settings(tx)
        return Place(row["time_zone"], row["currency"]) if row else Place()
