from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.webhook_message_shown_state import WebhookMessageShownState, check_webhook_message_shown_state

if TYPE_CHECKING:
    from ..models.webhook_attempt import WebhookAttempt


T = TypeVar("T", bound="WebhookMessageShown")


@_attrs_define
class WebhookMessageShown:
    """A message with what it says and every attempt.

    Attributes:
        id (UUID): The `webhook-id` of every attempt.
        type_ (str): What happened.
        subject_id (UUID): The bill or payment that it is about.
        occurred_at (datetime.datetime): When it happened.
        state (WebhookMessageShownState): `failed`: given up, and sent once more only when somebody asks for it.
        tries (int): How often it was sent.
        next_at (datetime.datetime | None): When it is sent next.
        status (int | None): The HTTP status of the last answer; null where there was none.
        detail (None | str): What went wrong last.
        body (None | str): What is sent, byte by byte; null before the first attempt.
        attempts (list[WebhookAttempt]): Every attempt, in their order.
    """

    id: UUID
    type_: str
    subject_id: UUID
    occurred_at: datetime.datetime
    state: WebhookMessageShownState
    tries: int
    next_at: datetime.datetime | None
    status: int | None
    detail: None | str
    body: None | str
    attempts: list[WebhookAttempt]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        type_ = self.type_

        subject_id = str(self.subject_id)

        occurred_at = self.occurred_at.isoformat()

        state: str = self.state

        tries = self.tries

        next_at: None | str
        if isinstance(self.next_at, datetime.datetime):
            next_at = self.next_at.isoformat()
        else:
            next_at = self.next_at

        status: int | None
        status = self.status

        detail: None | str
        detail = self.detail

        body: None | str
        body = self.body

        attempts = []
        for attempts_item_data in self.attempts:
            attempts_item = attempts_item_data.to_dict()
            attempts.append(attempts_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "type": type_,
                "subject_id": subject_id,
                "occurred_at": occurred_at,
                "state": state,
                "tries": tries,
                "next_at": next_at,
                "status": status,
                "detail": detail,
                "body": body,
                "attempts": attempts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.webhook_attempt import WebhookAttempt  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        type_ = d.pop("type")

        subject_id = UUID(d.pop("subject_id"))

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        state = check_webhook_message_shown_state(d.pop("state"))

        tries = d.pop("tries")

        def _parse_next_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_at = _parse_next_at(d.pop("next_at"))

        def _parse_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        status = _parse_status(d.pop("status"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        def _parse_body(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        body = _parse_body(d.pop("body"))

        attempts = []
        _attempts = d.pop("attempts")
        for attempts_item_data in _attempts:
            attempts_item = WebhookAttempt.from_dict(attempts_item_data)

            attempts.append(attempts_item)

        webhook_message_shown = cls(
            id=id,
            type_=type_,
            subject_id=subject_id,
            occurred_at=occurred_at,
            state=state,
            tries=tries,
            next_at=next_at,
            status=status,
            detail=detail,
            body=body,
            attempts=attempts,
        )

        webhook_message_shown.additional_properties = d
        return webhook_message_shown

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
