"""Payments, wired together."""

from __future__ import annotations

from services.payments import workers
from services.payments.handlers import CATALOG, COMMANDS, INVOICES, PARTNERS
from services.payments.handlers.answers import CONSUMER, SERVICE
from services.payments.reader import read_partner_event
from services.payments.retention import KEPT
from services.payments.settings import Settings
from shared.consumer import PROMPT_MS, Subscription, refuse_command
from shared.contracts.catalog import BillingSettingsChanged, CustomerChanged, OperatorChanged
from shared.contracts.invoicing import InvoiceState
from shared.contracts.partner import PARTNER_TOPICS
from shared.contracts.payments import RecordPayment
from shared.service import Service, Worker, serve


def create_service(settings: Settings) -> Service:
    """Payments: the desk, the bills, the catalog and the partners, each heard on its own."""
    commands = Subscription(
        CONSUMER,
        topics=(RecordPayment.topic,),
        handlers=COMMANDS,
        wait_ms=PROMPT_MS,
        on_parked=refuse_command(SERVICE),
    )
    catalog = (CustomerChanged.topic, OperatorChanged.topic, BillingSettingsChanged.topic)
    return Service(
        SERVICE,
        settings,
        subscriptions=[
            commands,
            Subscription("invoices", topics=(InvoiceState.topic,), handlers=INVOICES),
            Subscription("catalog", topics=catalog, handlers=CATALOG),
            Subscription(
                "partners",
                pattern=PARTNER_TOPICS,
                handlers=PARTNERS,
                read=read_partner_event,
                wait_ms=PROMPT_MS,
            ),
        ],
        kept=KEPT,
        workers=[
            Worker("waiting payments", workers.settle_waiting, 0.25),
            Worker("held money", workers.place_held_money(), 5.0),
            Worker("partner topics", workers.make_partner_topics(settings.kafka), 0.25),
            Worker("republish", workers.republish, 0.5),
        ],
    )


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
