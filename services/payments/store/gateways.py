"""Payment gateways as rows, and the changes of them that a provider is still to be asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared import clock
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Received
from shared.contracts.payments import ConfigurePaymentGateway
from shared.db import Connection, Pool, Tx


async def by_id(tx: Tx | Pool, gateway_id: UUID) -> Row | None:
    """Return a gateway, removed ones too; None for an unknown one."""
    row: Row | None = await queries.gateway(tx, gateway_id=gateway_id)
    return row


async def of_operator(tx: Tx | Pool, provider: str, operator_id: UUID) -> Row | None:
    """Return the gateway that an operator itself has with a provider, removed ones too."""
    row: Row | None = await queries.gateway_of(tx, provider=provider, operator_id=operator_id)
    return row


async def of_checkout(pool: Pool, checkout: Row) -> Row:
    """Return the gateway that a checkout was opened at, removed since or not."""
    row: Row = await queries.gateway(pool, gateway_id=checkout["gateway_id"])
    return row


async def of_provider(pool: Pool, provider: str) -> list[Row]:
    """Return all gateways of a provider."""
    return [row async for row in queries.gateways_of_provider(pool, provider=provider)]


async def for_bills(tx: Tx | Connection, invoice_ids: Sequence[UUID]) -> list[Row]:
    """Return the gateways that take money for each bill, a row a bill and provider."""
    return [row async for row in queries.gateways_for_bills(tx, invoice_ids=invoice_ids)]


async def payable_online(tx: Tx, invoice_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the bills that any gateway takes money for."""
    return {row["invoice_id"] for row in await for_bills(tx, invoice_ids)}


async def save(tx: Tx, gateway: Mapping[str, Any]) -> Row:
    """Write a gateway; the same provider for the same operator is the one that there is. Return it."""
    row: Row = await queries.save_gateway(tx, **gateway)
    return row


async def remove(tx: Tx, gateway_id: UUID) -> Row:
    """Take a gateway away; return it."""
    row: Row = await queries.remove_gateway(tx, gateway_id=gateway_id)
    return row


async def forget_secrets(tx: Tx) -> None:
    """Take away the secrets of removed gateways, once nothing that they opened is asked about any more."""
    await queries.forget_secrets(tx)


async def ask_for_change(tx: Tx, command: Received[ConfigurePaymentGateway], gateway_id: UUID) -> None:
    """Put a change in line until the provider has been asked."""
    await queries.ask_for_change(
        tx,
        command_id=command.id,
        gateway_id=gateway_id,
        command=command.data.model_dump(mode="json"),
        envelope=envelope_to_json(command.envelope),
        now=clock.now(),
    )


async def claim_change(pool: Pool) -> Row | None:
    """Take the next change for half a minute; None when nothing waits."""
    row: Row | None = await queries.claim_change(pool)
    return row


async def end_change(tx: Tx, command_id: UUID) -> bool:
    """Take a change out of the line; False where somebody else has done so."""
    return bool(await queries.end_change(tx, command_id=command_id))
