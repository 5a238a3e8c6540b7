"""The newest audit of the installation, as it stands."""

from __future__ import annotations

from gateway.schemas import audits as schemas
from gateway.store import audits as audit_store
from shared.db import Tx


async def newest(tx: Tx) -> schemas.Audit | None:
    """Return the audit that was asked for last; None where none ever was."""
    row = await audit_store.newest(tx)
    return None if row is None else schemas.audit(row)


async def can_audit(tx: Tx) -> bool:
    """Whether a process of this installation can audit."""
    return await audit_store.auditor_was_heard(tx)
