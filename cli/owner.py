"""A schema's owner at the command line: connected to the database where the schema lies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg
import click

from shared import foreign, owners
from shared.db import Connection


@asynccontextmanager
async def connected(schema: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Connection]:
    """A connection to the database where a schema lies; one that only reads it from elsewhere is refused."""
    connection = await asyncpg.connect(
        owners.owner_url(schema), server_settings=dict(settings) if settings else None
    )
    try:
        await foreign.refuse_elsewhere(connection, [schema])
        yield connection
    except foreign.WrongPlace as error:
        raise click.ClickException(f"{error}. Nothing was changed") from error
    finally:
        await connection.close()
