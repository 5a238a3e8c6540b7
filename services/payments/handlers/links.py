"""Links by which bills are paid: made by the desk and by reminders, ended by money, voids and newer ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.payments import store
from services.payments.domain import (
    IdTaken,
    NoMobile,
    OnlinePaymentsNotConfigured,
    Receivable,
    check_payable,
)
from services.payments.handlers import messages
from services.payments.handlers.books import Books, NewLink
from services.payments.office import Office
from services.payments.store import Accounts, Row
from services.payments.store.links import Link
from shared import clock
from shared.contracts.envelope import Message, Received
from shared.contracts.notifications import CancelMessage
from shared.contracts.payments import (
    CreatePaymentLink,
    LinkStatus,
    PaymentLinkCreated,
    PaymentLinkExpired,
    PaymentLinkPaid,
    PaymentLinkRevoked,
    PaymentLinkState,
)
from shared.db import Tx
from shared.links import Links
from shared.outbox import Said

# The customer's own page makes one whenever it is asked to.
LIFETIME_OF_SEVERAL = timedelta(hours=24)
KINDS: dict[str, type[PaymentLinkState]] = {
    "active": PaymentLinkCreated,
    "paid": PaymentLinkPaid,
    "revoked": PaymentLinkRevoked,
    "expired": PaymentLinkExpired,
}


def link_state(row: Row, kind: type[PaymentLinkState] | None = None) -> PaymentLinkState:
    """A link as the world hears it."""
    names = (
        "link_id", "invoice_id", "customer_id", "token_hash", "state", "opened_at", "expires_at", "version",
    )  # fmt: skip
    further = tuple(row["further_invoice_ids"])
    kind = kind or KINDS[row["state"]]
    return kind(**{name: row[name] for name in names}, further_invoice_ids=further)


async def create(_tx: Tx, received: Received[CreatePaymentLink], books: Books, office: Office) -> list[Said]:
    """Make a link for bills that are owed; with a message, where it is asked for of a single one."""
    command = received.data
    for invoice_id in command.invoice_ids:
        books.check_reach(command.customer_id, invoice_id, command.scope)
    known = books.links.get(command.link_id)
    if known is not None:
        return [Said(_again(known, command), because=received.envelope)]
    for invoice_id in command.invoice_ids:
        check_payable(books.accounts[command.customer_id].receivables[invoice_id], None)
    if not set(command.invoice_ids) <= set(books.payable_online):
        raise OnlinePaymentsNotConfigured
    if command.further_invoice_ids:
        books.new_links.append(NewLink.of(command, received.envelope))
        return []
    facts = books.facts[command.invoice_id]
    mobile = messages.usable(command.mobile) or messages.usable(facts["mobile"])
    if command.send_sms and mobile is None:
        raise NoMobile
    books.new_links.append(NewLink.of(command, received.envelope))
    if not command.send_sms or mobile is None:
        return []
    message = messages.of_link(
        office, facts, command.link_id, "payment-link", mobile=mobile, language=command.language,
        at=clock.now(), actor=command.actor, bulk_action_id=command.bulk_action_id,
    )  # fmt: skip
    # Not because of the command: that one ends in its link, and in nothing else.
    return [Said(message)]


async def make_before(tx: Tx, command: Message, office: Office, books: Books) -> list[Said]:
    """Make the link before the next one of its bill; all others wait for one statement.

    Not a part of the next one's decision: that may be refused, and what is said of this one be lost with it.
    """
    if not isinstance(command, CreatePaymentLink) or not any(
        command.invoice_id == each.invoice_id or command.link_id == each.link_id for each in books.new_links
    ):
        return []
    return await make_waiting(tx, office, books)


async def make_waiting(tx: Tx, office: Office, books: Books) -> list[Said]:
    """Make the links that the commands of a batch have asked for so far."""
    links, books.new_links = books.new_links, []
    if not links:
        return []
    said = await make(tx, office, links)
    books.links |= await store.links.by_ids(tx, [each.link_id for each in links])
    return said


def _again(known: Row, command: CreatePaymentLink) -> PaymentLinkState:
    bills = (known["invoice_id"], *known["further_invoice_ids"])
    if (bills, known["customer_id"]) != (command.invoice_ids, command.customer_id):
        raise IdTaken
    return link_state(known, PaymentLinkCreated)


async def make(tx: Tx, office: Office, links: Sequence[NewLink]) -> list[Said]:
    """Make links for different bills, whose accounts are locked; the ones before are revoked."""
    said = await end(tx, [each.invoice_id for each in links if not each.further_invoice_ids], "revoked")
    now = clock.now()
    hours = await store.links.valid_hours(tx)
    ends = {False: now + timedelta(hours=hours or 336), True: now + LIFETIME_OF_SEVERAL}
    made = [_link(office, each, ends[bool(each.further_invoice_ids)]) for each in links]
    await store.links.save(tx, made, now)
    wished = zip(made, links, strict=True)
    return said + [Said(_created(link), because=wish.because) for link, wish in wished]


def _link(office: Office, link: NewLink, expires_at: datetime) -> Link:
    return Link(
        link_id=link.link_id,
        invoice_id=link.invoice_id,
        further_invoice_ids=link.further_invoice_ids,
        customer_id=link.customer_id,
        token_hash=Links.hash(office.links.token(link.link_id)),
        language=link.language,
        message_id=messages.id_of_link(link.link_id) if link.has_message else None,
        expires_at=expires_at,
    )


def _created(link: Link) -> PaymentLinkCreated:
    """A link as the world hears it when it is made."""
    return PaymentLinkCreated(
        link_id=link.link_id,
        invoice_id=link.invoice_id,
        further_invoice_ids=tuple(link.further_invoice_ids),
        customer_id=link.customer_id,
        token_hash=link.token_hash,
        state="active",
        opened_at=None,
        expires_at=link.expires_at,
        version=1,
    )


async def end(tx: Tx, invoice_ids: Collection[UUID], state: LinkStatus) -> list[Said]:
    """End the open links of these bills, whose accounts are locked; what still waits to be sent is not."""
    return _ended(await store.links.end(tx, invoice_ids, state))


def _ended(rows: Sequence[Row]) -> list[Said]:
    waiting = [row["message_id"] for row in rows if row["message_id"] is not None]
    cancelled = [CancelMessage(actor=messages.SYSTEM, message_id=message_id) for message_id in waiting]
    return [Said(link_state(row)) for row in rows] + [Said(each) for each in cancelled]


async def save_money(tx: Tx, accounts: Accounts) -> list[Said]:
    """Write back whatever was touched, and end the links of bills that nothing is owed on any more."""
    return await end_settled(tx, await store.save(tx, accounts.values()))


async def end_settled(tx: Tx, bills: Iterable[Receivable]) -> list[Said]:
    """End the links of those of the bills that are paid or void."""
    return _ended(await store.links.end_settled(tx, bills))
