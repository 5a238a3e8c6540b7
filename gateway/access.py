"""Who may do what: roles, what each allows, and the operators within reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args
from uuid import UUID

from gateway.problems import Problem

Role = Literal["admin", "operator", "collector", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)

_STAFF = frozenset({"admin", "operator"})
_DESK = frozenset({"admin", "operator", "collector"})
MAY: dict[str, frozenset[str]] = {
    "see": frozenset(ROLES),
    "record-payment": _DESK,
    "reverse": _STAFF,
    "void": _STAFF,
    "close-day": _DESK,
    "refund": _STAFF,
    "place-held": _STAFF,
    "bill": _STAFF,
    "change-customers": _STAFF,
    "erase-customers": frozenset({"admin"}),
    "change-operators": _STAFF,
    "change-users": _STAFF,
    "change-packages": frozenset({"admin"}),
    "change-settings": frozenset({"admin"}),
    "send-links": _DESK,
    "operate": frozenset({"admin"}),
}
# The whole installation's business: a reseller's admin has no part in it.
_OF_THE_ROOT = frozenset({"operate"})


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller: they see what belongs to their operator and everyone below it."""

    user_id: UUID
    email: str
    name: str
    role: Role
    operator_id: UUID
    sees_all: bool
    token_id: UUID | None = None
    csrf_token: str | None = field(default=None, repr=False)
    address: str = ""

    @property
    def caller(self) -> str:
        """Return by whom idempotency keys are told apart."""
        return f"user:{self.user_id}"

    def may(self, what: str) -> bool:
        """Whether the role allows it, for any id."""
        return self.role in MAY[what] and (self.sees_all or what not in _OF_THE_ROOT)

    def must(self, what: str) -> None:
        """The role is checked first, before anything is looked up."""
        if not self.may(what):
            raise Problem(403, "forbidden", "Your role does not allow this.")

    @property
    def top(self) -> UUID | None:
        """The operator whose subtree they see; None for the whole tree."""
        return None if self.sees_all else self.operator_id

    def may_grant(self, role: Role) -> bool:
        """Nobody grants more than their own role."""
        return ROLES.index(role) >= ROLES.index(self.role)
