"""Rules of the desk: who may do what, what counts as overdue, and what must never be written down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args
from uuid import UUID

Role = Literal["admin", "operator", "collector", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)
ALL_PACKAGES = UUID(int=0)

_STAFF = frozenset({"admin", "operator"})
_DESK = frozenset({"admin", "operator", "collector"})
MAY: dict[str, frozenset[str]] = {
    "see": frozenset(ROLES),
    "record-payment": _DESK,
    "reverse": _STAFF,
    "void": _STAFF,
    "refund": _STAFF,
    "place-held": _STAFF,
    "bill": _STAFF,
    "change-customers": _STAFF,
    "change-operators": _STAFF,
    "change-users": _STAFF,
    "change-packages": frozenset({"admin"}),
    "change-settings": frozenset({"admin"}),
    "send-links": _DESK,
}


class Problem(Exception):
    """A wish that cannot be granted: `code` is stable, `detail` is for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: tuple[tuple[str, str], ...] = (),
        extra: dict[str, Any] | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.extra = extra or {}
        self.retry_after_seconds = retry_after_seconds


def not_found(what: str = "There is no such thing here.") -> Problem:
    """Unknown and out of reach look the same."""
    return Problem(404, "not-found", what)


def wrong(field_name: str, detail: str, code: str = "invalid") -> Problem:
    """One field of the request is wrong."""
    return Problem(422, code, detail, errors=((field_name, detail),))


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking. `reach` is the operators of their subtree, None for the whole tree."""

    user_id: UUID
    email: str
    name: str
    role: Role
    operator_id: UUID
    reach: tuple[UUID, ...] | None
    token_id: UUID | None = None
    csrf_token: str | None = field(default=None, repr=False)
    address: str = ""

    @property
    def caller(self) -> str:
        """Whose idempotency keys these are."""
        return f"user:{self.user_id}"

    def may(self, what: str) -> bool:
        """Whether the role allows it, for any id."""
        return self.role in MAY[what]

    def must(self, what: str) -> None:
        """The role is checked first, before anything is looked up."""
        if not self.may(what):
            raise Problem(403, "forbidden", "Your role does not allow this.")

    def reaches(self, operator_id: UUID | None) -> bool:
        """Whether the operator lies in the subtree; what belongs to nobody is the root's."""
        return self.reach is None or (operator_id is not None and operator_id in self.reach)

    def may_grant(self, role: Role) -> bool:
        """Nobody grants more than their own role."""
        return ROLES.index(role) >= ROLES.index(self.role)


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Owed after its due date."""
    return status in ("unpaid", "partial") and due_on < today


_DIGIT_RUNS = re.compile(r"[0-9](?:[ -]?[0-9]){12,}")


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits in a row, spaces and dashes aside, pass the Luhn check (ISO/IEC 7812-1)."""
    runs = ([int(character) for character in run if character.isdigit()] for run in _DIGIT_RUNS.findall(text))
    return any(13 <= len(digits) <= 19 and _luhn(digits) for digits in runs)


def _luhn(digits: list[int]) -> bool:
    doubled = [digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0
