from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.message_outcome_outcome import MessageOutcomeOutcome, check_message_outcome_outcome
from ..types import UNSET, Unset

T = TypeVar("T", bound="MessageOutcome")


@_attrs_define
class MessageOutcome:
    """The end of a message, as a person found out.

    Attributes:
        outcome (MessageOutcomeOutcome): What became of it.
        note (str | Unset): How that is known. Default: ''.
    """

    outcome: MessageOutcomeOutcome
    note: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        outcome: str = self.outcome

        note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "outcome": outcome,
            }
        )
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        outcome = check_message_outcome_outcome(d.pop("outcome"))

        note = d.pop("note", UNSET)

        message_outcome = cls(
            outcome=outcome,
            note=note,
        )

        return message_outcome
