"""Payment gateways set up: said once their provider was asked whether the credentials work."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.payments.domain import CredentialsMissing, NotFound, Refused, WrongAddress, is_within
from services.payments.handlers.answers import CONSUMER, refused
from services.payments.store import Row, queries
from shared import clock, inbox, outbox
from shared.cloudevents import envelope_to_json
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


async def configure(received: Sequence[Received[ConfigurePaymentGateway]], tx: Tx) -> None:
    """Queue each change; a sender asks the provider and ends the command."""
    for each in await inbox.recognise(tx, received, CONSUMER):
        try:
            gateway_id = await _gateway_of(tx, each.data)
            await queries.ask_for_change(
                tx,
                command_id=each.id,
                gateway_id=gateway_id,
                command=each.data.model_dump(mode="json"),
                envelope=envelope_to_json(each.envelope),
                now=clock.now(),
            )
        except Refused as refusal:
            await outbox.say(tx, [refused(refusal, each)])


async def _gateway_of(tx: Tx, command: ConfigurePaymentGateway) -> UUID:
    """The gateway that this provider and operator have, or will have."""
    await _check_reach(tx, command.operator_id, command.scope)
    if command.base_url and (
        not command.base_url.startswith(("https://", "http://")) or leads_inside(command.base_url)
    ):
        raise WrongAddress
    known: Row | None = await queries.gateway_of(
        tx, provider=command.provider, operator_id=command.operator_id
    )
    if command.sealed is None and (known is None or known["removed"]):
        raise CredentialsMissing
    return known["gateway_id"] if known is not None else command.gateway_id


async def remove(received: Sequence[Received[RemovePaymentGateway]], tx: Tx) -> None:
    """Take each gateway away; removing one that is gone says so again."""
    for each in await inbox.recognise(tx, received, CONSUMER):
        try:
            known: Row | None = await queries.gateway(tx, gateway_id=each.data.gateway_id)
            if known is None:
                raise NotFound
            await _check_reach(tx, known["operator_id"], each.data.scope)
            row = known
            if not known["removed"]:
                row = await queries.remove_gateway(tx, gateway_id=each.data.gateway_id)
            await outbox.say(tx, [Said(gateway_changed(row), because=each.envelope)])
        except Refused as refusal:
            await outbox.say(tx, [refused(refusal, each)])


async def _check_reach(tx: Tx, operator_id: UUID, scope: UUID | None) -> None:
    path: list[UUID] | None = await queries.operator_path(tx, operator_id=operator_id)
    if path is None or not is_within(path, scope):
        raise NotFound
