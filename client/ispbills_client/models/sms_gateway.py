from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.sms_gateway_provider import SmsGatewayProvider, check_sms_gateway_provider
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.sms_gateway_headers import SmsGatewayHeaders
    from ..models.sms_gateway_query import SmsGatewayQuery


T = TypeVar("T", bound="SmsGateway")


@_attrs_define
class SmsGateway:
    """Fields to set; the rest stays, the secret included. `null` clears what has no default.

    `priority` is the place among the operator's gateways, the lowest first; it names which one is meant,
    unless `gateway_id` does. Another provider takes the place of the one that was there.

        Attributes:
            provider (SmsGatewayProvider): Who sends the messages.
            operator_id (UUID | Unset): Whose gateway; the caller's own operator's where none is named.
            gateway_id (UUID | Unset): Which of several is meant.
            priority (int | Unset): Its place among the operator's gateways, the lowest first.
            enabled (bool | Unset): Whether messages go by it.
            base_url (None | str | Unset): The provider's host, where it is not its usual one.
            sending_from (None | str | Unset): The hour from which it sends.
            sending_until (None | str | Unset): The hour until which it sends.
            per_minute (int | None | Unset): The most messages a minute.
            cost_per_segment_minor (int | None | Unset): What a part of a message costs.
            url (str | Unset): http: where messages are sent.
            method (str | Unset): http: the method, such as POST.
            headers (SmsGatewayHeaders | Unset): http: headers of the request.
            query (SmsGatewayQuery | Unset): http: parameters of the address.
            body (str | Unset): http: a template of the body.
            success_pattern (str | Unset): http: what an answer holds that means success.
            reference_pattern (str | Unset): http: where the provider's reference stands in its answer.
            number_format (str | Unset): http: how mobiles are written.
            unicode_values (list[str] | Unset): http: what stands for plain and for Unicode texts.
            secret (str | Unset): http: what stands for the secret in templates.
            api_key (str | Unset): BulkSMSBD: the key.
            sender_id (str | Unset): BulkSMSBD: who it is from.
            api_token (str | Unset): SSL Wireless: the token.
            sid (str | Unset): SSL Wireless: the id.
            account_sid (str | Unset): Twilio: the account.
            auth_token (str | Unset): Twilio: the token.
            from_ (str | Unset): Twilio: who it is from.
    """

    provider: SmsGatewayProvider
    operator_id: UUID | Unset = UNSET
    gateway_id: UUID | Unset = UNSET
    priority: int | Unset = UNSET
    enabled: bool | Unset = UNSET
    base_url: None | str | Unset = UNSET
    sending_from: None | str | Unset = UNSET
    sending_until: None | str | Unset = UNSET
    per_minute: int | None | Unset = UNSET
    cost_per_segment_minor: int | None | Unset = UNSET
    url: str | Unset = UNSET
    method: str | Unset = UNSET
    headers: SmsGatewayHeaders | Unset = UNSET
    query: SmsGatewayQuery | Unset = UNSET
    body: str | Unset = UNSET
    success_pattern: str | Unset = UNSET
    reference_pattern: str | Unset = UNSET
    number_format: str | Unset = UNSET
    unicode_values: list[str] | Unset = UNSET
    secret: str | Unset = UNSET
    api_key: str | Unset = UNSET
    sender_id: str | Unset = UNSET
    api_token: str | Unset = UNSET
    sid: str | Unset = UNSET
    account_sid: str | Unset = UNSET
    auth_token: str | Unset = UNSET
    from_: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        provider: str = self.provider

        operator_id: str | Unset = UNSET
        if not isinstance(self.operator_id, Unset):
            operator_id = str(self.operator_id)

        gateway_id: str | Unset = UNSET
        if not isinstance(self.gateway_id, Unset):
            gateway_id = str(self.gateway_id)

        priority = self.priority

        enabled = self.enabled

        base_url: None | str | Unset
        if isinstance(self.base_url, Unset):
            base_url = UNSET
        else:
            base_url = self.base_url

        sending_from: None | str | Unset
        if isinstance(self.sending_from, Unset):
            sending_from = UNSET
        else:
            sending_from = self.sending_from

        sending_until: None | str | Unset
        if isinstance(self.sending_until, Unset):
            sending_until = UNSET
        else:
            sending_until = self.sending_until

        per_minute: int | None | Unset
        if isinstance(self.per_minute, Unset):
            per_minute = UNSET
        else:
            per_minute = self.per_minute

        cost_per_segment_minor: int | None | Unset
        if isinstance(self.cost_per_segment_minor, Unset):
            cost_per_segment_minor = UNSET
        else:
            cost_per_segment_minor = self.cost_per_segment_minor

        url = self.url

        method = self.method

        headers: dict[str, Any] | Unset = UNSET
        if not isinstance(self.headers, Unset):
            headers = self.headers.to_dict()

        query: dict[str, Any] | Unset = UNSET
        if not isinstance(self.query, Unset):
            query = self.query.to_dict()

        body = self.body

        success_pattern = self.success_pattern

        reference_pattern = self.reference_pattern

        number_format = self.number_format

        unicode_values: list[str] | Unset = UNSET
        if not isinstance(self.unicode_values, Unset):
            unicode_values = self.unicode_values

        secret = self.secret

        api_key = self.api_key

        sender_id = self.sender_id

        api_token = self.api_token

        sid = self.sid

        account_sid = self.account_sid

        auth_token = self.auth_token

        from_ = self.from_

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "provider": provider,
            }
        )
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if gateway_id is not UNSET:
            field_dict["gateway_id"] = gateway_id
        if priority is not UNSET:
            field_dict["priority"] = priority
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if base_url is not UNSET:
            field_dict["base_url"] = base_url
        if sending_from is not UNSET:
            field_dict["sending_from"] = sending_from
        if sending_until is not UNSET:
            field_dict["sending_until"] = sending_until
        if per_minute is not UNSET:
            field_dict["per_minute"] = per_minute
        if cost_per_segment_minor is not UNSET:
            field_dict["cost_per_segment_minor"] = cost_per_segment_minor
        if url is not UNSET:
            field_dict["url"] = url
        if method is not UNSET:
            field_dict["method"] = method
        if headers is not UNSET:
            field_dict["headers"] = headers
        if query is not UNSET:
            field_dict["query"] = query
        if body is not UNSET:
            field_dict["body"] = body
        if success_pattern is not UNSET:
            field_dict["success_pattern"] = success_pattern
        if reference_pattern is not UNSET:
            field_dict["reference_pattern"] = reference_pattern
        if number_format is not UNSET:
            field_dict["number_format"] = number_format
        if unicode_values is not UNSET:
            field_dict["unicode_values"] = unicode_values
        if secret is not UNSET:
            field_dict["secret"] = secret
        if api_key is not UNSET:
            field_dict["api_key"] = api_key
        if sender_id is not UNSET:
            field_dict["sender_id"] = sender_id
        if api_token is not UNSET:
            field_dict["api_token"] = api_token
        if sid is not UNSET:
            field_dict["sid"] = sid
        if account_sid is not UNSET:
            field_dict["account_sid"] = account_sid
        if auth_token is not UNSET:
            field_dict["auth_token"] = auth_token
        if from_ is not UNSET:
            field_dict["from"] = from_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sms_gateway_headers import SmsGatewayHeaders  # noqa: PLC0415
        from ..models.sms_gateway_query import SmsGatewayQuery  # noqa: PLC0415

        d = dict(src_dict)
        provider = check_sms_gateway_provider(d.pop("provider"))

        _operator_id = d.pop("operator_id", UNSET)
        operator_id: UUID | Unset
        if isinstance(_operator_id, Unset):
            operator_id = UNSET
        else:
            operator_id = UUID(_operator_id)

        _gateway_id = d.pop("gateway_id", UNSET)
        gateway_id: UUID | Unset
        if isinstance(_gateway_id, Unset):
            gateway_id = UNSET
        else:
            gateway_id = UUID(_gateway_id)

        priority = d.pop("priority", UNSET)

        enabled = d.pop("enabled", UNSET)

        def _parse_base_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        base_url = _parse_base_url(d.pop("base_url", UNSET))

        def _parse_sending_from(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sending_from = _parse_sending_from(d.pop("sending_from", UNSET))

        def _parse_sending_until(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sending_until = _parse_sending_until(d.pop("sending_until", UNSET))

        def _parse_per_minute(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        per_minute = _parse_per_minute(d.pop("per_minute", UNSET))

        def _parse_cost_per_segment_minor(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        cost_per_segment_minor = _parse_cost_per_segment_minor(d.pop("cost_per_segment_minor", UNSET))

        url = d.pop("url", UNSET)

        method = d.pop("method", UNSET)

        _headers = d.pop("headers", UNSET)
        headers: SmsGatewayHeaders | Unset
        if isinstance(_headers, Unset):
            headers = UNSET
        else:
            headers = SmsGatewayHeaders.from_dict(_headers)

        _query = d.pop("query", UNSET)
        query: SmsGatewayQuery | Unset
        if isinstance(_query, Unset):
            query = UNSET
        else:
            query = SmsGatewayQuery.from_dict(_query)

        body = d.pop("body", UNSET)

        success_pattern = d.pop("success_pattern", UNSET)

        reference_pattern = d.pop("reference_pattern", UNSET)

        number_format = d.pop("number_format", UNSET)

        unicode_values = cast(list[str], d.pop("unicode_values", UNSET))

        secret = d.pop("secret", UNSET)

        api_key = d.pop("api_key", UNSET)

        sender_id = d.pop("sender_id", UNSET)

        api_token = d.pop("api_token", UNSET)

        sid = d.pop("sid", UNSET)

        account_sid = d.pop("account_sid", UNSET)

        auth_token = d.pop("auth_token", UNSET)

        from_ = d.pop("from", UNSET)

        sms_gateway = cls(
            provider=provider,
            operator_id=operator_id,
            gateway_id=gateway_id,
            priority=priority,
            enabled=enabled,
            base_url=base_url,
            sending_from=sending_from,
            sending_until=sending_until,
            per_minute=per_minute,
            cost_per_segment_minor=cost_per_segment_minor,
            url=url,
            method=method,
            headers=headers,
            query=query,
            body=body,
            success_pattern=success_pattern,
            reference_pattern=reference_pattern,
            number_format=number_format,
            unicode_values=unicode_values,
            secret=secret,
            api_key=api_key,
            sender_id=sender_id,
            api_token=api_token,
            sid=sid,
            account_sid=account_sid,
            auth_token=auth_token,
            from_=from_,
        )

        return sms_gateway
