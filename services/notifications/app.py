"""Notifications, wired together."""

from __future__ import annotations

from litestar import Litestar

from services.notifications import senders, workers
from services.notifications.handlers import CATALOG, commands
from services.notifications.handlers.answers import CONSUMER, SERVICE
from services.notifications.http import create_app
from services.notifications.retention import KEPT
from services.notifications.senders import Sender
from services.notifications.settings import Settings
from services.notifications.vault import Vault
from shared import deadletters, erasure
from shared.consumer import PROMPT_MS, Subscription, refuse_command
from shared.contracts.catalog import BillingSettingsChanged, CustomerErased, OperatorChanged
from shared.contracts.notifications import SendMessage
from shared.redriving import deciding
from shared.service import Service, Worker, serve


def create_service(settings: Settings) -> Service:
    """Notifications: what is asked of it, the tree of operators, the senders, and reports of providers."""
    vault = Vault(settings.sealing_key)
    sender = Sender(vault, settings.public_url)

    def http(service: Service) -> Litestar:
        return create_app(vault, settings.public_url, lambda: service.pool)

    return Service(
        SERVICE,
        settings,
        subscriptions=_subscriptions(vault),
        kept=KEPT,
        workers=[
            Worker("sender", sender.step, 0.3),
            Worker("questions", sender.ask, 1.0),
            Worker("lost leases", senders.give_up_lost_leases, 2.0),
            Worker("expired", senders.give_up_expired, 10.0),
            Worker("republish", workers.republish, 0.5),
            Worker("dead letters", deadletters.announce(SERVICE), 1.0),
            Worker("erased customers", erasure.forgetting(workers.forget_erased), 1.0),
        ],
        http=http,
    )


def _subscriptions(vault: Vault) -> list[Subscription]:
    heard = [
        Subscription(
            CONSUMER,
            topics=(SendMessage.topic,),
            handlers={**commands(vault), **deciding(SERVICE, lambda: heard)},
            wait_ms=PROMPT_MS,
            on_parked=refuse_command(SERVICE),
        ),
        Subscription(
            "catalog",
            topics=(OperatorChanged.topic, BillingSettingsChanged.topic, CustomerErased.topic),
            handlers=CATALOG,
        ),
    ]
    return heard


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
