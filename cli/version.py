"""`ispbills version`: which release this is, and which state of the database it stands on."""

from __future__ import annotations

import json
import platform

import click

from shared.migrate import SCHEMAS, newest_migrations
from shared.release import VERSION


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def version(as_json: bool) -> None:
    """Show the release, and the newest migration of each schema that it knows."""
    facts = {
        "version": VERSION,
        "python": platform.python_version(),
        "migrations": {schema.name: newest_migrations(schema) for schema in SCHEMAS},
    }
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"ispbills {facts['version']} on Python {facts['python']}")
    for schema in SCHEMAS:
        click.echo(f"  {schema.name:<13} {', '.join(newest_migrations(schema))}")
