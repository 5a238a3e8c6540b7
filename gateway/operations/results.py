"""Answers of operations, once the read model shows it: the body of 201 or 200, by the operation's kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias
from uuid import UUID

from gateway.problems import Problem
from gateway.queries import billing_runs as billing_run_queries
from gateway.queries import billing_settings as settings_queries
from gateway.queries import bills as bill_queries
from gateway.queries import closings as closing_queries
from gateway.queries import customers as customer_queries
from gateway.queries import gateways as gateway_queries
from gateway.queries import held_payments as held_payment_queries
from gateway.queries import isp_profiles as profile_queries
from gateway.queries import payments as payment_queries
from gateway.schemas import answers
from gateway.schemas import billing_settings as settings_schemas
from gateway.schemas import import_reports as import_schemas
from gateway.schemas import operators as operator_schemas
from gateway.schemas import packages as package_schemas
from gateway.schemas import partners as partner_schemas
from gateway.schemas import payment_gateways as payment_gateway_schemas
from gateway.schemas import payment_links as payment_link_schemas
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.schemas import reminders as reminder_schemas
from gateway.schemas import sms_gateways as sms_gateway_schemas
from gateway.schemas import sms_templates as sms_template_schemas
from gateway.schemas.fields import Body, Row
from gateway.schemas.portal_links import Portals
from gateway.store import billing_runs as billing_run_store
from gateway.store import bills as bill_store
from gateway.store import documents as document_store
from gateway.store import imports as import_store
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from gateway.store import partners as partner_store
from gateway.store import payment_links as payment_link_store
from gateway.store import payments as payment_store
from gateway.store import refunds as refund_store
from gateway.store import reminders as reminder_store
from gateway.store import sms_templates as sms_template_store
from gateway.store.operations import Operation
from shared.db import Tx

Answer: TypeAlias = Callable[[Tx, Operation, Portals], Awaitable[Body | None]]

MADE = 201
DONE = 200


async def answer(tx: Tx, operation: Operation, portals: Portals) -> Body | None:
    """The resource as it is now; None while the read model does not show it yet."""
    try:
        return await ANSWERS[operation.kind][1](tx, operation, portals)
    except Problem:
        return None


def status(operation: Operation, body: Body) -> int:
    """201 for what was made, 200 for what was changed or was there before."""
    made = ANSWERS[operation.kind][0]
    return DONE if body.get("outcome", "created") != "created" else made


async def _payment(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    bill_id = operation.facts.get("bill_id")
    if bill_id is None:
        row: Row | None = await payment_queries.payment_row(tx, operation.subject_id)
    else:
        row = await payment_store.on_bill(tx, operation.subject_id, UUID(bill_id))
    if row is None:
        return None
    twins = await payment_store.earlier_with_reference(tx, operation.operator_id, row)
    return payment_schemas.recorded(payment_schemas.payment(row), twins)


async def _reversal(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    found = await payment_queries.payment(tx, operation.subject_id)
    return found if found["reversed"] else None


async def _void(tx: Tx, operation: Operation, portals: Portals) -> Body | None:
    found = await bill_queries.bill(tx, operation.subject_id, portals)
    if found["status"] != "void":
        return None
    if not operation.facts.get("reissue"):
        return found
    successor = UUID(found["reissued_as"]) if found["reissued_as"] else None
    return found if successor and await bill_store.by_id(tx, successor) else None


async def _closing(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    return await closing_queries.closing(tx, operation.subject_id)


async def _refund(tx: Tx, operation: Operation, portals: Portals) -> Body | None:
    row = await refund_store.by_id(tx, operation.subject_id)
    if row is None:
        return None
    customer = await customer_queries.customer(tx, row["customer_id"], portals)
    settings = await settings_queries.billing_settings(tx)
    return refund_schemas.refund(row, customer["credit_minor"], settings["currency"])


async def _refund_through_gateway(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    row = await refund_store.through_gateway(tx, operation.subject_id)
    settings = await settings_queries.billing_settings(tx)
    return refund_schemas.through_gateway(row, settings["currency"]) if row else None


async def _run(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    return await billing_run_queries.run(tx, operation.subject_id)


async def _customer_billed(tx: Tx, operation: Operation, portals: Portals) -> Body | None:
    """The run over one customer is done and, if it made a bill, the bill shows."""
    run = await billing_run_queries.run(tx, operation.subject_id)
    if run["state"] != "completed":
        return None
    customer_id = UUID(operation.facts["customer_id"])
    made = await bill_store.of_customer(tx, customer_id, run["period"])
    if run["created"]:
        if made is None or made["run_id"] != operation.subject_id:
            return None
        outcome = {"outcome": "created", "reason": None}
    else:
        entry = await billing_run_store.entry(tx, operation.subject_id, customer_id)
        if entry is None and made is None:
            return None
        outcome = {
            "outcome": entry["outcome"] if entry else "already_billed",
            "reason": entry["reason"] if entry else None,
        }
    shown: Body = await bill_queries.bill(tx, made["id"], portals) if made else {}
    return {**shown, **outcome, "bill_id": str(made["id"]) if made else None, "run_id": run["id"]}


async def _operator(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    row = await operator_store.by_id(tx, operation.subject_id)
    return operator_schemas.operator(row) if row else None


async def _package(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    row = await package_store.by_id(tx, operation.subject_id)
    return package_schemas.package(row) if row else None


async def _customer(tx: Tx, operation: Operation, portals: Portals) -> Body | None:
    return await customer_queries.customer(tx, operation.subject_id, portals)


async def _import(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    found = await import_store.find_import(tx, operation.subject_id)
    if found is None or found["waiting"] or found["visible"] < found["created"]:
        return None
    return import_schemas.report(found)


async def _import_undone(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    found = await import_store.find_import(tx, operation.subject_id)
    if found is None or found["waiting"] or found["closed_visible"] < found["closed"]:
        return None
    return import_schemas.undoing(found)


async def _held(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    found = await held_payment_queries.held_payment(tx, operation.subject_id)
    return found if found["state"] != "held" else None


async def _settings(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    return settings_schemas.settings(await settings_queries.billing_settings(tx))


async def _partner(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    row = await partner_store.by_id(tx, operation.subject_id)
    if row is None and "name" in operation.facts:
        row = await partner_store.by_name(tx, operation.facts["name"])
    return partner_schemas.partner(row) if row else None


async def _document(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    document = await document_store.by_id(tx, operation.id)
    if document is None:
        return None
    return {
        "kind": document.kind,
        "url": operation.facts["url"],
        "file_name": document.file_name,
        "media_type": document.media_type,
        "size_bytes": document.size_bytes,
    }


async def _isp_profile(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    return await profile_queries.profile(tx, operation.subject_id)


async def _payment_link(tx: Tx, operation: Operation, portals: Portals) -> Body | None:
    row = await payment_link_store.by_id(tx, operation.subject_id)
    return payment_link_schemas.made(row, portals) if row else None


async def _sms_gateway(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    return await gateway_queries.sms_settings_of(tx, UUID(operation.facts["operator_id"]))


async def _sms_test(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    row = await payment_link_store.message(tx, operation.subject_id)
    return sms_gateway_schemas.message(row) if row and row["state"] not in ("queued", "sending") else None


async def _message(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    row = await payment_link_store.message(tx, operation.subject_id)
    return sms_gateway_schemas.message(row) if row else None


async def _sms_template(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    rows = await sms_template_store.above(tx, operation.subject_id)
    return sms_template_schemas.templates(rows, operation.subject_id)


async def _payment_gateway(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    provider = payment_gateway_schemas.checked_provider(operation.facts["provider"])
    shown = await gateway_queries.payment_gateway_of(tx, provider, operation.subject_id)
    return shown if shown["configured"] == (operation.kind == "payment-gateway") else None


async def _online_settings(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    shown = await gateway_queries.online_settings(tx)
    return shown if shown["send_receipts"] == operation.facts["send_receipts"] else None


async def _reminder_rule(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    row = await reminder_store.rule(tx, operation.subject_id)
    return reminder_schemas.rule(row) if row else None


async def _reminder_plan(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    row = await reminder_store.plan(tx, operation.id)
    return reminder_schemas.plan(row) if row else None


async def _nothing(tx: Tx, operation: Operation, _: Portals) -> Body | None:
    return {"done": True}


ANSWERS: Mapping[str, tuple[int, Answer]] = {
    "payment": (MADE, _payment),
    "reversal": (DONE, _reversal),
    "void": (DONE, _void),
    "refund": (MADE, _refund),
    "day-closed": (MADE, _closing),
    "payment-refund": (MADE, _refund_through_gateway),
    "run": (MADE, _run),
    "bill-customer": (MADE, _customer_billed),
    "operator-made": (MADE, _operator),
    "operator-changed": (DONE, _operator),
    "package-made": (MADE, _package),
    "package-changed": (DONE, _package),
    "customer-made": (MADE, _customer),
    "customer-changed": (DONE, _customer),
    "customer-erased": (DONE, _customer),
    "import": (DONE, _import),
    "import-undone": (DONE, _import_undone),
    "held-placed": (DONE, _held),
    "held-rejected": (DONE, _held),
    "settings": (DONE, _settings),
    "partner-made": (MADE, _partner),
    "partner-changed": (DONE, _partner),
    "partner-paused": (DONE, _partner),
    "partner-resumed": (DONE, _partner),
    "partner-removed": (DONE, _partner),
    "document": (DONE, _document),
    "isp-profile": (DONE, _isp_profile),
    "payment-link": (MADE, _payment_link),
    "sms-gateway": (DONE, _sms_gateway),
    "sms-gateway-removed": (DONE, _sms_gateway),
    "sms-test": (DONE, _sms_test),
    "sms-template": (DONE, _sms_template),
    "message": (DONE, _message),
    "portal-message": (MADE, _message),
    "receipt-message": (MADE, _message),
    "payment-gateway": (DONE, _payment_gateway),
    "payment-gateway-removed": (DONE, _payment_gateway),
    "online-settings": (DONE, _online_settings),
    "reminder-rule-made": (MADE, _reminder_rule),
    "reminder-rule": (DONE, _reminder_rule),
    "reminder-plan": (DONE, _reminder_plan),
    "checkout-settled": (DONE, _nothing),
    "republish": (DONE, _nothing),
    "letter-redrive": (DONE, _nothing),
    "letter-discard": (DONE, _nothing),
    "partition-stepped-over": (DONE, _nothing),
}


async def describe(tx: Tx, operation: Operation, portals: Portals) -> answers.Operation:
    """`{id, state, resource, problem}`; completed only once the read model shows it."""
    resource = await answer(tx, operation, portals) if operation.state == "completed" else None
    state = "pending" if operation.state == "completed" and resource is None else operation.state
    return {
        "id": str(operation.id),
        "state": state,
        "resource": resource,
        "problem": answers.problem(operation.problem),
    }
