"""Which login role runs which named statements: the ground that grants are checked against."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiosql

from gateway import retention as gateway
from gateway.store.bill_pages import pages
from gateway.store.closing_pages import pages as closing_pages
from gateway.store.customer_pages import pages as customer_pages
from gateway.store.payment_pages import pages as payment_pages
from services.documents import retention as documents
from services.invoicing import retention as invoicing
from services.notifications import retention as notifications
from services.payments import retention as payments
from shared.migrate import SCHEMAS
from shared.retention import Kept, Term, statement_of

ROOT = Path(__file__).resolve().parents[1]
GATEWAY_STORE = ROOT / "gateway" / "store"
HOMES = {
    "invoicing": "services/invoicing",
    "payments": "services/payments",
    "notifications": "services/notifications",
    "documents": "services/documents",
    "gateway": "gateway",
    "projector": "gateway",
}
KEPT: dict[str, tuple[Kept, ...]] = {
    "invoicing": invoicing.KEPT,
    "payments": payments.KEPT,
    "notifications": notifications.KEPT,
    "documents": documents.KEPT,
    "gateway": gateway.KEPT,
    "projector": gateway.PROJECTED,
}
SCHEMA_OF = {role: schema.name for schema in SCHEMAS for role in schema.roles}
# Run by the superuser that migrates and rebuilds.
OF_NO_ROLE = {"rebuild.sql"}
# Plumbing that the projector uses; every other role uses all of it.
PROJECTORS_PLUMBING = {
    "shared/erasure.sql: hold_back_what_comes",
    "shared/erasure.sql: note_erased",
    "shared/erasure.sql: look_again",
    "shared/deadletters.sql: park",
    "shared/deadletters.sql: letter",
    "shared/deadletters.sql: close_letter",
    "shared/deadletters.sql: note_try",
    "shared/deadletters.sql: letters_to_say",
    "shared/setaside.sql: hold",
    "shared/setaside.sql: open_partitions",
    "shared/setaside.sql: skipped_before",
    "shared/setaside.sql: close_partition",
    "shared/setaside.sql: step_over",
}


def statements_of(role: str) -> dict[str, str]:
    """The statements that a role runs, by file and name, and those that forget its old rows."""
    forgetting = {
        f"retention: {each.table} {each.blank or ''}": statement_of(each)
        for each in KEPT[role]
        if isinstance(each, Term)
    }
    return _named_statements_of(role) | forgetting


def _named_statements_of(role: str) -> dict[str, str]:
    plumbing = _load((ROOT / "shared").rglob("sql/*.sql"))
    if role not in ("gateway", "projector"):
        return _load((ROOT / HOMES[role]).rglob("sql/*.sql")) | plumbing
    store = _load(file for file in (GATEWAY_STORE / "sql").glob("*.sql") if file.name not in OF_NO_ROLE)
    if role == "gateway":
        return (
            store
            | _by_name("bill_pages", pages)
            | _by_name("payment_pages", payment_pages)
            | _by_name("customer_pages", customer_pages)
            | _by_name("closing_pages", closing_pages)
            | plumbing
        )
    called = _names_called_by_the_projection()
    own = _load((ROOT / "gateway/projection/sql").glob("*.sql"))
    own |= {name: sql for name, sql in store.items() if name.split(": ")[1] in called}
    return own | {name: sql for name, sql in plumbing.items() if name in PROJECTORS_PLUMBING}


def _load(files: Iterable[Path]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(files):
        queries = aiosql.from_path(file, "asyncpg", mandatory_parameters=False)
        found |= _by_name(f"{file.parent.parent.name}/{file.name}", queries)
    return found


def _by_name(place: str, queries: Any) -> dict[str, str]:
    names = [name for name in queries.available_queries if not name.endswith("_cursor")]
    return {f"{place}: {name}": getattr(queries, name).sql for name in names}


def _names_called_by_the_projection() -> set[str]:
    """The statements of those functions of the gateway's store that the projection calls."""
    projection = "\n".join(file.read_text() for file in (ROOT / "gateway/projection").glob("*.py"))
    names: set[tuple[str, str]] = set()
    for module, alias in re.findall(r"from gateway\.store import (\w+)(?: as (\w+))?", projection):
        functions = _functions_of(GATEWAY_STORE / f"{module}.py")
        for called in re.findall(rf"\b{alias or module}\.(\w+)\(", projection):
            names |= set(re.findall(r'(?:named|queries)\.(\w+)|tx, "(\w+)"', functions.get(called, "")))
    return {name for pair in names for name in pair}


def _functions_of(file: Path) -> dict[str, str]:
    pieces = re.split(r"^(?:async )?def ", file.read_text(), flags=re.MULTILINE)[1:]
    return {piece.partition("(")[0]: piece for piece in pieces}
