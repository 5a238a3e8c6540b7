"""Payment links: an address to pay at, for one bill; and the customer's own address, sent to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.commands.bills import must_be_payable
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened, wait
from gateway.problems import Problem, not_found, wrong
from gateway.queries import customers as customer_queries
from gateway.queries import isp_profiles as isp_profile_queries
from gateway.queries import link_plans
from gateway.queries import payments as payment_queries
from gateway.queries.billing_settings import country
from gateway.queries.bills import bill_row
from gateway.schemas import payment_links as payment_link_schemas
from gateway.schemas.customers import CustomerShown
from gateway.schemas.payments import PaymentItem
from gateway.store import customers as customer_store
from gateway.store import gateways as gateway_store
from gateway.store import operations as operation_store
from gateway.store import payment_links as payment_link_store
from gateway.store.access import acting_as
from gateway.store.operations import Operation
from gateway.store.statements import Row
from shared import clock
from shared.contracts.envelope import Actor
from shared.contracts.notifications import RetryMessage, SendMessage, SettleMessage
from shared.contracts.payments import CreatePaymentLink
from shared.db import Tx
from shared.ids import new_id
from shared.sealing import seal
from shared.values import grouping
from shared.values.texts import with_digits_of

_TIME_TO_PAY = timedelta(hours=1)


async def send_payment_link(
    gateway: Gateway,
    principal: Principal,
    bill_id: UUID,
    read: Callable[[], payment_link_schemas.PaymentLink],
    key: Key | None,
) -> Outcome:
    """Make a link to pay by, and send it where that is asked for; the link before is revoked."""
    async with opened(gateway, principal, "send-links", key) as operation:
        bill = await bill_row(operation.tx, bill_id)
        body = read()
        planned = (await link_plans.plan(operation.tx, [bill_id], send_sms=body.send_sms))[0]
        if planned.outcome == "no-mobile":
            raise wrong("mobile", link_plans.DETAILS["no-mobile"], "no-mobile")
        await operation.claim()
        must_be_payable(bill)
        if planned.outcome is not None:
            raise await _no_link(operation.tx, gateway, bill["customer_id"], planned.outcome)
        command = CreatePaymentLink(
            link_id=operation.id,
            invoice_id=bill_id,
            customer_id=bill["customer_id"],
            send_sms=body.send_sms,
            mobile=planned.mobile if body.send_sms else None,
            language=body.language,
            **operation.signature,
        )
        await operation.submit("payment-link", operation.id, command, send_sms=body.send_sms)
    return operation.outcome


async def _no_link(tx: Tx, gateway: Gateway, customer_id: UUID, outcome: str) -> Problem:
    """Return why there can be no link, with the customer's own address to copy instead.

    The address is asked of their id, for they may have moved out of reach since the bill.
    """
    generation = await customer_store.portal_generation(tx, customer_id)
    detail = f"{link_plans.DETAILS[outcome]} The portal address can be copied instead."
    return Problem(409, outcome, detail, extra={"portal_url": gateway.portals.url(customer_id, generation)})


async def _mobile_of(tx: Tx, customer: CustomerShown) -> str:
    """Return the number that a customer's messages go to, or raise 422 `no-mobile`."""
    mobile = link_plans.usable_mobile(customer["mobile"], await country(tx))
    if mobile is None:
        raise wrong("mobile", link_plans.DETAILS["no-mobile"], "no-mobile")
    return mobile


async def _must_have_sms(tx: Tx, customer: CustomerShown) -> None:
    """Raise 409 with the portal address to hand on instead, where no message can go out."""
    if not await gateway_store.sms_ways(tx, [UUID(customer["operator_id"])]):
        code = "sms-gateway-not-configured"
        extra = {"portal_url": customer["portal_url"]}
        raise Problem(409, code, link_plans.DETAILS[code], extra=extra)


async def send_portal_address(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], payment_link_schemas.PortalMessage],
    key: Key | None,
) -> Outcome:
    """Send a customer the address of their own page."""
    async with opened(gateway, principal, "send-links", key) as operation:
        customer = await customer_queries.customer(operation.tx, customer_id, gateway.portals)
        body = read()
        mobile = await _mobile_of(operation.tx, customer)
        await operation.claim()
        await _must_have_sms(operation.tx, customer)
        command = SendMessage(
            message_id=operation.id,
            mobile=mobile,
            language=body.language,
            **await _portal_message(operation.tx, gateway, customer),
            **operation.signature,
        )
        await operation.submit("portal-message", operation.id, command)
    return operation.outcome


async def _portal_message(tx: Tx, gateway: Gateway, customer: CustomerShown) -> dict[str, Any]:
    """Return what a message says that carries a customer's own address."""
    operator_id = UUID(customer["operator_id"])
    return {
        "customer_id": UUID(customer["id"]),
        "operator_id": operator_id,
        "template": "portal-address",
        "values": {
            "customer": customer["name"],
            "code": customer["code"],
            "isp": (await isp_profile_queries.profile(tx, operator_id))["name"],
        },
        "sealed_url": _sealed_url(gateway, customer["portal_url"], operator_id),
    }


def _sealed_url(gateway: Gateway, url: str, operator_id: UUID) -> str:
    return seal(
        gateway.settings.notifications_sealing_public_key,
        {"url": url},
        service="notifications",
        operator_id=operator_id,
        provider="link",
        at=clock.now(),
    )


async def send_receipt(
    gateway: Gateway,
    principal: Principal,
    payment_id: UUID,
    read: Callable[[], payment_link_schemas.PortalMessage],
    key: Key | None,
) -> Outcome:
    """Tell a customer by SMS that their payment has come in."""
    async with opened(gateway, principal, "send-links", key) as operation:
        payment = await payment_queries.payment_in_list(operation.tx, payment_id)
        customer = await customer_queries.customer(
            operation.tx, UUID(payment["customer_id"]), gateway.portals
        )
        body = read()
        mobile = await _mobile_of(operation.tx, customer)
        await operation.claim()
        if payment["reversed"]:
            raise Problem(409, "already-reversed", "This payment has been reversed.")
        await _must_have_sms(operation.tx, customer)
        command = SendMessage(
            message_id=operation.id,
            mobile=mobile,
            language=body.language,
            **await _receipt(operation.tx, customer, payment, body.language),
            **operation.signature,
        )
        await operation.submit("receipt-message", operation.id, command)
    return operation.outcome


async def _receipt(tx: Tx, customer: CustomerShown, payment: PaymentItem, language: str) -> dict[str, Any]:
    """Return what a message says of money that came in."""
    operator_id = UUID(customer["operator_id"])
    balance = payment["bill"]["balance_minor"] if payment["bill"] else 0
    amounts = {"amount": payment["amount_minor"], "balance": balance}
    written = {
        name: with_digits_of(language, grouping.amount(minor, payment["currency"]))
        for name, minor in amounts.items()
    }
    return {
        "customer_id": UUID(customer["id"]),
        "operator_id": operator_id,
        "invoice_id": UUID(payment["bill_id"]) if payment["bill_id"] else None,
        "template": "payment-received",
        "values": {
            "customer": customer["name"],
            "code": customer["code"],
            "isp": (await isp_profile_queries.profile(tx, operator_id))["name"],
            **written,
        },
    }


async def settle_message(
    gateway: Gateway,
    principal: Principal,
    message_id: UUID,
    read: Callable[[], payment_link_schemas.MessageOutcome],
    key: Key | None,
) -> Outcome:
    """Say what became of a message that nobody could tell."""
    async with opened(gateway, principal, "place-held", key) as operation:
        await _known_message(operation.tx, message_id)
        body = read()
        await operation.claim()
        command = SettleMessage(
            message_id=message_id, outcome=body.outcome, note=body.note, **operation.signature
        )
        await operation.submit("message", message_id, command)
    return operation.outcome


async def retry_message(gateway: Gateway, principal: Principal, message_id: UUID, key: Key | None) -> Outcome:
    """Send a failed message once more, as a message of its own."""
    async with opened(gateway, principal, "send-links", key) as operation:
        await _known_message(operation.tx, message_id)
        await operation.claim()
        command = RetryMessage(message_id=message_id, retry_id=operation.id, **operation.signature)
        await operation.submit("message", operation.id, command)
    return operation.outcome


async def _known_message(tx: Tx, message_id: UUID) -> None:
    if await payment_link_store.message(tx, message_id) is None:
        raise Problem(404, "not-found", "There is no such message.")


async def link_for_portal(gateway: Gateway, customer_id: UUID, bill_ids: Sequence[UUID]) -> Outcome | str:
    """Return the address at which a customer pays bills of theirs: the link there is, or one that is made.

    Asked by whoever holds the customer's own address, so nobody signs it and nothing is sent.
    """
    operation_id = new_id()
    customer = Principal(customer_id, "portal", "portal", "viewer", customer_id, sees_all=True)
    with gateway.waiters.waiting_for(operation_id) as ended:
        async with acting_as(gateway.pool, customer) as tx:
            bills = await _payable_bills(tx, customer_id, bill_ids)
            known_id = await _open_link(tx, bill_ids)
            if known_id is not None:
                return gateway.portals.links.url(known_id)
            operator_ids = {bill["operator_id"] for bill in bills}
            if operator_ids - (await gateway_store.payment_ways(tx, operator_ids)).keys():
                code = "online-payments-not-configured"
                raise Problem(409, code, link_plans.DETAILS[code])
            command = CreatePaymentLink(
                link_id=operation_id,
                invoice_id=bill_ids[0],
                further_invoice_ids=tuple(bill_ids[1:]),
                customer_id=customer_id,
                actor=Actor(kind="system", name="portal"),
            )
            asked = Operation(
                operation_id, "payment-link", operation_id, bills[0]["operator_id"], customer.caller
            )
            await operation_store.add(tx, asked, command, clock.now())
        return await wait(gateway, customer, operation_id, ended, look_first=False)


async def _payable_bills(tx: Tx, customer_id: UUID, bill_ids: Sequence[UUID]) -> list[Row]:
    """Return bills of a customer; another's are 404, one without a balance is 409."""
    bills = [await bill_row(tx, each) for each in bill_ids]
    for bill in bills:
        if bill["customer_id"] != customer_id:
            raise not_found("There is no such bill.")
        must_be_payable(bill)
    return bills


async def _open_link(tx: Tx, bill_ids: Sequence[UUID]) -> UUID | None:
    """Return the link to these bills that there is; one to several must leave time to pay."""
    if len(bill_ids) > 1:
        lasts_until = clock.now() + _TIME_TO_PAY
        return await payment_link_store.link_to_these(tx, bill_ids, lasts_until)
    known = (await payment_link_store.last_of_bills(tx, bill_ids)).get(bill_ids[0])
    if known is None or known["state"] != "active" or known["expires_at"] <= clock.now():
        return None
    link_id: UUID = known["id"]
    return link_id
