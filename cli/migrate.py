"""`ispbills migrate`: brings schemas, topics and rights up to date; run it before the services."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

import asyncpg
import click

from cli.kafka import kafka_or_refuse
from devstack.environment import ensure_environment
from shared import foreign, owners
from shared import migrate as migrations
from shared.contracts.access import SERVICES, service_rights
from shared.contracts.topics import TOPICS
from shared.kafka import SCRAM, Kafka
from shared.migrate import AUDITOR, SCHEMAS, Schema
from shared.topics import create_topics


@click.command()
def migrate() -> None:
    """Create or update schemas, roles, topics and the services' rights on Kafka. Safe to run again.

    Each schema in the database of its PAYMENTS_OWNER_DATABASE_URL and the like, else in that of DATABASE_URL.
    """
    ensure_environment()
    kafka = kafka_or_refuse()
    try:
        asyncio.run(_migrate_all(kafka))
    except migrations.DatabaseIsNewer as error:
        raise click.ClickException(
            f"this database was migrated by a later release ({error}); nothing was changed. "
            "Go on with that release, or restore a backup from before (docs/upgrading.md)"
        ) from error
    except foreign.WrongPlace as error:
        raise click.ClickException(f"{error}. Nothing was changed (docs/scale.md)") from error
    _administer(kafka)


async def _migrate_all(kafka: Kafka) -> None:
    places, urls = _places(), _role_urls()
    elsewhere = {schema: owners.url_from_home(schema) for schema in owners.elsewhere()}
    for url, schemas in places.items():
        await _refuse(url, schemas, elsewhere)
    home, *others = places
    as_auditor = await _as_auditor(home, elsewhere, urls)
    for url in others:
        _say_applied(await migrations.migrate(url, urls | {AUDITOR: as_auditor}, places[url]))
    _say_applied(await migrations.migrate(home, urls, places[home]))
    if elsewhere:
        await foreign.show(home, elsewhere, migrations.password_of(as_auditor))
    for name in await create_topics(kafka, TOPICS):
        click.echo(f"created  {name}")


def _places() -> dict[str, list[Schema]]:
    """The schemas of each database by its owner's address; the home database is the first."""
    places: dict[str, list[Schema]] = {os.environ["DATABASE_URL"]: []}
    for schema in SCHEMAS:
        places.setdefault(owners.owner_url(schema.name), []).append(schema)
    return places


def _role_urls() -> dict[str, str]:
    named = {role: f"{role.upper()}_DATABASE_URL" for schema in SCHEMAS for role in schema.roles}
    named[AUDITOR] = "PROJECTOR_AUDIT_DATABASE_URL"
    return {role: url for role, variable in named.items() if (url := os.environ.get(variable))}


async def _refuse(url: str, schemas: Sequence[Schema], elsewhere: Collection[str]) -> None:
    """Refuse to touch any database while this one is newer, or says something else of where a schema lies."""
    connection = await asyncpg.connect(url)
    try:
        await foreign.refuse_elsewhere(connection, [schema.name for schema in schemas])
        await migrations.refuse_to_go_back(connection, schemas)
        if url == os.environ["DATABASE_URL"]:
            await foreign.refuse_two_places(connection, elsewhere)
    finally:
        await connection.close()


async def _as_auditor(home: str, elsewhere: Collection[str], urls: Mapping[str, str]) -> str:
    """The address, of which only the password counts, by which the home database signs in elsewhere."""
    told = urls.get(AUDITOR, "")
    if migrations.password_of(told) or not elsewhere:
        return told
    # Nobody but the home database needs to know it.
    password = await foreign.password_of_auditor(home, elsewhere)
    return f"postgresql://{AUDITOR}:{quote(password, safe='')}@"


def _say_applied(names: Sequence[str]) -> None:
    for name in names:
        click.echo(f"applied  {name}")


def _administer(kafka: Kafka) -> None:
    """Partners' records stamped, and each service's user with its rights where a broker keeps any.

    Says what stays open.
    """
    try:
        from shared.broker_access import BrokerAccess, NotAllowed, NotProtected
    except ImportError:
        click.echo("Kafka's rights are left alone: confluent-kafka (extra `admin`) is not installed")
        return
    access = BrokerAccess(kafka)
    try:
        for name in access.stamp_partners_records():
            click.echo(f"changed  {name}: the broker stamps its records")
        for service in SERVICES:
            if access.set_rights(_user(service), service_rights(service)):
                click.echo(f"granted  {service}")
        if passwords := _passwords():
            access.set_passwords(passwords)
    except NotProtected:
        click.echo("Kafka has no authorizer: whoever reaches it may do everything (docs/security.md)")
    except NotAllowed:
        click.echo("Kafka is left as it is: this user may not change it (docs/security.md)")


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
