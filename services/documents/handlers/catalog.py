"""The installation as documents knows it: the tree of operators, and where it bills."""

from __future__ import annotations

from collections.abc import Sequence

from services.documents.store import queries
from shared import installation
from shared.contracts.catalog import BillingSettingsChanged, OperatorChanged
from shared.contracts.envelope import Received
from shared.db import Tx


async def learn_operators(received: Sequence[Received[OperatorChanged]], tx: Tx) -> None:
    """Keep the newest version of each operator."""
    await installation.learn_operators(tx, queries, [each.data for each in received])


async def learn_billing_settings(received: Sequence[Received[BillingSettingsChanged]], tx: Tx) -> None:
    """Keep the newest billing settings."""
    await installation.learn_billing_settings(tx, queries, [each.data for each in received])
