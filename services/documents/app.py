"""Documents, wired."""

from __future__ import annotations

from services.documents import handlers
from services.documents.settings import Settings
from shared.consumer import Subscription, refuse_command
from shared.contracts.documents import (
    ChangeIspProfile,
    MakePrintFile,
    PreviewIspProfile,
    RenderDocument,
    Rendering,
    RenderReceipt,
    RenderStatement,
)
from shared.service import Service, serve

KINDS = (
    RenderDocument,
    RenderReceipt,
    RenderStatement,
    MakePrintFile,
    PreviewIspProfile,
    ChangeIspProfile,
)


def create_service(settings: Settings) -> Service:
    """The service with everything that it hears."""
    commands = Subscription(
        "commands",
        topics=(Rendering.topic, "documents.bulk"),
        handlers=dict.fromkeys(KINDS, handlers.refuse),
        on_parked=refuse_command("documents"),
    )
    return Service("documents", settings, subscriptions=[commands])


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
