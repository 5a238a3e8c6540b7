"""Bulk actions: a frozen selection, one command an item in the bulk lane, an outcome for each.

`generate_missing` is carried out by a run: its counts and items are the run's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.commands import billing_runs as billing_run_commands
from gateway.commands import downloads as download_commands
from gateway.commands.documents import store_of
from gateway.context import Gateway
from gateway.operations.submit import Key, known_operation, signature
from gateway.problems import Problem, wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import bills as bill_queries
from gateway.queries import link_plans
from gateway.queries import operators as operator_queries
from gateway.queries import packages as package_queries
from gateway.queries.bulk_actions import describe, find_action
from gateway.schemas import bills as bill_schemas
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import fields
from gateway.schemas.fields import refuse_card_numbers
from gateway.schemas.filters import BillFilter
from gateway.schemas.portal_links import Portals
from gateway.store import bills as bill_store
from gateway.store import bulk_actions as bulk_action_store
from gateway.store import downloads as download_store
from gateway.store import operations as operation_store
from gateway.store.access import acting_as
from gateway.store.operations import Operation
from gateway.store.statements import Row
from shared import clock, outbox
from shared.contracts.envelope import Actor
from shared.contracts.invoicing import StartRun
from shared.contracts.payments import CreatePaymentLink, RecordPayment, ReversePayment
from shared.db import Pool, Tx, in_transaction
from shared.ids import new_id
from shared.outbox import BULK, Said

MOST_ITEMS = 100_000
AT_ONCE = 500
# Enough to keep every rendering process at work; the rest waits here, where it can be cancelled.
DOCUMENTS_AT_ONCE = 100
PERMISSIONS = {
    "mark_paid": "record-payment",
    "generate_missing": "bill",
    "send_payment_link": "send-links",
    "download_pdf": "see",
}


async def start(
    gateway: Gateway,
    principal: Principal,
    read: Callable[[], bulk_action_schemas.BulkAction],
    key: Key | None,
) -> bulk_action_schemas.BulkActionShown:
    """Freeze the selection and queue the action; the same key answers the same action."""
    try:
        body = read()
    except Problem:
        # The role is checked first: whoever may only look is told nothing about other bodies.
        principal.must("record-payment")
        raise
    principal.must(PERMISSIONS[body.action])
    _refuse_what_no_gateway_serves(gateway, body)
    action_id = new_id()
    async with acting_as(gateway.pool, principal) as tx:
        known = await known_operation(tx, principal, key, action_id) if key else None
        if known is None:
            if body.action == "mark_paid":
                await _mark_paid(tx, principal, body, action_id)
            elif body.action == "send_payment_link":
                await _send_links(tx, principal, body, action_id)
            elif body.action == "download_pdf":
                await _download_pdf(tx, principal, body, action_id)
            else:
                await _generate_missing(tx, principal, body, action_id)
        return await describe(tx, principal, known or action_id)


def _refuse_what_no_gateway_serves(gateway: Gateway, body: bulk_action_schemas.BulkAction) -> None:
    if body.action == "download_pdf":
        store_of(gateway)


async def _mark_paid(
    tx: Tx, principal: Principal, body: bulk_action_schemas.BulkAction, action_id: UUID
) -> None:
    asked = body.parameters
    refuse_card_numbers(reference=asked.reference, note=asked.note)
    today = await settings_queries.today(tx)
    if asked.paid_on is not None and asked.paid_on > today:
        raise wrong("parameters.paid_on", "This day has not come yet.")
    parameters = {
        "paid_on": str(asked.paid_on or today),
        "method": asked.method,
        "reference": asked.reference,
        "note": asked.note,
    }
    bill_ids = await selected(tx, principal, body.selection, today)
    await _add(tx, principal, body, action_id, parameters, None)
    await bulk_action_store.freeze_bills(tx, action_id, bill_ids)


async def _send_links(
    tx: Tx, principal: Principal, body: bulk_action_schemas.BulkAction, action_id: UUID
) -> None:
    today = await settings_queries.today(tx)
    bill_ids = await selected(tx, principal, body.selection, today)
    send_sms = body.parameters.send_sms is not False
    planned = await link_plans.plan(tx, bill_ids, send_sms=send_sms)
    link_plans.refuse_what_nobody_can_get(planned)
    parameters = {"send_sms": send_sms, "language": body.parameters.language}
    await _add(tx, principal, body, action_id, parameters, None)
    await bulk_action_store.freeze_links(tx, action_id, planned)


async def _download_pdf(
    tx: Tx, principal: Principal, body: bulk_action_schemas.BulkAction, action_id: UUID
) -> None:
    today = await settings_queries.today(tx)
    bill_ids = await selected(tx, principal, body.selection, today)
    said = {"order": body.parameters.order, "output": body.parameters.output}
    ordered, shared = await download_commands.in_order(tx, bill_ids, body.parameters.order)
    await _add(tx, principal, body, action_id, said | shared, None)
    await download_store.freeze(tx, action_id, ordered)


async def selected(
    tx: Tx, principal: Principal, selection: bulk_action_schemas.Selection | None, today: date
) -> list[UUID]:
    """Return the bills that a selection names; 422 for none, and for more than can be taken."""
    if selection is None:
        raise wrong("selection", "Which bills?")
    if selection.bill_ids is not None:
        return list(dict.fromkeys(selection.bill_ids))
    assert selection.filter is not None, "the body names one of the two"
    wanted = selection.filter.wanted()
    chosen = await bill_queries.select_all(tx, principal, wanted, today, "selection.filter.q")
    found = await bill_store.ids(tx, chosen, MOST_ITEMS + 1)
    if len(found) > MOST_ITEMS:
        raise wrong("selection.filter", f"At most {MOST_ITEMS:,} bills at once.", "too-many")
    return found


async def _generate_missing(
    tx: Tx, principal: Principal, body: bulk_action_schemas.BulkAction, action_id: UUID
) -> None:
    selection = body.selection or bulk_action_schemas.Selection(filter=bill_schemas.Filter())
    asked = selection.filter.wanted() if selection.filter else BillFilter()
    if selection.bill_ids is not None or len(asked.operator_ids) > 1 or len(asked.package_ids) > 1:
        raise wrong("selection", "One operator and one package at most.")
    if asked != BillFilter(asked.operator_ids, asked.package_ids, period=asked.period):
        raise wrong("selection.filter", "What is missing has an operator, a package and a month only.")
    period = body.parameters.period or asked.period
    if period is None:
        raise wrong("parameters.period", "Which month?")
    await billing_run_commands.check_period(tx, period, dry_run=False)
    for package_id in asked.package_ids:
        await package_queries.package(tx, principal, package_id)
    for operator_id in asked.operator_ids:
        await operator_queries.operator(tx, principal, operator_id)
    own = principal.top
    command = StartRun(
        run_id=action_id,
        kind="generate_missing",
        period=period,
        operator_id=asked.operator_ids[0] if asked.operator_ids else own,
        package_id=asked.package_ids[0] if asked.package_ids else None,
        **signature(principal),
    )
    await _add(tx, principal, body, action_id, {"period": period}, action_id)
    operation = Operation(action_id, "run", action_id, principal.operator_id, principal.caller)
    await operation_store.add(tx, operation, command, clock.now())


async def _add(
    tx: Tx,
    principal: Principal,
    body: bulk_action_schemas.BulkAction,
    action_id: UUID,
    parameters: Mapping[str, Any],
    run_id: UUID | None,
) -> None:
    signed = signature(principal)
    action = {
        "id": action_id,
        "action": body.action,
        "operator_id": principal.operator_id,
        "caller": principal.caller,
        "actor": signed["actor"].model_dump(mode="json"),
        "scope": signed["scope"],
        "parameters": dict(parameters),
        "run_id": run_id,
    }
    await bulk_action_store.add(tx, action, clock.now())
    await _note(tx, principal, body.action, action_id)


async def _note(tx: Tx, principal: Principal, action: str, action_id: UUID) -> None:
    kind = "bulk-" + action.replace("_", "-")
    await operation_store.note_done(tx, principal, kind, action_id, "", clock.now())


async def cancel(
    gateway: Gateway, principal: Principal, action_id: UUID
) -> bulk_action_schemas.BulkActionShown:
    """Send no more; what was not sent is skipped."""
    async with acting_as(gateway.pool, principal) as tx:
        await _changeable(tx, principal, action_id)
        locked = await bulk_action_store.lock(tx, action_id)
        if locked and locked["run_id"] is None and locked["state"] in ("queued", "running"):
            await bulk_action_store.cancel(tx, action_id)
        return await describe(tx, principal, action_id)


async def retry(
    gateway: Gateway, principal: Principal, action_id: UUID
) -> bulk_action_schemas.BulkActionShown:
    """Take up the failed ones: payments at the balance of now, documents as they would be now."""
    async with acting_as(gateway.pool, principal) as tx:
        await _changeable(tx, principal, action_id)
        locked = await bulk_action_store.lock(tx, action_id)
        if locked and locked["state"] in ("completed", "cancelled"):
            if locked["action"] in ("mark_paid", "send_payment_link"):
                await bulk_action_store.retry(tx, action_id)
            elif locked["action"] == "download_pdf":
                await download_store.retry(tx, action_id)
        return await describe(tx, principal, action_id)


async def _changeable(tx: Tx, principal: Principal, action_id: UUID) -> None:
    """Refuse by role first, for any id: whoever may only look changes nothing but a download of their own."""
    if not principal.may("record-payment"):
        row = await bulk_action_store.by_id(tx, action_id)
        if row is None or row["action"] != "download_pdf" or row["caller"] != principal.caller:
            principal.must("record-payment")
    await find_action(tx, principal, action_id)


async def undo(
    gateway: Gateway,
    principal: Principal,
    action_id: UUID,
    read: Callable[[], fields.Reason],
    key: Key | None,
) -> bulk_action_schemas.BulkActionShown:
    """Take back what a mark-as-paid recorded: a reversal for each payment that still stands."""
    principal.must("reverse")
    undo_id = new_id()
    async with acting_as(gateway.pool, principal) as tx:
        undone = await find_action(tx, principal, action_id)
        body = read()
        refuse_card_numbers(reason=body.reason)
        known = await known_operation(tx, principal, key, undo_id) if key else None
        if known is None:
            await _must_be_undoable(tx, undone)
            await _begin_undo(tx, principal, undo_id, action_id, body.reason)
        return await describe(tx, principal, known or undo_id)


async def _must_be_undoable(tx: Tx, action: Row) -> None:
    """Refuse what is no mark-as-paid, goes on, or was undone; locked, so that two at once undo it once."""
    await bulk_action_store.lock(tx, action["id"])
    if action["action"] != "mark_paid" or action["state"] not in ("completed", "cancelled"):
        raise Problem(409, "not-undoable", "Only a mark-as-paid that has ended can be undone.")
    if await bulk_action_store.undo_of(tx, action["id"]) is not None:
        raise Problem(409, "already-undone", "This action has been undone.")


async def _begin_undo(tx: Tx, principal: Principal, undo_id: UUID, action_id: UUID, reason: str) -> None:
    signed = signature(principal)
    undo = {
        "id": undo_id,
        "action": "undo_mark_paid",
        "operator_id": principal.operator_id,
        "caller": principal.caller,
        "actor": signed["actor"].model_dump(mode="json"),
        "scope": signed["scope"],
        "parameters": {"undone_action_id": str(action_id), "reason": reason},
        "run_id": None,
    }
    await bulk_action_store.add(tx, undo, clock.now())
    await _note(tx, principal, "undo_mark_paid", undo_id)
    await bulk_action_store.freeze_undone(tx, undo_id, action_id)


async def dispatch(pool: Pool, portals: Portals | None = None) -> bool:
    """Send the next items of the oldest action, behind everything interactive."""
    now = clock.now()
    async with in_transaction(pool) as tx:
        action = await bulk_action_store.next_waiting(tx, DOCUMENTS_AT_ONCE)
        if action is None:
            return False
        most = DOCUMENTS_AT_ONCE if action["action"] == "download_pdf" else AT_ONCE
        items = await bulk_action_store.claim_items(tx, action["id"], most, now)
        of_action = {**action, "action_id": action["id"]}
        await outbox.say(tx, await _commands(tx, [(item, of_action) for item in items], portals), lane=BULK)
        return True


async def dispatch_again(pool: Pool, portals: Portals | None = None) -> bool:
    """Items without an answer go out once more, under the same ids, after growing pauses."""
    async with in_transaction(pool) as tx:
        items = await bulk_action_store.claim_unanswered(tx, AT_ONCE, clock.now())
        gone = [item for item in items if not item["waits"]]
        await outbox.say(tx, await _commands(tx, [(item, item) for item in gone], portals), lane=BULK)
        return len(items) == AT_ONCE


async def _commands(tx: Tx, claimed: Sequence[tuple[Row, Row]], portals: Portals | None) -> list[Said]:
    """Return the command of each item, which comes with its action."""
    documents = [pair for pair in claimed if pair[1]["action"] == "download_pdf"]
    others = [pair for pair in claimed if pair[1]["action"] != "download_pdf"]
    said = [_command(item, action, action["action_id"]) for item, action in others]
    return said + (await download_commands.commands(tx, documents, portals) if documents else [])


def _command(item: Row, action: Row, action_id: UUID) -> Said:
    return _COMMANDS[action["action"]](item, action, action_id)


def _reversal(item: Row, action: Row, action_id: UUID) -> Said:
    command = ReversePayment(
        payment_id=item["undone_payment_id"],
        customer_id=item["customer_id"],
        reason=action["parameters"]["reason"],
        bulk_action_id=action_id,
        actor=Actor.model_validate(action["actor"], strict=False),
        scope=action["scope"],
    )
    return Said(command, id=item["command_id"])


def _payment(item: Row, action: Row, action_id: UUID) -> Said:
    parameters = action["parameters"]
    command = RecordPayment(
        payment_id=item["command_id"],
        customer_id=item["customer_id"],
        invoice_id=item["bill_id"],
        amount_minor=item["balance_minor"],
        currency=item["currency"],
        method=parameters["method"],
        paid_on=date.fromisoformat(parameters["paid_on"]),
        reference=parameters["reference"],
        note=parameters["note"],
        expected_balance_minor=item["balance_minor"],
        bulk_action_id=action_id,
        actor=Actor.model_validate(action["actor"], strict=False),
        scope=action["scope"],
    )
    return Said(command, id=item["command_id"])


def _link(item: Row, action: Row, action_id: UUID) -> Said:
    # Without a mobile payments takes the customer's of that moment.
    command = CreatePaymentLink(
        link_id=item["command_id"],
        invoice_id=item["bill_id"],
        customer_id=item["customer_id"],
        send_sms=action["parameters"]["send_sms"],
        language=action["parameters"]["language"],
        bulk_action_id=action_id,
        actor=Actor.model_validate(action["actor"], strict=False),
        scope=action["scope"],
    )
    return Said(command, id=item["command_id"])


_COMMANDS: Mapping[str, Callable[[Row, Row, UUID], Said]] = {
    "mark_paid": _payment,
    "undo_mark_paid": _reversal,
    "send_payment_link": _link,
}
