"""Payments, wired together."""

from __future__ import annotations

from litestar import Litestar

from services.payments import workers
from services.payments.handlers import CATALOG, INVOICES, PARTNERS, commands
from services.payments.handlers.answers import CONSUMER, SERVICE
from services.payments.office import Office, office_of
from services.payments.providers import Outside
from services.payments.providers.sns import Certificates
from services.payments.providers.tokens import Tokens
from services.payments.public import create_app
from services.payments.public.counter import Counter
from services.payments.reader import read_partner_event
from services.payments.retention import KEPT
from services.payments.senders import CheckoutAsker, GatewayChecker, RefundSender, Tills, side_by_side
from services.payments.settings import Settings
from services.payments.tokens import SharedTokens
from shared import deadletters, erasure, outgoing
from shared.consumer import PROMPT_MS, Sets, Subscription, refuse_command
from shared.contracts import sets
from shared.contracts.catalog import BillingSettingsChanged, CustomerChanged, OperatorChanged
from shared.contracts.documents import IspProfileChanged
from shared.contracts.invoicing import InvoiceState
from shared.contracts.partner import PARTNER_TOPICS
from shared.contracts.payments import RecordPayment
from shared.contracts.sets import InvoiceSet
from shared.redriving import deciding
from shared.service import Service, Worker, serve

CHECKOUTS_AT_ONCE = 20


def create_service(settings: Settings) -> Service:
    """Payments: desk, bills, catalog and partners, each heard on its own; customers and providers by HTTP."""
    office = office_of(settings)
    client = outgoing.open_client(seconds=35.0)
    tokens = Tokens(SharedTokens(office, lambda: service.pool))
    tills = Tills(office, Outside(client, f"{office.public_url}/sandbox/pay", tokens))

    def http(service: Service) -> Litestar:
        return create_app(Counter(tills, Certificates(client), lambda: service.pool))

    service = Service(
        SERVICE,
        settings,
        subscriptions=_subscriptions(office),
        kept=KEPT,
        http=http,
        workers=_workers(office, tills, settings),
    )
    return service


def _subscriptions(office: Office) -> list[Subscription]:
    heard = Subscription(
        CONSUMER,
        topics=(RecordPayment.topic,),
        handlers={**commands(office), **deciding(SERVICE, lambda: subscriptions)},
        wait_ms=PROMPT_MS,
        on_parked=refuse_command(SERVICE),
    )
    catalog = (
        CustomerChanged.topic,
        OperatorChanged.topic,
        BillingSettingsChanged.topic,
        IspProfileChanged.topic,
    )
    subscriptions = [
        heard,
        _invoices(),
        Subscription("catalog", topics=catalog, handlers=CATALOG, is_bulk=True),
        Subscription(
            "partners",
            pattern=PARTNER_TOPICS,
            handlers=PARTNERS,
            read=read_partner_event,
            wait_ms=PROMPT_MS,
            is_bulk=True,
        ),
    ]
    return subscriptions


def _invoices() -> Subscription:
    return Subscription(
        "invoices",
        topics=(InvoiceState.topic,),
        handlers=INVOICES,
        is_bulk=True,
        sets=Sets(InvoiceSet.type, sets.split, sets.join),
    )


def _workers(office: Office, tills: Tills, settings: Settings) -> list[Worker]:
    return [
        Worker("waiting payments", workers.settle_waiting(office), 0.25),
        Worker("held money", workers.place_held_money(), 5.0),
        Worker("partner topics", workers.make_partner_topics(settings.kafka), 0.25),
        Worker("republish", workers.republish, 0.5),
        Worker("checkouts", side_by_side(CheckoutAsker(tills), CHECKOUTS_AT_ONCE), 0.3),
        Worker("payment gateways", GatewayChecker(tills).step, 0.5),
        Worker("refunds", RefundSender(tills).step, 1.0),
        Worker("links", workers.expire_links, 15.0),
        Worker("dead letters", deadletters.announce(SERVICE), 1.0),
        Worker("reminders", workers.remind(office), 60.0),
        Worker("erased customers", erasure.forgetting(workers.forget_erased), 1.0),
    ]


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
