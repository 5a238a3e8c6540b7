"""Payment gateways: set one up, take one away; and what is done about money that is paid online."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem, not_found
from gateway.queries import operators as operator_queries
from gateway.schemas import payment_gateways as payment_gateway_schemas
from gateway.schemas.payment_gateways import PaymentGateway, secrets_of
from gateway.store import gateways as gateway_store
from shared import clock
from shared.contracts.payments import (
    ChangeOnlineSettings,
    ConfigurePaymentGateway,
    Provider,
    RemovePaymentGateway,
)
from shared.sealing import seal


async def configure(
    gateway: Gateway,
    principal: Principal,
    provider: Provider,
    read: Callable[[], PaymentGateway],
    key: Key | None,
) -> Outcome:
    """Set what is named of a gateway and keep the rest; the provider is asked whether the secrets work."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        body = read()
        operator_id = body.operator_id or principal.operator_id
        await operator_queries.operator(operation.tx, principal, operator_id)
        own = await gateway_store.payment_gateways(operation.tx, principal.top, operator_id, provider)
        secrets = secrets_of(body, provider, is_new=not own)
        await operation.claim()
        command = ConfigurePaymentGateway(
            gateway_id=own[0]["id"] if own else operation.id,
            provider=provider,
            operator_id=operator_id,
            sealed=_sealed(gateway, provider, operator_id, secrets),
            **_changes(body),
            **operation.signature,
        )
        version = own[0]["version"] if own else 0
        await operation.submit("payment-gateway", operator_id, command, provider=provider, version=version)
    return operation.outcome


def _changes(body: PaymentGateway) -> dict[str, Any]:
    """Return what is not secret; an address that is named and empty is the provider's own again."""
    return {
        "enabled": body.enabled,
        "base_url": body.base_url or ("" if "base_url" in body.model_fields_set else None),
        "minimum_minor": body.minimum_minor,
        "maximum_minor": body.maximum_minor,
    }


def _sealed(
    gateway: Gateway, provider: Provider, operator_id: UUID, secrets: dict[str, str] | None
) -> str | None:
    if secrets is None:
        return None
    return seal(
        gateway.settings.payments_sealing_public_key,
        secrets,
        service="payments",
        operator_id=operator_id,
        provider=provider,
        at=clock.now(),
    )


async def remove(
    gateway: Gateway, principal: Principal, provider: Provider, operator_id: UUID | None, key: Key | None
) -> Outcome:
    """Take an operator's gateway away; the nearest above counts from then on."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        of = operator_id or principal.operator_id
        await operator_queries.operator(operation.tx, principal, of)
        own = await gateway_store.payment_gateways(operation.tx, principal.top, of, provider)
        if not own:
            raise not_found("There is no such payment gateway.")
        await operation.claim()
        command = RemovePaymentGateway(gateway_id=own[0]["id"], **operation.signature)
        await operation.submit("payment-gateway-removed", of, command, provider=provider)
    return operation.outcome


async def change_online_settings(
    gateway: Gateway,
    principal: Principal,
    read: Callable[[], payment_gateway_schemas.OnlineSettings],
    key: Key | None,
) -> Outcome:
    """Set whether payments are confirmed by a message; the whole installation's, so the root's alone."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        if not principal.sees_all:
            raise Problem(403, "forbidden", "These settings are the whole installation's.")
        body = read()
        await operation.claim()
        command = ChangeOnlineSettings(send_receipts=body.send_receipts, **operation.signature)
        await operation.submit("online-settings", operation.id, command, send_receipts=body.send_receipts)
    return operation.outcome
