"""Notifications, wired."""

from __future__ import annotations

from services.notifications import handlers
from services.notifications.retention import KEPT
from services.notifications.settings import Settings
from shared.consumer import Subscription, refuse_command
from shared.contracts.notifications import SendMessage
from shared.service import Service, serve


def create_service(settings: Settings) -> Service:
    """The service with everything that it hears."""
    commands = Subscription(
        "commands",
        topics=("notifications.commands",),
        handlers={SendMessage: handlers.refuse_messages},
        on_parked=refuse_command("notifications"),
    )
    return Service("notifications", settings, subscriptions=[commands], kept=KEPT)


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
