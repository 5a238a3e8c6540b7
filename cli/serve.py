"""`ispbills serve NAME`: one process of the system, in the foreground."""

import importlib
import os

import click

from devstack.environment import ensure_environment
from shared import owners

_PROCESSES = {
    "invoicing": "services.invoicing.app",
    "payments": "services.payments.app",
    "notifications": "services.notifications.app",
    "documents": "services.documents.app",
    "gateway": "gateway.app",
    "projector": "cli.audit.projector",
}


@click.command()
@click.argument("name", type=click.Choice(list(_PROCESSES)))
@click.option("--port", type=click.IntRange(0, 65535), help="Listen here; 0 takes any free port.")
def serve(name: str, port: int | None) -> None:
    """Run one service until it is stopped; beside a running stack it joins as another replica."""
    ensure_environment()
    # The superuser's addresses are for people; a service reaches only its own schema.
    for variable in owners.VARIABLES:
        os.environ.pop(variable, None)
    importlib.import_module(_PROCESSES[name]).run(port)
