"""`ispbills audit`: the promises of the installation, each one named statement in `sql/`.

A statement answers the rows that break its promise: relation, id, expected, found. The audit is the only one
to read every schema at once, as the superuser, and it writes nothing. What services have told each other
and not yet taken in is no broken promise: see `settling`.
"""

from cli.audit.command import audit

__all__ = ["audit"]
