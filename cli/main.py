"""`ispbills`: imports a command's module only when it is called; no image needs another's libraries."""

import importlib
import os
import socket
import sys
from typing import Any

import click

from devstack.state import PRIVATE_UMASK
from shared.release import VERSION

_COMMANDS = {
    "up": ("cli.stack:up", "Start everything: Postgres, Kafka and the services."),
    "down": ("cli.stack:down", "Stop everything and leave no process behind."),
    "status": ("cli.stack:status", "Show addresses, login and processes."),
    "logs": ("cli.stack:logs", "Show what the processes say."),
    "start": ("cli.stack:start", "Start one process that was stopped."),
    "stop": ("cli.stack:stop", "Stop one process and hold it down."),
    "serve": ("cli.serve:serve", "Run one service in the foreground."),
    "migrate": ("cli.migrate:migrate", "Bring schemas, roles and topics up to date."),
    "billing": ("cli.billing:billing", "Run a month's billing, or see how it went."),
    "customers": ("cli.customers:customers", "Import customers from a CSV file."),
    "users": ("cli.users:users", "Add users."),
    "tokens": ("cli.users:tokens", "Create API tokens."),
    "partners": ("cli.partners:partners", "Add payment partners and their topics."),
    "dead-letters": ("cli.deadletters:dead_letters", "See, send again or discard what could not be handled."),
    "view": ("cli.view:view", "Rebuild the read model of bills."),
    "sessions": ("cli.database:sessions", "Show who is at work in the database, and who waits for whom."),
    "sql": ("cli.database:sql", "Run one statement in a service's schema."),
    "backup": ("cli.backup:backup", "Write services' schemas to files."),
    "restore": ("cli.backup:restore", "Bring a service back to a backup."),
    "audit": ("cli.audit:audit", "Prove the promises from the databases."),
    "asyncapi": ("cli.schema:asyncapi", "Print a service's AsyncAPI document."),
    "openapi": ("cli.schema:openapi", "Print the gateway's OpenAPI document."),
    "version": ("cli.version:version", "Show the release and its newest migrations."),
    "demo": ("cli.demo:demo", "Load the demo ISP."),
}


class _LazyGroup(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, context: click.Context) -> Any:
        """Say in one line what is away or refused: whoever is called at night has no use for a traceback."""
        try:
            return super().invoke(context)
        except Exception as error:
            if (said := _in_words(error)) is None:
                raise
            raise click.ClickException(said) from error

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in _COMMANDS.items()])


def _in_words(error: Exception) -> str | None:
    """Return what went wrong outside of us; None for a fault of ours, which is shown whole."""
    db, kafka = importlib.import_module("shared.db"), importlib.import_module("aiokafka.errors")
    asyncpg = importlib.import_module("asyncpg")
    httpx, librdkafka = sys.modules.get("httpx"), sys.modules.get("confluent_kafka")  # not in every image
    away = (ConnectionError, TimeoutError, socket.gaierror, *db.UNREACHABLE, kafka.KafkaConnectionError)
    if isinstance(error, away):
        return f"Postgres or Kafka does not answer: {error!r}"
    if httpx and isinstance(error, httpx.TransportError):
        return f"the gateway does not answer: {error!r}"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, asyncpg.DataError):
        return f"Postgres takes no such value: {error}"
    if isinstance(error, (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)):
        return f"Postgres refuses: {error}"
    if isinstance(error, kafka.KafkaError) or (librdkafka and isinstance(error, librdkafka.KafkaException)):
        return f"Kafka refuses: {error}"
    return None


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="%(version)s")
def main() -> None:
    """Billing desk for internet providers that sell through a tree of resellers."""
    os.umask(PRIVATE_UMASK)  # what any process of ours writes holds customers' data


if __name__ == "__main__":
    main()
