"""`ispbills migrate`: brings schemas, topics and rights up to date; run it before the services."""

from __future__ import annotations

import asyncio
import os

import click

from cli.kafka import kafka_or_refuse
from devstack.environment import ensure_environment
from shared import migrate as migrations
from shared.contracts.access import SERVICES, service_rights
from shared.contracts.topics import TOPICS
from shared.kafka import SCRAM, Kafka
from shared.topics import create_topics


@click.command()
def migrate() -> None:
    """Create or update schemas, roles, topics and the services' rights on Kafka. Safe to run again."""
    ensure_environment()
    kafka = kafka_or_refuse()
    try:
        asyncio.run(_migrate_all(kafka))
    except migrations.DatabaseIsNewer as error:
        raise click.ClickException(
            f"this database was migrated by a later release ({error}); nothing was changed. "
            "Go on with that release, or restore a backup from before (docs/upgrading.md)"
        ) from error
    _grant_all(kafka)


async def _migrate_all(kafka: Kafka) -> None:
    roles = [role for schema in migrations.SCHEMAS for role in schema.roles]
    named = {role: f"{role.upper()}_DATABASE_URL" for role in roles}
    named[migrations.AUDITOR] = "PROJECTOR_AUDIT_DATABASE_URL"
    urls = {role: url for role, variable in named.items() if (url := os.environ.get(variable))}
    for name in await migrations.migrate(os.environ["DATABASE_URL"], urls):
        click.echo(f"applied  {name}")
    for name in await create_topics(kafka, TOPICS):
        click.echo(f"created  {name}")


def _grant_all(kafka: Kafka) -> None:
    """Each service's user with its rights, on a broker that keeps any; else say what stays open."""
    try:
        from shared.broker_access import BrokerAccess, NotAllowed, NotProtected
    except ImportError:
        click.echo("Kafka's rights are left alone: confluent-kafka (extra `admin`) is not installed")
        return
    access = BrokerAccess(kafka)
    try:
        for service in SERVICES:
            if access.set_rights(_user(service), service_rights(service)):
                click.echo(f"granted  {service}")
        if passwords := _passwords():
            access.set_passwords(passwords)
    except NotProtected:
        click.echo("Kafka has no authorizer: whoever reaches it may do everything (docs/security.md)")
    except NotAllowed:
        click.echo("Kafka's rights are left alone: this user may not change them (docs/security.md)")


def _user(service: str) -> str:
    return os.environ.get(f"{service.upper()}_KAFKA_USERNAME") or service


def _passwords() -> dict[str, str]:
    """Those that the environment tells us, of users whom the broker is to know by SCRAM."""
    passwords = {}
    for service in SERVICES:
        prefix = f"{service.upper()}_KAFKA"
        if os.environ.get(f"{prefix}_SASL_MECHANISM", SCRAM) == SCRAM:
            passwords[_user(service)] = os.environ.get(f"{prefix}_PASSWORD", "")
    return {user: password for user, password in passwords.items() if password}
