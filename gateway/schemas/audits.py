"""An audit of the promises, as whoever runs the installation sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gateway.schemas.fields import Row

AuditState = Literal["waiting", "looking", "looked", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that breaks a promise: what it should say, and what it says."""

    promise: str
    relation: str
    id: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit: how far it is, what it found, and the first of the rows that it names."""

    asked_by: str
    asked_at: datetime
    state: AuditState
    started_at: datetime | None
    ended_at: datetime | None
    promises: int
    looked: int
    suspected: int
    broken: int
    findings: tuple[Finding, ...]
    detail: str

    @property
    def is_under_way(self) -> bool:
        """Whether its end is still to come."""
        return self.state in ("waiting", "looking")

    @property
    def looks_again(self) -> bool:
        """Whether every promise was looked at, and what seemed broken is looked at again."""
        return self.state == "looking" and self.looked >= self.promises > 0

    @property
    def seconds(self) -> float:
        """Return how long it took; 0 where it has not begun or not ended."""
        if self.started_at is None or self.ended_at is None:
            return 0.0
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def concerns_the_view_alone(self) -> bool:
        """Whether every row that is named lies in the read model, which can be made again."""
        return bool(self.findings) and all(each.relation.startswith("gateway.") for each in self.findings)


def audit(row: Row) -> Audit:
    """Return an audit as the desk shows it."""
    facts = {**row, "findings": tuple(Finding(*each) for each in row["findings"])}
    return Audit(**facts)
