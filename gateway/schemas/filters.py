"""What lists are asked for: filters and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BillFilter:
    """What the caller asked for; an empty tuple or None filters nothing."""

    operator_ids: tuple[UUID, ...] = ()
    package_ids: tuple[UUID, ...] = ()
    statuses: tuple[str, ...] = ()
    period: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    overdue: bool | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers."""

    operator_ids: tuple[UUID, ...] = ()
    package_ids: tuple[UUID, ...] = ()
    statuses: tuple[str, ...] = ()
    code: str | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    limit: int = 50
    cursor: str | None = None
    sort: str = "-issued_on"
