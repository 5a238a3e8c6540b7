"""The ISP of the tests as services hear of it: its tree of operators, and where it bills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from shared.contracts.catalog import BillingSettingsChanged, OperatorChanged
from shared.contracts.envelope import Message
from shared.db import Pool
from shared.republishing import BYTES_AHEAD
from tests.unit.shared.contracts.test_golden import KINDS


def operators(*tree: tuple[UUID, str, Sequence[UUID]]) -> Iterator[OperatorChanged]:
    """Say operators by their id, name and path from the root."""
    for operator_id, name, path in tree:
        yield OperatorChanged(
            operator_id=operator_id,
            code=name[:3],
            name=name,
            path=tuple(path),
            invoice_prefix="X",
            version=1,
            parent_id=path[-2] if len(path) > 1 else None,
        )


def billing_settings() -> BillingSettingsChanged:
    """Say that it bills in Dhaka."""
    return BillingSettingsChanged(
        time_zone="Asia/Dhaka",
        currency="BDT",
        due_days=10,
        billing_from="2026-01",
        link_valid_hours=336,
        default_vat_basis_points=500,
        version=1,
    )


async def ends_of(pool: Pool, command_id: UUID) -> list[Message]:
    """Return what the outbox says because of a command, in its order."""
    rows = await pool.fetch(
        "SELECT type, payload FROM outbox WHERE causation_id = $1 ORDER BY id", command_id
    )
    return [KINDS[row["type"]].model_validate_json(row["payload"]) for row in rows]


async def leave_unsent(pool: Pool, topic: str) -> int:
    """Have so much wait for the relay in the bulk lane that what is said in bulk waits behind it; the row."""
    return int(
        await pool.fetchval(
            "INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)"
            " VALUES (1, $1, 'k', 'noise.v1', repeat('x', $2), now()) RETURNING id",
            topic,
            BYTES_AHEAD,
        )
    )
