"""What the desk can ask for: each wish becomes a command in the outbox, and an operation waits for its end.

The order is role, reach, shape, key: `read` hands the body over only once the subject was found.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from uuid import UUID

from gateway import problems
from gateway.context import Gateway
from gateway.domain import Principal, Problem, holds_card_number, not_found, wrong
from gateway.operations import results as answers
from gateway.queries import bills as queries
from gateway.schemas import bodies
from gateway.schemas.bills import Body
from gateway.store import bills, operations
from gateway.store import customers as desk
from gateway.store.access import acting_as
from gateway.store.operations import Operation
from shared import clock
from shared.contracts import invoicing, payments
from shared.contracts.envelope import Actor, Command
from shared.db import Tx
from shared.ids import new_id

POLL_SECONDS = 0.25
NOT_YET_SHOWN_SECONDS = 0.02

T = TypeVar("T")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key and what it stands for."""

    value: str
    request_hash: bytes

    @classmethod
    def of(cls, value: str, *said: bytes | str) -> Key:
        """The key for a request that says this."""
        parts = [part.encode() if isinstance(part, str) else part for part in said]
        return cls(value, hashlib.sha256(b"\x00".join(parts)).digest())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish so far: `body` with 200/201, nothing yet with 202, else a `problem`."""

    operation_id: UUID
    status: int
    body: Body | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of whom: the operation to keep and the command to say."""

    kind: str
    subject_id: UUID
    command: Command | None
    facts: Mapping[str, Any] = field(default_factory=dict)


def signature(principal: Principal) -> dict[str, Any]:
    """Who asks, and how far they reach, as every command says it."""
    kind: Literal["token", "user"] = "token" if principal.token_id else "user"
    return {
        "actor": Actor(kind=kind, id=principal.token_id or principal.user_id, name=principal.name),
        "scope": None if principal.reach is None else principal.operator_id,
    }


async def perform(
    gateway: Gateway,
    principal: Principal,
    look: Callable[[Tx], Awaitable[T]],
    wish: Callable[[Tx, T, UUID], Awaitable[Wish]],
    key: Key | None = None,
) -> Outcome:
    """Keep the wish, say its command, and wait a while for its end. A known key gets its known answer."""
    operation_id = new_id()
    with gateway.waiters.waiting_for(operation_id) as ended:
        async with acting_as(gateway.pool, principal) as tx:
            subject = await look(tx)
            known = await known_operation(tx, principal, key, operation_id) if key else None
            if known is None:
                await _keep(tx, principal, operation_id, wish, subject)
        if known is None:
            return await wait(gateway, principal, operation_id, ended, look_first=False)
    with gateway.waiters.waiting_for(known) as ended:
        return await wait(gateway, principal, known, ended)


async def known_operation(tx: Tx, principal: Principal, key: Key, operation_id: UUID) -> UUID | None:
    """What the key stands for when it was used before; else it stands for `operation_id` from now on."""
    if await operations.claim_key(
        tx, principal.caller, key.value, key.request_hash, operation_id, clock.now()
    ):
        return None
    known = await operations.find_key(tx, principal.caller, key.value)
    if known is None:
        raise Problem(
            409, "idempotency-key-busy", "The first request with this key has not ended; try again."
        )
    if known.request_hash != key.request_hash:
        raise wrong("Idempotency-Key", "This key was used for another request.", "idempotency-key-reused")
    return known.operation_id


async def _keep(
    tx: Tx,
    principal: Principal,
    operation_id: UUID,
    wish: Callable[[Tx, T, UUID], Awaitable[Wish]],
    subject: T,
) -> None:
    """Keep the operation with its command; a refusal that we are sure of is kept as one."""
    try:
        wanted, problem = await wish(tx, subject, operation_id), None
    except Problem as refusal:
        if refusal.status != 409:
            raise
        wanted, problem = Wish("refused", operation_id, None), refusal
    operation = Operation(
        id=operation_id,
        kind=wanted.kind,
        subject_id=wanted.subject_id,
        operator_id=principal.operator_id,
        caller=principal.caller,
        state="refused" if problem else "pending",
        problem=problems.to_refusal(problem) if problem else None,
        facts={**wanted.facts, "from": principal.address},
    )
    await operations.add(tx, operation, wanted.command, clock.now())


async def wait(
    gateway: Gateway, principal: Principal, operation_id: UUID, ended: asyncio.Event, look_first: bool = True
) -> Outcome:
    """The operation's end, or 202 when it takes longer than a caller should wait."""
    deadline = asyncio.get_running_loop().time() + gateway.settings.answer_within_seconds
    pause = 0.0 if look_first else POLL_SECONDS
    while True:
        await _pause(ended, min(pause, deadline - asyncio.get_running_loop().time()))
        async with acting_as(gateway.pool, principal) as tx:
            operation = await operations.find(tx, operation_id)
            if operation is None:
                raise not_found("There is no such operation.")
            if operation.problem is not None:
                return Outcome(operation_id, 0, problem=problems.of_refusal(operation.problem))
            done = operation.state == "completed"
            body = await answers.answer(tx, operation, gateway.portals) if done else None
        if body is not None:
            return Outcome(operation_id, answers.status(operation, body), body)
        if asyncio.get_running_loop().time() >= deadline:
            return Outcome(operation_id, 202)
        ended.clear()
        pause = NOT_YET_SHOWN_SECONDS if done else POLL_SECONDS


async def _pause(ended: asyncio.Event, seconds: float) -> None:
    if seconds > 0:
        try:
            await asyncio.wait_for(ended.wait(), seconds)
        except TimeoutError:
            return


def required(key: Key | None) -> Key:
    """Money and mass changes are asked for with a key."""
    if key is None:
        raise wrong("Idempotency-Key", "This request needs an Idempotency-Key.", "idempotency-key-missing")
    return key


def refuse_card_numbers(**texts: str | None) -> None:
    """422 naming the text that holds a card number."""
    for name, text in texts.items():
        if text and holds_card_number(text):
            raise wrong(name, "This looks like a card number, which must not be written down.", "card-number")


async def record_payment(
    gateway: Gateway, principal: Principal, bill_id: UUID, read: Callable[[], bodies.Payment], key: Key | None
) -> Outcome:
    """Record money on a bill; what is over the balance becomes the customer's credit."""
    principal.must("record-payment")

    async def look(tx: Tx) -> tuple[bills.Row, bodies.Payment]:
        bill = await _bill(tx, bill_id)
        required(key)
        body = read()
        refuse_card_numbers(reference=body.reference, note=body.note, method=body.method)
        today = await queries.today(tx)
        if body.paid_on is not None and body.paid_on > today:
            raise wrong("paid_on", "This day has not come yet.")
        return bill, body.model_copy(update={"paid_on": body.paid_on or today})

    async def wish(tx: Tx, subject: tuple[bills.Row, bodies.Payment], operation_id: UUID) -> Wish:
        bill, body = subject
        _payable(bill)
        assert body.paid_on is not None, "look has put today in its place"
        command = payments.RecordPayment(
            payment_id=operation_id,
            customer_id=bill["customer_id"],
            invoice_id=bill_id,
            amount_minor=body.amount_minor,
            currency=bill["currency"],
            method=body.method,
            paid_on=body.paid_on,
            reference=body.reference,
            note=body.note,
            **signature(principal),
        )
        return Wish("payment", operation_id, command, {"bill_id": str(bill_id)})

    return await perform(gateway, principal, look, wish, key)


async def _bill(tx: Tx, bill_id: UUID) -> bills.Row:
    bill = await bills.by_id(tx, bill_id)
    if bill is None:
        raise not_found("There is no such bill.")
    return bill


def _payable(bill: bills.Row) -> None:
    if bill["status"] == "void":
        raise Problem(409, "bill-void", f"Bill {bill['number']} is void.")
    if bill["balance_minor"] == 0:
        raise Problem(409, "already-paid", f"Bill {bill['number']} has no balance left.")


async def reverse_payment(
    gateway: Gateway,
    principal: Principal,
    payment_id: UUID,
    read: Callable[[], bodies.Reason],
    key: Key | None,
) -> Outcome:
    """Take a payment back: first from credit, then from the bills that it settled."""
    principal.must("reverse")

    async def look(tx: Tx) -> tuple[desk.Row, bodies.Reason]:
        payment = await desk.one(tx, "payment_by_id", id=payment_id)
        if payment is None:
            raise not_found("There is no such payment.")
        required(key)
        body = read()
        refuse_card_numbers(reason=body.reason)
        return payment, body

    async def wish(tx: Tx, subject: tuple[desk.Row, bodies.Reason], operation_id: UUID) -> Wish:
        payment, body = subject
        if payment["reversed"]:
            raise Problem(409, "already-reversed", "This payment has been reversed.")
        command = payments.ReversePayment(
            payment_id=payment_id,
            customer_id=payment["customer_id"],
            reason=body.reason,
            **signature(principal),
        )
        return Wish("reversal", payment_id, command)

    return await perform(gateway, principal, look, wish, key)


async def void_bill(
    gateway: Gateway, principal: Principal, bill_id: UUID, read: Callable[[], bodies.Void], key: Key | None
) -> Outcome:
    """Void a bill; with `reissue` one with today's package follows."""
    principal.must("void")

    async def look(tx: Tx) -> tuple[bills.Row, bodies.Void]:
        bill = await _bill(tx, bill_id)
        required(key)
        body = read()
        refuse_card_numbers(reason=body.reason)
        return bill, body

    async def wish(tx: Tx, subject: tuple[bills.Row, bodies.Void], operation_id: UUID) -> Wish:
        bill, body = subject
        if bill["voided"] and (not body.reissue or bill["reissued_as"] is not None):
            raise Problem(409, "already-void", f"Bill {bill['number']} is void.")
        command = invoicing.VoidInvoice(
            invoice_id=bill_id,
            customer_id=bill["customer_id"],
            reason=body.reason,
            reissue=body.reissue,
            reissue_id=new_id() if body.reissue else None,
            seen_receivable_version=bill["receivable_version"],
            **signature(principal),
        )
        return Wish("void", bill_id, command, {"reissue": body.reissue})

    return await perform(gateway, principal, look, wish, key)


async def refund_credit(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], bodies.Refund],
    key: Key | None,
) -> Outcome:
    """Pay credit back to the customer."""
    principal.must("refund")

    async def look(tx: Tx) -> bodies.Refund:
        await queries.customer(tx, customer_id, gateway.portals)
        body = read()
        refuse_card_numbers(reason=body.reason)
        return body

    async def wish(tx: Tx, body: bodies.Refund, operation_id: UUID) -> Wish:
        command = payments.RefundCredit(
            refund_id=operation_id,
            customer_id=customer_id,
            amount_minor=body.amount_minor,
            reason=body.reason,
            **signature(principal),
        )
        return Wish("refund", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


async def send_payment_link(
    gateway: Gateway,
    principal: Principal,
    bill_id: UUID,
    read: Callable[[], bodies.PaymentLink],
    key: Key | None,
) -> Outcome:
    """A link to pay by; refused for as long as no gateway could serve it."""
    principal.must("send-links")

    async def look(tx: Tx) -> tuple[bills.Row, bodies.PaymentLink]:
        bill = await _bill(tx, bill_id)
        required(key)
        return bill, read()

    async def wish(tx: Tx, subject: tuple[bills.Row, bodies.PaymentLink], operation_id: UUID) -> Wish:
        bill, body = subject
        _payable(bill)
        if body.send_sms:
            customer = await queries.customer(tx, bill["customer_id"], gateway.portals)
            if not (customer["mobile"] or bill["customer_mobile"]):
                raise wrong("mobile", "This customer has no mobile number.", "no-mobile")
            raise Problem(
                409,
                "sms-gateway-not-configured",
                "No SMS gateway is set up; the portal address can be copied instead.",
                extra={"portal_url": gateway.portals.url(bill["customer_id"])},
            )
        raise Problem(409, "online-payments-not-configured", "No payment gateway is set up.")

    return await perform(gateway, principal, look, wish, key)


async def place_held_payment(
    gateway: Gateway, principal: Principal, held_id: UUID, read: Callable[[], bodies.Place], key: Key | None
) -> Outcome:
    """Give held money to a bill or to a customer."""
    principal.must("place-held")

    async def look(tx: Tx) -> tuple[UUID, UUID | None]:
        await queries.held_payment(tx, held_id)
        body = read()
        if body.bill_id is not None:
            bill = await _bill(tx, body.bill_id)
            return bill["customer_id"], body.bill_id
        assert body.customer_id is not None, "the body names one of the two"
        await queries.customer(tx, body.customer_id, gateway.portals)
        return body.customer_id, None

    async def wish(tx: Tx, target: tuple[UUID, UUID | None], operation_id: UUID) -> Wish:
        command = payments.PlaceHeldPayment(
            held_id=held_id, customer_id=target[0], invoice_id=target[1], **signature(principal)
        )
        return Wish("held-placed", held_id, command)

    return await perform(gateway, principal, look, wish, key)


async def reject_held_payment(
    gateway: Gateway, principal: Principal, held_id: UUID, read: Callable[[], bodies.Reason], key: Key | None
) -> Outcome:
    """Refuse held money, with a reason."""
    principal.must("place-held")

    async def look(tx: Tx) -> bodies.Reason:
        await queries.held_payment(tx, held_id)
        return read()

    async def wish(tx: Tx, body: bodies.Reason, operation_id: UUID) -> Wish:
        command = payments.RejectHeldPayment(held_id=held_id, reason=body.reason, **signature(principal))
        return Wish("held-rejected", held_id, command)

    return await perform(gateway, principal, look, wish, key)
