"""The projector's handlers: each batch is written to the view, then the operations that it ends are ended.

Nothing here needs an inbox: a state is applied only when its version is newer than what is there.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import Any, TypeAlias
from uuid import UUID

from gateway.projection import online_store, webhook_events
from gateway.projection import store as projection_store
from gateway.store import bulk_actions as bulk_action_store
from gateway.store import operations as operation_store
from shared import clock, erasure
from shared.contracts.catalog import (
    BillingSettingsChanged,
    CustomerChanged,
    CustomerErased,
    CustomersImported,
    OperatorChanged,
    PackageChanged,
)
from shared.contracts.documents import DocumentFailed, DocumentRendered, IspProfileChanged
from shared.contracts.envelope import (
    CommandCompleted,
    CommandRefused,
    DeadLetterChanged,
    ProcessReported,
    Received,
)
from shared.contracts.invoicing import InvoiceState, RunProgressed
from shared.contracts.money_in_bulk import Allocated, Recorded
from shared.contracts.notifications import MessageState, SmsGatewayChanged, SmsTemplateChanged
from shared.contracts.payments import (
    CheckoutChanged,
    CreditRefunded,
    DayClosed,
    HeldPaymentState,
    MoneyMoved,
    OnlineSettingsChanged,
    PartnerChanged,
    PaymentGatewayChanged,
    PaymentLinkState,
    RefundFailed,
    RefundStarted,
    ReminderRuleChanged,
    RemindersPlanned,
)
from shared.contracts.sets import InvoiceSet, columns
from shared.db import Tx

Write: TypeAlias = Callable[[int], Awaitable[None]]

SCHEMA = "gateway"


async def project_invoices(received: Sequence[Received[Any]], tx: Tx) -> None:
    """Invoices become bills. Sets are taken for new until one of their bills turns out to be there."""
    heard = [each.data for each in received]
    sets = [each for each in heard if isinstance(each, InvoiceSet)]
    new = columns(sets) if len(sets) == len(heard) else None
    told = webhook_events.Told(tx, webhook_events.of_invoices(received))

    async def write(slot: int) -> None:
        await told.look(received)
        if new is None or not await projection_store.add_invoices(tx, new, slot):
            await projection_store.save_invoices(tx, list(chain.from_iterable(map(_states, heard))), slot)

    await _project(tx, received, write)
    await told.tell()


def _states(heard: InvoiceState | InvoiceSet) -> Iterable[InvoiceState]:
    return heard.each() if isinstance(heard, InvoiceSet) else (heard,)


async def project_money(received: Sequence[Received[Any]], tx: Tx) -> None:
    """Keep what is paid, owed, left over, paid back, held and signed off as payments says it.

    All of a batch is one write, whatever its kinds: bills are locked in one order, so that the batch of
    invoices beside it never waits in a circle.
    """
    moved = [each.data for each in received if isinstance(each.data, MoneyMoved | Recorded | Allocated)]
    held = [each.data for each in received if isinstance(each.data, HeldPaymentState)]
    refunds = [each for each in moved if isinstance(each, CreditRefunded)]
    started = [each for each in moved if isinstance(each, RefundStarted)]
    ended = [each for each in moved if isinstance(each, CreditRefunded | RefundFailed)]
    closed = [each.data for each in received if isinstance(each.data, DayClosed)]
    told = webhook_events.Told(tx, webhook_events.of_money(received), webhook_events.paid_by(received))

    async def write(slot: int) -> None:
        await told.look()
        await projection_store.save_money(tx, moved, slot, _as_of(received))
        await projection_store.save_held_payments(tx, held)
        await projection_store.save_closed_days(tx, closed)

    await projection_store.note_refunds(tx, refunds)
    await projection_store.note_refunds_on_their_way(tx, started)
    await projection_store.end_refunds_on_their_way(tx, ended)
    slot = await projection_store.take_slot(tx, counts=True)
    await _write_views(tx, slot, write)
    await told.tell()
    await _end_operations(tx, received)


async def project_operators(received: Sequence[Received[OperatorChanged]], tx: Tx) -> None:
    """The tree of resellers."""
    states = [each.data for each in received]
    await _project(tx, received, lambda slot: projection_store.save_operators(tx, states, slot))


async def project_packages(received: Sequence[Received[PackageChanged]], tx: Tx) -> None:
    """Keep what is sold."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: projection_store.save_packages(tx, states))


async def project_customers(received: Sequence[Received[CustomerChanged]], tx: Tx) -> None:
    """Keep who is billed."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: projection_store.save_customers(tx, states))


async def erase_customers(received: Sequence[Received[CustomerErased]], tx: Tx) -> None:
    """Remember who was erased. The view hears of them in newer versions; a worker forgets the rest."""
    erased = [each.data for each in received]
    await erasure.note(tx, erased)
    await projection_store.erase_from_refunds(tx, [each.customer_id for each in erased])
    await _end_operations(tx, received)


async def project_billing_settings(received: Sequence[Received[BillingSettingsChanged]], tx: Tx) -> None:
    """Keep how this installation bills."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: projection_store.save_billing_settings(tx, states))


async def project_partners(received: Sequence[Received[PartnerChanged]], tx: Tx) -> None:
    """Keep who sends payments."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: projection_store.save_partners(tx, states))


async def project_payment_links(received: Sequence[Received[PaymentLinkState]], tx: Tx) -> None:
    """Links to pay by; none of them carries its address."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: online_store.save_payment_links(tx, states))


async def project_checkouts(received: Sequence[Received[CheckoutChanged]], tx: Tx) -> None:
    """Attempts to pay by a link."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: online_store.save_checkouts(tx, states))


async def project_messages(received: Sequence[Received[MessageState]], tx: Tx) -> None:
    """Keep what became of messages."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: online_store.save_messages(tx, states))


async def project_sms_gateways(received: Sequence[Received[SmsGatewayChanged]], tx: Tx) -> None:
    """By whom messages are sent."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: online_store.save_sms_gateways(tx, states))


async def project_sms_templates(received: Sequence[Received[SmsTemplateChanged]], tx: Tx) -> None:
    """Keep what operators say in their messages."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: online_store.save_sms_templates(tx, states))


async def project_payment_gateways(received: Sequence[Received[PaymentGatewayChanged]], tx: Tx) -> None:
    """Through whom money is taken online."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: online_store.save_payment_gateways(tx, states))


async def project_online_settings(received: Sequence[Received[OnlineSettingsChanged]], tx: Tx) -> None:
    """Keep what is done about money that is paid online."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: online_store.save_online_settings(tx, states))


async def project_reminder_rules(received: Sequence[Received[ReminderRuleChanged]], tx: Tx) -> None:
    """When bills are reminded of."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: online_store.save_reminder_rules(tx, states))


async def note_reminder_plans(received: Sequence[Received[RemindersPlanned]], tx: Tx) -> None:
    """Keep who would hear from a rule: the answer to whoever asked."""
    plans = {each.envelope.causation_id: each.data for each in received if each.envelope.causation_id}
    await online_store.note_reminder_plans(tx, plans, clock.now())
    await _end_operations(tx, received)


async def project_runs(received: Sequence[Received[RunProgressed]], tx: Tx) -> None:
    """Keep where runs stand, and whom they did not bill."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: projection_store.save_runs(tx, states))


async def note_imported_chunks(received: Sequence[Received[CustomersImported]], tx: Tx) -> None:
    """An import is complete when every chunk of it has been reported."""
    reports = {each.envelope.causation_id: each.data for each in received if each.envelope.causation_id}
    finished = await projection_store.report_import_chunks(tx, reports)
    await operation_store.complete(tx, finished, clock.now())


async def project_isp_profiles(received: Sequence[Received[IspProfileChanged]], tx: Tx) -> None:
    """Keep what operators say of themselves on their documents."""
    states = [each.data for each in received]
    await _project(tx, received, lambda _: projection_store.save_isp_profiles(tx, states))


async def note_files(received: Sequence[Received[DocumentRendered]], tx: Tx) -> None:
    """A file that was made is noted where it was asked for; the asking ends."""
    files = [each.data for each in received]
    await projection_store.note_files(tx, files)
    await erasure.look_again(tx, {file.customer_id for file in files if file.customer_id})
    made = {file.document_id for file in files}
    await operation_store.complete(tx, made, clock.now())
    await bulk_action_store.end_items(tx, dict.fromkeys(made, ("succeeded", "done", None)))


async def end_failed_documents(received: Sequence[Received[DocumentFailed]], tx: Tx) -> None:
    """A document that could not be made ends with the reason; asking again tries again."""
    problems = {
        each.data.document_id: json.dumps(
            {**each.data.extra, "code": each.data.code, "detail": _and_what_to_do(each.data)}
        )
        for each in received
    }
    await operation_store.refuse(tx, problems, clock.now())
    failed = {
        each.data.document_id: ("failed", each.data.code, each.data.model_dump(include={"code", "detail"}))
        for each in received
    }
    await bulk_action_store.end_items(tx, failed)


def _and_what_to_do(failed: DocumentFailed) -> str:
    again = "" if failed.code == "logo-refused" else " To try again, ask for it once more."
    return failed.detail + again


async def end_refused(received: Sequence[Received[CommandRefused]], tx: Tx) -> None:
    """A command that was refused ends its operation with the problem."""
    problems = {
        operation_id: json.dumps(
            {"code": each.data.code, "detail": each.data.detail, "field": each.data.field, **each.data.extra}
        )
        for each in received
        for operation_id in _refused(each)
    }
    await operation_store.refuse(tx, problems, clock.now())
    await bulk_action_store.end_items(
        tx, {cause: _ending(json.loads(problem)) for cause, problem in problems.items()}
    )


def _refused(received: Received[CommandRefused]) -> set[UUID]:
    """Which of our commands may have been refused: an invoice goes to documents by another command's hand."""
    causes = {received.envelope.causation_id} if received.envelope.causation_id else set()
    if received.data.service == "documents" and received.data.subject:
        with suppress(ValueError):
            causes.add(UUID(received.data.subject))
    return causes


def _ending(problem: dict[str, Any]) -> bulk_action_store.Ending:
    """An item that somebody else settled needs nothing more; every other refusal is a failure."""
    code = str(problem["code"])
    return ("skipped", code, None) if code == "already-paid" else ("failed", code, problem)


async def end_completed(received: Sequence[Received[CommandCompleted]], tx: Tx) -> None:
    """A command that changed no row of its own is done."""
    await _end_operations(tx, received)


async def project_parked_letters(received: Sequence[Received[DeadLetterChanged]], tx: Tx) -> None:
    """Keep what services could not handle; a rebuild leaves it as it is, for its owners say it once."""
    await online_store.save_parked_letters(tx, [each.data for each in received])


async def project_process_reports(received: Sequence[Received[ProcessReported]], tx: Tx) -> None:
    """Keep what processes said of themselves last; what a rebuild would know of it is past."""
    await online_store.save_process_reports(tx, [each.data for each in received])


async def report_own(tx: Tx, report: ProcessReported) -> None:
    """Write what this process says of itself: it says nothing to Kafka."""
    await online_store.save_process_reports(tx, [report])


async def park_own(tx: Tx, letters: Sequence[DeadLetterChanged]) -> None:
    """Show what this process could not handle beside what services could not."""
    await online_store.save_parked_letters(tx, letters)


async def end_own(tx: Tx, command: Received[Any], end: CommandCompleted | CommandRefused) -> None:
    """End the operation of a command that was for this process."""
    if isinstance(end, CommandRefused):
        problem = json.dumps({"code": end.code, "detail": end.detail, "field": None})
        await operation_store.refuse(tx, {command.id: problem}, clock.now())
    else:
        await operation_store.complete(tx, {command.id}, clock.now())


async def _project(tx: Tx, received: Sequence[Received[Any]], write: Write) -> None:
    slot = await projection_store.take_slot(tx)

    async def write_and_mark(number: int) -> None:
        await write(number)
        await projection_store.mark_projected(tx, number, _as_of(received))

    await _write_views(tx, slot, write_and_mark)
    await _end_operations(tx, received)


async def _write_views(tx: Tx, slot: projection_store.Slot, write: Write) -> None:
    """Write the view that is read and, while a rebuild fills one, its shadow."""
    await write(slot.number)
    if slot.rebuilding:
        await projection_store.use_shadow(tx, SCHEMA)
        await write(slot.number)
        await projection_store.use_live(tx, SCHEMA)


def _as_of(received: Sequence[Received[Any]]) -> datetime:
    return max(each.envelope.time for each in received)


async def _end_operations(tx: Tx, received: Sequence[Received[Any]]) -> None:
    causes = {each.envelope.causation_id for each in received if each.envelope.causation_id}
    await operation_store.complete_with_items(tx, causes, clock.now())
