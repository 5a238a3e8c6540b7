"""Messages to customers: asked of notifications in the transaction that gives the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from services.payments import store, wording
from services.payments.office import SERVICE, Office
from services.payments.store import Row
from shared import outbox
from shared.contracts.envelope import Actor
from shared.contracts.notifications import Language, SendMessage, Template
from shared.contracts.payments import PaymentRecorded
from shared.db import Tx
from shared.outbox import Said

SYSTEM = Actor(kind="system", name=SERVICE)
_MOBILE = re.compile(r"\+[1-9][0-9]{6,14}")
_MESSAGES = UUID("5b0b7f7e-6d53-5f6e-8f0a-4b3c1f0f6a11")


def usable(mobile: str | None) -> str | None:
    """The one number that a text is, or None: a field with two of them leads to a stranger."""
    return mobile if mobile and _MOBILE.fullmatch(mobile) else None


def id_of_link(link_id: UUID) -> UUID:
    """The id of the message that carries a link: the same link again is the same message."""
    return uuid5(_MESSAGES, f"link:{link_id}")


def of_link(
    office: Office,
    facts: Row,
    link_id: UUID,
    template: Template,
    *,
    mobile: str,
    language: Language,
    at: datetime,
    actor: Actor = SYSTEM,
    bulk_action_id: UUID | None = None,
) -> SendMessage:
    """The message that carries a link."""
    return SendMessage(
        actor=actor,
        message_id=id_of_link(link_id),
        customer_id=facts["customer_id"],
        operator_id=facts["operator_id"],
        invoice_id=facts["invoice_id"],
        mobile=mobile,
        template=template,
        language=language,
        values=_values(facts, language),
        sealed_url=office.seal_url(link_id, facts["operator_id"], at),
        bulk_action_id=bulk_action_id,
    )


def _values(facts: Row, language: Language) -> dict[str, str]:
    # Without the currency: the texts themselves say which it is, each in its language.
    balance = wording.amount(facts["total_minor"] - facts["paid_minor"], facts["currency"], language)
    return {
        "customer": facts["name"] or "",
        "code": facts["code"] or "",
        "isp": facts["isp"] or "",
        "number": facts["number"],
        "period": wording.month(facts["period"] or f"{facts['due_on']:%Y-%m}", language),
        "due": wording.day(facts["due_on"], language),
        "balance": balance,
        "amount": balance,
    }


async def receipts(tx: Tx, said: Sequence[Said], tells: bool | None = None) -> list[Said]:
    """A message for each payment that is said, where the installation `tells` customers; None looks."""
    recorded = [each.message for each in said if isinstance(each.message, PaymentRecorded)]
    fresh = [each for each in recorded if each.payments[0].version == 1]
    if tells is None and fresh:
        tells = (await store.installation(tx)).sends_receipts
    if not fresh or not tells:
        return []
    customers = await store.facts.of_customers(tx, {each.customer_id for each in fresh})
    return [Said(message) for each in fresh if (message := _receipt(each, customers.get(each.customer_id)))]


def _receipt(recorded: PaymentRecorded, customer: Row | None) -> SendMessage | None:
    mobile = usable(customer["mobile"]) if customer else None
    if customer is None or mobile is None:
        return None
    payment = recorded.payments[0]
    balance = sum(each.balance_minor for each in recorded.receivables)
    language: Language = "bn" if customer["language"] == "bn" else "en"
    return SendMessage(
        actor=SYSTEM,
        message_id=uuid5(_MESSAGES, f"receipt:{payment.payment_id}"),
        customer_id=recorded.customer_id,
        operator_id=customer["operator_id"],
        invoice_id=payment.invoice_id,
        mobile=mobile,
        template="payment-received",
        language=language,
        values={
            "customer": customer["name"] or "",
            "code": customer["code"] or "",
            "isp": customer["isp"] or "",
            "amount": wording.amount(payment.amount_minor, payment.currency, language),
            "balance": wording.amount(balance, payment.currency, language),
        },
    )


async def say_with_receipts(
    tx: Tx, said: Iterable[Said], lane: int | None = None, tells: bool | None = None
) -> None:
    """Say what happened to money, and tell the customers whose it is where they are to be told."""
    everything = list(said)
    await outbox.say(tx, await receipts(tx, everything, tells), lane=outbox.BULK)
    await outbox.say(tx, everything, lane)
