"""The projector: keeps the read model in a process of its own, so that reading and projecting scale apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.projection import handlers
from gateway.projection.audits import Auditor
from gateway.retention import PROJECTED
from gateway.settings import ProjectorSettings
from shared import deadletters
from shared.consumer import PROMPT_MS, Handler, Sets, Subscription
from shared.contracts import (
    catalog,
    documents,
    envelope,
    invoicing,
    money_in_bulk,
    notifications,
    payments,
    sets,
)
from shared.redriving import deciding
from shared.service import Service, Worker

REPORTS_WAIT_MS = 2_000
AUDITS_PAUSE_SECONDS = 2.0
_CUSTOMERS: Mapping[type[Any], Handler] = {
    catalog.CustomerChanged: handlers.project_customers,
    catalog.CustomerErased: handlers.erase_customers,
    catalog.CustomersImported: handlers.note_imported_chunks,
}
_ANSWERING = ("invoicing", "payments", "notifications", "documents")


def create_service(settings: ProjectorSettings, auditor: Auditor | None = None) -> Service:
    """Money is read apart from invoices and customers, in a process of its own: it waits behind no run."""
    heard = [
        _invoices(),
        _payments(),
        _catalog(),
        _runs(),
        _links(),
        _messages(),
        _files(),
        _outcomes(),
        _reports(),
    ]
    return Service(
        "projector",
        settings,
        schema="gateway",
        relay=False,
        kept=PROJECTED,
        subscriptions=[*heard, _decisions(heard)],
        workers=[
            Worker("dead letters", deadletters.announce("gateway", handlers.park_own), 1.0),
            *([Worker("audits", auditor.step, AUDITS_PAUSE_SECONDS)] if auditor else []),
        ],
        report=handlers.report_own,
    )


def _invoices() -> Subscription:
    return Subscription(
        name="invoices",
        topics=(invoicing.InvoiceIssued.topic,),
        handlers={
            sets.InvoiceSet: handlers.project_invoices,
            invoicing.InvoiceIssued: handlers.project_invoices,
            invoicing.InvoiceVoided: handlers.project_invoices,
        },
        max_records=2_000,
        is_bulk=True,
        sets=Sets(sets.InvoiceSet.type, sets.split, sets.join),
    )


def _payments() -> Subscription:
    return Subscription(
        name="payments",
        topics=(payments.MoneyMoved.topic,),
        wait_ms=PROMPT_MS,
        handlers={
            # Of one type the later kind reads; it hands over to the contract what it does not take.
            payments.PaymentRecorded: handlers.project_money,
            payments.PaymentAllocated: handlers.project_money,
            payments.PaymentReversed: handlers.project_money,
            payments.CreditRefunded: handlers.project_money,
            payments.RefundStarted: handlers.project_money,
            payments.RefundFailed: handlers.project_money,
            payments.MoneyRepublished: handlers.project_money,
            payments.PaymentHeld: handlers.project_money,
            payments.HeldPaymentPlaced: handlers.project_money,
            payments.HeldPaymentRejected: handlers.project_money,
            payments.DayClosed: handlers.project_money,
            money_in_bulk.Recorded: handlers.project_money,
            money_in_bulk.Allocated: handlers.project_money,
        },
    )


def _catalog() -> Subscription:
    return Subscription(
        name="catalog",
        topics=(
            catalog.OperatorChanged.topic,
            catalog.PackageChanged.topic,
            catalog.CustomerChanged.topic,
            catalog.BillingSettingsChanged.topic,
            payments.PartnerChanged.topic,
            documents.IspProfileChanged.topic,
            notifications.SmsGatewayChanged.topic,
        ),
        wait_ms=PROMPT_MS,
        is_bulk=True,
        is_by_kind=True,
        handlers={
            catalog.OperatorChanged: handlers.project_operators,
            catalog.PackageChanged: handlers.project_packages,
            **_CUSTOMERS,
            catalog.BillingSettingsChanged: handlers.project_billing_settings,
            payments.PartnerChanged: handlers.project_partners,
            documents.IspProfileChanged: handlers.project_isp_profiles,
            payments.PaymentGatewayChanged: handlers.project_payment_gateways,
            payments.OnlineSettingsChanged: handlers.project_online_settings,
            payments.ReminderRuleChanged: handlers.project_reminder_rules,
            payments.RemindersPlanned: handlers.note_reminder_plans,
            notifications.SmsGatewayChanged: handlers.project_sms_gateways,
            notifications.SmsTemplateChanged: handlers.project_sms_templates,
        },
    )


def _runs() -> Subscription:
    return Subscription(
        name="runs",
        topics=(invoicing.RunProgressed.topic,),
        handlers={invoicing.RunProgressed: handlers.project_runs},
    )


def _links() -> Subscription:
    return Subscription(
        name="links",
        topics=(payments.PaymentLinkState.topic,),
        wait_ms=PROMPT_MS,
        handlers={
            payments.PaymentLinkCreated: handlers.project_payment_links,
            payments.PaymentLinkOpened: handlers.project_payment_links,
            payments.PaymentLinkPaid: handlers.project_payment_links,
            payments.PaymentLinkRevoked: handlers.project_payment_links,
            payments.PaymentLinkExpired: handlers.project_payment_links,
            payments.CheckoutChanged: handlers.project_checkouts,
        },
    )


def _messages() -> Subscription:
    return Subscription(
        name="messages",
        topics=(notifications.MessageState.topic,),
        wait_ms=PROMPT_MS,
        handlers={
            notifications.MessageQueued: handlers.project_messages,
            notifications.MessageSending: handlers.project_messages,
            notifications.MessageSent: handlers.project_messages,
            notifications.MessageDelivered: handlers.project_messages,
            notifications.MessageFailed: handlers.project_messages,
            notifications.MessageUnknown: handlers.project_messages,
        },
    )


def _files() -> Subscription:
    return Subscription(
        name="files",
        topics=(documents.DocumentEnd.topic,),
        wait_ms=PROMPT_MS,
        handlers={
            documents.DocumentRendered: handlers.note_files,
            documents.DocumentFailed: handlers.end_failed_documents,
        },
    )


def _outcomes() -> Subscription:
    return Subscription(
        name="outcomes",
        topics=tuple(f"{name}.outcomes" for name in _ANSWERING),
        wait_ms=PROMPT_MS,
        handlers={
            envelope.CommandRefused: handlers.end_refused,
            envelope.CommandCompleted: handlers.end_completed,
            envelope.DeadLetterChanged: handlers.project_parked_letters,
        },
    )


def _reports() -> Subscription:
    """How processes fare: told all day by all of them, and no news to anybody who waits."""
    return Subscription(
        name="reports",
        topics=tuple(f"{name}.processes" for name in (*_ANSWERING, "gateway")),
        wait_ms=REPORTS_WAIT_MS,
        wakes_workers=False,
        handlers={envelope.ProcessReported: handlers.project_process_reports},
    )


def _decisions(heard: Sequence[Subscription]) -> Subscription:
    """What people decide about letters and partitions of the gateway's own schema, which are all ours."""
    return Subscription(
        name="decisions",
        topics=("gateway.commands",),
        wait_ms=PROMPT_MS,
        handlers=deciding("gateway", lambda: heard, handlers.end_own),
    )
