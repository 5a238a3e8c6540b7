"""Gateways that send messages and take money online, as an operator may see them."""

from __future__ import annotations

from uuid import UUID

from gateway.access import Principal
from gateway.queries import operators as operator_queries
from gateway.schemas import payment_gateways as payment_gateway_schemas
from gateway.schemas import sms_gateways as sms_gateway_schemas
from gateway.schemas import sms_templates as sms_template_schemas
from gateway.schemas.answers import Listed
from gateway.store import gateways as gateway_store
from gateway.store import operators as operator_store
from gateway.store import sms_templates as sms_template_store
from shared.contracts.payments import Provider
from shared.db import Tx


async def sms_settings(
    tx: Tx, principal: Principal, operator_id: UUID | None
) -> sms_gateway_schemas.SmsSettings:
    """Return an operator's SMS gateways, or by whose its messages go."""
    of = operator_id or principal.operator_id
    await operator_queries.operator(tx, principal, of)
    return await sms_settings_of(tx, of)


async def sms_settings_of(tx: Tx, of: UUID) -> sms_gateway_schemas.SmsSettings:
    """Return the SMS gateways of an operator that the reader is known to reach."""
    rows = await gateway_store.sms_gateways(tx, None, of)
    above = None
    if not any(row["enabled"] for row in rows):
        ways = (await gateway_store.sms_ways(tx, [of])).get(of)
        above = await operator_store.by_id(tx, ways[0]["owner_id"]) if ways else None
    return sms_gateway_schemas.sms_settings(of, rows, above)


async def sms_templates(
    tx: Tx, principal: Principal, operator_id: UUID | None
) -> Listed[sms_template_schemas.SmsTemplateShown]:
    """Return the texts that count for an operator."""
    of = operator_id or principal.operator_id
    await operator_queries.operator(tx, principal, of)
    rows = await sms_template_store.above(tx, of)
    return sms_template_schemas.templates(rows, of)


async def payment_gateways(
    tx: Tx, principal: Principal
) -> Listed[payment_gateway_schemas.PaymentGatewayShown]:
    """Return every payment gateway of the subtree."""
    return payment_gateway_schemas.listed(await gateway_store.payment_gateways(tx, principal.top))


async def payment_gateway(
    tx: Tx, principal: Principal, provider: Provider, operator_id: UUID | None
) -> payment_gateway_schemas.PaymentGatewayShown:
    """Return an operator's gateway of a provider, or by whose it collects meanwhile."""
    of = operator_id or principal.operator_id
    await operator_queries.operator(tx, principal, of)
    return await payment_gateway_of(tx, provider, of)


async def payment_gateway_of(
    tx: Tx, provider: Provider, of: UUID
) -> payment_gateway_schemas.PaymentGatewayShown:
    """Return the gateway of an operator that the reader is known to reach."""
    own = await gateway_store.payment_gateways(tx, None, of, provider)
    if own:
        return payment_gateway_schemas.payment_gateway(own[0])
    ways = (await gateway_store.payment_ways(tx, [of])).get(of, [])
    above = next((way for way in ways if way["provider"] == provider), None)
    return payment_gateway_schemas.not_set_up(provider, of, above)


async def online_settings(tx: Tx) -> payment_gateway_schemas.OnlineSettingsShown:
    """Return what is done about money that is paid online; nothing until somebody switches it on."""
    row = await gateway_store.online_settings(tx)
    return {"send_receipts": bool(row["send_receipts"]) if row else False}
