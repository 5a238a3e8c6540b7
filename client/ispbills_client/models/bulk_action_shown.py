from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.bulk_action_shown_state import BulkActionShownState, check_bulk_action_shown_state

if TYPE_CHECKING:
    from ..models.bulk_action_shown_parameters import BulkActionShownParameters
    from ..models.messages_of_action import MessagesOfAction


T = TypeVar("T", bound="BulkActionShown")


@_attrs_define
class BulkActionShown:
    """A bulk action with its live counts; total = pending + succeeded + failed + skipped.

    Attributes:
        id (UUID): The action's id.
        action (str): What is done.
        state (BulkActionShownState): How far it is.
        total (int): How many items it has.
        pending (int): Those without an outcome yet.
        succeeded (int): Those that were done.
        failed (int): Those that could not be done; `retry` takes them up again.
        skipped (int): Those with nothing to do, or cancelled.
        run_id (None | UUID): The billing run that carries it out, where one does.
        parameters (BulkActionShownParameters): What it was asked with.
        messages (MessagesOfAction | None): What became of the messages that it sent; null for what sends none.
        created_at (datetime.datetime): When it was asked for.
    """

    id: UUID
    action: str
    state: BulkActionShownState
    total: int
    pending: int
    succeeded: int
    failed: int
    skipped: int
    run_id: None | UUID
    parameters: BulkActionShownParameters
    messages: MessagesOfAction | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.messages_of_action import MessagesOfAction  # noqa: PLC0415

        id = str(self.id)

        action = self.action

        state: str = self.state

        total = self.total

        pending = self.pending

        succeeded = self.succeeded

        failed = self.failed

        skipped = self.skipped

        run_id: None | str
        if isinstance(self.run_id, UUID):
            run_id = str(self.run_id)
        else:
            run_id = self.run_id

        parameters = self.parameters.to_dict()

        messages: dict[str, Any] | None
        if isinstance(self.messages, MessagesOfAction):
            messages = self.messages.to_dict()
        else:
            messages = self.messages

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "action": action,
                "state": state,
                "total": total,
                "pending": pending,
                "succeeded": succeeded,
                "failed": failed,
                "skipped": skipped,
                "run_id": run_id,
                "parameters": parameters,
                "messages": messages,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_action_shown_parameters import BulkActionShownParameters  # noqa: PLC0415
        from ..models.messages_of_action import MessagesOfAction  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        action = d.pop("action")

        state = check_bulk_action_shown_state(d.pop("state"))

        total = d.pop("total")

        pending = d.pop("pending")

        succeeded = d.pop("succeeded")

        failed = d.pop("failed")

        skipped = d.pop("skipped")

        def _parse_run_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                run_id_type_0 = UUID(data)

                return run_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        run_id = _parse_run_id(d.pop("run_id"))

        parameters = BulkActionShownParameters.from_dict(d.pop("parameters"))

        def _parse_messages(data: object) -> MessagesOfAction | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                messages_type_0 = MessagesOfAction.from_dict(data)

                return messages_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MessagesOfAction | None, data)

        messages = _parse_messages(d.pop("messages"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        bulk_action_shown = cls(
            id=id,
            action=action,
            state=state,
            total=total,
            pending=pending,
            succeeded=succeeded,
            failed=failed,
            skipped=skipped,
            run_id=run_id,
            parameters=parameters,
            messages=messages,
            created_at=created_at,
        )

        bulk_action_shown.additional_properties = d
        return bulk_action_shown

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
