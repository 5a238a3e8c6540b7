"""The projector with the audit at hand: it stands below the commands, so how to look is brought from here."""

from __future__ import annotations

from functools import partial

from cli.audit import promises
from cli.audit.command import find_broken
from gateway.projection.app import create_service
from gateway.projection.audits import Auditor
from gateway.settings import ProjectorSettings
from shared.service import serve


def auditor_of(settings: ProjectorSettings) -> Auditor | None:
    """Return what looks at the promises as the role `auditor`; None where its address was not given."""
    if not settings.audit_database_url:
        return None
    look = partial(find_broken, settings.audit_database_url, settings.kafka)
    return Auditor(len(promises.NAMES), look)


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    settings = ProjectorSettings()
    serve(create_service(settings, auditor_of(settings)), port)
