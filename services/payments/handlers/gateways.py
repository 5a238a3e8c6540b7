"""Payment gateways set up: said once their provider was asked whether the credentials work."""

from __future__ import annotations

from uuid import UUID

from services.payments import store
from services.payments.domain import CredentialsMissing, NotFound, WrongAddress, is_within
from services.payments.store import Row
from shared.contracts.envelope import Received
from shared.contracts.payments import ConfigurePaymentGateway, PaymentGatewayChanged, RemovePaymentGateway
from shared.db import Tx
from shared.outbox import Said
from shared.outgoing import leads_inside


def gateway_changed(row: Row) -> PaymentGatewayChanged:
    """A gateway as the world hears it: without its secrets."""
    names = (
        "gateway_id", "provider", "operator_id", "enabled", "base_url", "minimum_minor", "maximum_minor",
        "unverified", "removed", "version",
    )  # fmt: skip
    return PaymentGatewayChanged(**{name: row[name] for name in names})


async def configure(command: Received[ConfigurePaymentGateway], tx: Tx) -> list[Said]:
    """Queue the change; a sender asks the provider and ends the command."""
    await store.gateways.ask_for_change(tx, command, await _gateway_of(tx, command.data))
    return []


async def _gateway_of(tx: Tx, command: ConfigurePaymentGateway) -> UUID:
    """The gateway that this provider and operator have, or will have."""
    await _check_reach(tx, command.operator_id, command.scope)
    if command.base_url and (
        not command.base_url.startswith(("https://", "http://")) or leads_inside(command.base_url)
    ):
        raise WrongAddress
    known = await store.gateways.of_operator(tx, command.provider, command.operator_id)
    if command.sealed is None and (known is None or known["removed"]):
        raise CredentialsMissing
    return known["gateway_id"] if known is not None else command.gateway_id


async def remove(command: Received[RemovePaymentGateway], tx: Tx) -> list[Said]:
    """Take a gateway away; removing one that is gone says so again."""
    gateway_id = command.data.gateway_id
    known = await store.gateways.by_id(tx, gateway_id)
    if known is None:
        raise NotFound
    await _check_reach(tx, known["operator_id"], command.data.scope)
    row = known if known["removed"] else await store.gateways.remove(tx, gateway_id)
    return [Said(gateway_changed(row), because=command.envelope)]


async def _check_reach(tx: Tx, operator_id: UUID, scope: UUID | None) -> None:
    path = await store.operators.path(tx, operator_id)
    if path is None or not is_within(path, scope):
        raise NotFound
