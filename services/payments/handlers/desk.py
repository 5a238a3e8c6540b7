"""The desk's commands: each is carried out once, in order, under one lock of all their accounts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from services.payments import store
from services.payments.handlers import (
    answers,
    closings,
    gateways,
    links,
    messages,
    payments,
    refunds,
    reminders,
    settling,
)
from services.payments.handlers.administration import (
    add_partner,
    change_partner,
    close_partner,
    note_partner_access,
    republish,
)
from services.payments.handlers.answers import CONSUMER, answering
from services.payments.handlers.books import Books, is_heard_of, open_books, reach_of
from services.payments.handlers.held import place_by_staff, reject_by_staff
from services.payments.office import Office
from services.payments.store import Reach
from shared import inbox, outbox
from shared.consumer import Handler
from shared.contracts.envelope import Message, Received
from shared.contracts.invoicing import Republish
from shared.contracts.payments import (
    AddPartner,
    ChangeOnlineSettings,
    ChangePartner,
    CloseDay,
    ClosePartner,
    ConfigurePaymentGateway,
    CreatePaymentLink,
    NotePartnerAccess,
    PlaceHeldPayment,
    RecordPayment,
    RefundCredit,
    RefundHeldPayment,
    RefundThroughGateway,
    RejectHeldPayment,
    RemovePaymentGateway,
    ReversePayment,
    SaveReminderRule,
    SettleCheckout,
    TryReminderRule,
)
from shared.db import Tx
from shared.outbox import Said

Decide: TypeAlias = Callable[[Tx, Any, Books], Awaitable[list[Said]]]
DecideOnline: TypeAlias = Callable[[Tx, Any, Books, Office], Awaitable[list[Said]]]

_DECIDE: Mapping[type[Message], Decide] = {
    RecordPayment: payments.record,
    ReversePayment: payments.reverse,
    RefundCredit: payments.refund,
    PlaceHeldPayment: place_by_staff,
    RejectHeldPayment: reject_by_staff,
}
_DECIDE_ONLINE: Mapping[type[Message], DecideOnline] = {
    CreatePaymentLink: links.create,
    RefundThroughGateway: refunds.start,
    RefundHeldPayment: refunds.start_of_held,
}
_ADMINISTER: Mapping[type[Message], Handler] = {
    AddPartner: answering(add_partner),
    ChangePartner: answering(change_partner),
    NotePartnerAccess: answering(note_partner_access),
    ClosePartner: answering(close_partner),
    CloseDay: answering(closings.close_day),
    Republish: answering(republish),
    ConfigurePaymentGateway: answering(gateways.configure),
    RemovePaymentGateway: answering(gateways.remove),
    SettleCheckout: answering(settling.settle_by_staff),
    SaveReminderRule: answering(reminders.save_rule),
    TryReminderRule: answering(reminders.try_rule),
    ChangeOnlineSettings: answering(reminders.change_settings),
}
HEARD = (*_DECIDE, *_DECIDE_ONLINE, *_ADMINISTER)


async def hear_commands(received: Sequence[Received[Any]], tx: Tx, *, office: Office) -> None:
    """Carry out each command once; one handler for all, as a transaction locks its accounts only once."""
    money = [each for each in received if type(each.data) not in _ADMINISTER]
    if new := await inbox.recognise(tx, money, CONSUMER):
        await move_money(tx, new, office)
    for each in received:
        if administer := _ADMINISTER.get(type(each.data)):
            await administer([each], tx)


async def move_money(
    tx: Tx, commands: Sequence[Received[Any]], office: Office, *, final: bool = False
) -> None:
    """Decide on commands in their order, and answer each; with `final`, nothing is left to wait."""
    reach = await reach_of(tx, commands)
    ready = commands if final else await _without_waiting(tx, commands, reach)
    books = await open_books(tx, ready, reach)
    said: list[Said] = []
    for each in ready:
        said += await links.make_before(tx, each.data, office, books)
        said += await answers.end_of(each, partial(_decide, tx, each, books, office))
    said += await links.make_waiting(tx, office, books)
    await messages.say_with_receipts(tx, said + await answers.save(tx, books.accounts), tells=books.tells)
    await outbox.say(tx, books.receipts, lane=outbox.BULK)


async def _decide(tx: Tx, command: Received[Any], books: Books, office: Office) -> list[Said]:
    if decide := _DECIDE.get(type(command.data)):
        return await decide(tx, command, books)
    return await _DECIDE_ONLINE[type(command.data)](tx, command, books, office)


async def _without_waiting(tx: Tx, commands: Sequence[Received[Any]], reach: Reach) -> list[Received[Any]]:
    """Let payments and links wait for a bill or customer that is not heard of yet; the others."""
    ready: list[Received[Any]] = []
    for each in commands:
        if isinstance(each.data, RecordPayment | CreatePaymentLink) and not is_heard_of(each.data, reach):
            await store.waiting.park(tx, each)
        else:
            ready.append(each)
    return ready
