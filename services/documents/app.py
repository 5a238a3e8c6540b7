"""Documents, wired together."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from services.documents import workers
from services.documents.handlers import BULK, CATALOG, COMMANDS
from services.documents.handlers.answers import CONSUMER, SERVICE
from services.documents.makers import Makers
from services.documents.rendering.pool import Pool as Processes
from services.documents.rendering.pool import ProcessDied
from services.documents.retention import KEPT
from services.documents.senders import Sender, new_sender
from services.documents.settings import Settings
from shared import blobs, deadletters, erasure
from shared.consumer import PROMPT_MS, Subscription, refuse_command
from shared.contracts.catalog import BillingSettingsChanged, CustomerErased, OperatorChanged
from shared.contracts.documents import Rendering
from shared.db import Pool
from shared.redriving import deciding
from shared.service import Service, Step, Worker, serve


class Workshop:
    """The makers and those who let them work; there is a blob store only once the service starts."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.processes = Processes(
            size=settings.render_processes,
            time_limit_seconds=settings.render_time_limit_seconds,
            memory_bytes=settings.render_memory_bytes,
            recycle_bytes=settings.recycle_above_bytes,
            jobs_a_process=settings.renderings_a_process,
        )
        self.senders: list[Sender] = []

    async def open(self, pool: Pool) -> None:
        """Open the blob store, and let as many take from the line as there are processes."""
        makers = Makers(pool, blobs.open_store(self.settings), self.processes)
        self.senders = [new_sender(makers) for _ in range(self.settings.render_processes)]
        self.warming = asyncio.create_task(self._warm())
        self.forget = workers.forget_files(makers.blob_store, self.settings.retention_days)
        self.forget_erased = erasure.forgetting(workers.forget_erased(makers.blob_store))

    async def _warm(self) -> None:
        """Start the processes beside the service; a start that fails is tried again by the first document."""
        with suppress(ProcessDied):
            await self.processes.warm()

    def workers(self) -> list[Worker]:
        """One loop a sender, and the one that forgets."""

        def sending(number: int) -> Step:
            return lambda pool: self.senders[number].step(pool)

        return [
            *(
                # One looks often, for whoever waits; the others join it when there is more.
                Worker(f"renderings {number + 1}", sending(number), 0.5 if number else 0.15)
                for number in range(self.settings.render_processes)
            ),
            Worker("retention", lambda pool: self.forget(pool), 600.0),
            Worker("erased customers", lambda pool: self.forget_erased(pool), 1.0),
        ]


def create_service(settings: Settings) -> Service:
    """Documents: what people wait for, what bulk actions want, the catalogue; and those who render."""
    workshop = Workshop(settings)
    catalog = (OperatorChanged.topic, BillingSettingsChanged.topic, CustomerErased.topic)
    parked = refuse_command(SERVICE)
    service = Service(
        SERVICE,
        settings,
        subscriptions=[
            Subscription(
                CONSUMER,
                topics=(Rendering.topic,),
                handlers={**COMMANDS, **deciding(SERVICE, lambda: service.subscriptions)},
                wait_ms=PROMPT_MS,
                on_parked=parked,
            ),
            Subscription("bulk", topics=("documents.bulk",), handlers=BULK, on_parked=parked),
            Subscription("catalog", topics=catalog, handlers=CATALOG),
        ],
        kept=KEPT,
        workers=[
            *workshop.workers(),
            Worker("republish", workers.end_republishes, 0.5),
            Worker("dead letters", deadletters.announce(SERVICE), 1.0),
        ],
        on_start=[workshop.open],
    )
    return service


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
