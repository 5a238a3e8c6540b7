"""Where each schema lies: the owner's address of its database, for what works across schemas.

`PAYMENTS_OWNER_DATABASE_URL` leads to where payments lies; without one a schema lies in the home database,
the one of `DATABASE_URL`, where the audit reads all of them (decision 32).
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from shared.migrate import SCHEMAS

_OWN = {schema.name: f"{schema.name.upper()}_OWNER_DATABASE_URL" for schema in SCHEMAS}
# For people at the command line; no service gets any of them.
VARIABLES = ("DATABASE_URL", *_OWN.values())


def variable(schema: str) -> str:
    """Return the name of the owner's address of a schema."""
    return _OWN[schema]


def elsewhere(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the schemas that lie in a database of their own."""
    return [schema for schema, variable in _OWN.items() if environment.get(variable)]


def owner_url(schema: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the owner's address of the database where a schema lies."""
    return environment.get(_OWN[schema]) or environment["DATABASE_URL"]


def url_from_home(schema: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return by which address the home database's server reaches a schema that lies elsewhere.

    It is the owner's unless another was told: a server may know another name for it, or keep certificates in
    another place.
    """
    told = environment.get(f"{schema.upper()}_AUDIT_DATABASE_URL")
    return told or owner_url(schema, environment)
