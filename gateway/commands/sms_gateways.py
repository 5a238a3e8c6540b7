"""SMS gateways: set one up, take one away, send a test; and the texts that operators say themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.access import Principal
from gateway.commands.mobiles import mobile_or_refuse
from gateway.context import Gateway
from gateway.operations.submit import Key, OpenOperation, Outcome, opened
from gateway.problems import Problem, not_found
from gateway.queries import operators as operator_queries
from gateway.schemas import sms_gateways as sms_gateway_schemas
from gateway.schemas import sms_templates as sms_template_schemas
from gateway.schemas.sms_gateways import SmsGateway, secret_of, settings_of
from gateway.store import gateways as gateway_store
from gateway.store.statements import Row
from shared import clock, outbox
from shared.contracts.notifications import (
    ConfigureSmsGateway,
    RemoveSmsGateway,
    SaveSmsTemplate,
    SendTestMessage,
)
from shared.db import Tx
from shared.outbox import Said
from shared.sealing import seal


@dataclass(frozen=True, slots=True)
class Place:
    """Which of an operator's gateways a body means: the one it changes, or the one whose place it takes."""

    operator_id: UUID
    priority: int
    changed: Row | None
    replaced: Row | None


async def configure(
    gateway: Gateway, principal: Principal, read: Callable[[], SmsGateway], key: Key | None
) -> Outcome:
    """Set what is named of a gateway and keep the rest; another provider takes its place."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        body = read()
        place = await _place(operation.tx, principal, body)
        settings, secret = settings_of(body, place.changed), secret_of(body, place.changed)
        await operation.claim()
        gateway_id = place.changed["id"] if place.changed else operation.id
        if place.replaced is not None:
            await _remove(operation, place.replaced["id"])
        command = ConfigureSmsGateway(
            gateway_id=gateway_id,
            operator_id=place.operator_id,
            provider=body.provider,
            priority=place.priority,
            enabled=body.enabled,
            base_url=body.base_url,
            settings=settings,
            sealed=_sealed(gateway, body, place.operator_id, secret),
            sending_from=body.sending_from,
            sending_until=body.sending_until,
            per_minute=body.per_minute,
            cost_per_segment_minor=body.cost_per_segment_minor,
            clear=body.cleared(),
            **operation.signature,
        )
        await operation.submit("sms-gateway", gateway_id, command, operator_id=str(place.operator_id))
    return operation.outcome


async def _place(tx: Tx, principal: Principal, body: SmsGateway) -> Place:
    """Find the gateway that is named by its id or its place; 404 outside the subtree."""
    if body.gateway_id is not None:
        found = await _within_reach(tx, principal, body.gateway_id)
        priority = found["priority"] if body.priority is None else body.priority
        return _placed(body, found["operator_id"], priority, found)
    operator_id = body.operator_id or principal.operator_id
    await operator_queries.operator(tx, principal, operator_id)
    rows = await gateway_store.sms_gateways(tx, principal.top, operator_id)
    priority = body.priority if body.priority is not None else rows[0]["priority"] if rows else 0
    return _placed(
        body, operator_id, priority, next((row for row in rows if row["priority"] == priority), None)
    )


def _placed(body: SmsGateway, operator_id: UUID, priority: int, found: Row | None) -> Place:
    is_same = found is not None and found["provider"] == body.provider
    return Place(operator_id, priority, found if is_same else None, None if is_same else found)


async def _within_reach(tx: Tx, principal: Principal, gateway_id: UUID) -> Row:
    found = await gateway_store.sms_gateway(tx, gateway_id)
    if found is None or found["removed"]:
        raise not_found("There is no such SMS gateway.")
    # The row of an operator above can be seen, for its messages go by it, but not changed.
    await operator_queries.operator(tx, principal, found["operator_id"])
    return found


def _sealed(
    gateway: Gateway, body: SmsGateway, operator_id: UUID, secret: dict[str, str] | None
) -> str | None:
    if secret is None:
        return None
    return seal(
        gateway.settings.notifications_sealing_public_key,
        secret,
        service="notifications",
        operator_id=operator_id,
        provider=body.provider,
        at=clock.now(),
    )


async def _remove(operation: OpenOperation, gateway_id: UUID) -> None:
    await outbox.say(operation.tx, [Said(RemoveSmsGateway(gateway_id=gateway_id, **operation.signature))])


async def remove(
    gateway: Gateway,
    principal: Principal,
    operator_id: UUID | None,
    gateway_id: UUID | None,
    key: Key | None,
) -> Outcome:
    """Take one of an operator's gateways away, or all of them; messages go by those above from then on."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        if gateway_id is not None:
            found = [await _within_reach(operation.tx, principal, gateway_id)]
        else:
            of = operator_id or principal.operator_id
            await operator_queries.operator(operation.tx, principal, of)
            found = await gateway_store.sms_gateways(operation.tx, principal.top, of)
        if not found:
            raise not_found("There is no SMS gateway to take away.")
        await operation.claim()
        *others, last = found
        for row in others:
            await _remove(operation, row["id"])
        command = RemoveSmsGateway(gateway_id=last["id"], **operation.signature)
        await operation.submit(
            "sms-gateway-removed", last["id"], command, operator_id=str(last["operator_id"])
        )
    return operation.outcome


async def send_test(
    gateway: Gateway, principal: Principal, read: Callable[[], sms_gateway_schemas.SmsTest], key: Key | None
) -> Outcome:
    """Send a test message; its outcome is the provider's answer."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        body = read()
        operator_id = body.operator_id or principal.operator_id
        if body.gateway_id is not None:
            operator_id = (await _within_reach(operation.tx, principal, body.gateway_id))["operator_id"]
        await operator_queries.operator(operation.tx, principal, operator_id)
        to = await mobile_or_refuse(operation.tx, body.to, "to")
        await operation.claim()
        ways = await gateway_store.sms_ways(operation.tx, [operator_id])
        if body.gateway_id is None and operator_id not in ways:
            raise Problem(409, "sms-gateway-not-configured", "No SMS gateway is set up.")
        command = SendTestMessage(
            message_id=operation.id,
            operator_id=operator_id,
            gateway_id=body.gateway_id,
            to=to,
            language=body.language,
            **operation.signature,
        )
        await operation.submit("sms-test", operation.id, command)
    return operation.outcome


async def save_template(
    gateway: Gateway,
    principal: Principal,
    read: Callable[[], sms_template_schemas.SmsTemplate],
    key: Key | None,
) -> Outcome:
    """Give an operator a text of its own, or take it back to the one above."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        body = read()
        operator_id = body.operator_id or principal.operator_id
        await operator_queries.operator(operation.tx, principal, operator_id)
        sms_template_schemas.refuse_unsendable(body)
        await operation.claim()
        command = SaveSmsTemplate(
            template=body.template,
            operator_id=operator_id,
            language=body.language,
            text=body.text,
            **operation.signature,
        )
        await operation.submit("sms-template", operator_id, command)
    return operation.outcome
