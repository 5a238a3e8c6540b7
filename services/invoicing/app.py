"""Invoicing, wired together."""

from __future__ import annotations

from services.invoicing import workers
from services.invoicing.handlers import COMMANDS, PAYMENTS
from services.invoicing.handlers.answers import CONSUMER, SERVICE
from services.invoicing.retention import KEPT
from services.invoicing.settings import Settings
from shared import deadletters, erasure
from shared.consumer import PROMPT_MS, Subscription, refuse_command
from shared.contracts.invoicing import StartRun
from shared.contracts.payments import MoneyMoved
from shared.redriving import deciding
from shared.service import Service, Worker, serve


def create_service(settings: Settings) -> Service:
    """Invoicing: two subscriptions, and what it does by itself."""
    commands = Subscription(
        CONSUMER,
        topics=(StartRun.topic,),
        handlers={**COMMANDS, **deciding(SERVICE, lambda: (commands, payments))},
        max_records=25,  # of which each may be 500 lines of an import, with a clerk waiting behind
        wait_ms=PROMPT_MS,
        on_parked=refuse_command(SERVICE),
    )
    payments = Subscription("payments", topics=(MoneyMoved.topic,), handlers=PAYMENTS)
    return Service(
        SERVICE,
        settings,
        subscriptions=[commands, payments],
        kept=KEPT,
        workers=[
            Worker("automatic run", workers.open_automatic_run),
            *(Worker(f"runs {n + 1}", workers.work_on_runs, 0.1) for n in range(settings.chunk_workers)),
            Worker("parked voids", workers.settle_parked_voids, 0.2),
            Worker("republish", workers.republish, 0.5),
            Worker("run measures", workers.measure_runs, 30.0),
            Worker("dead letters", deadletters.announce(SERVICE), 1.0),
            Worker("erased customers", erasure.forgetting(workers.forget_erased), 1.0),
        ],
    )


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
