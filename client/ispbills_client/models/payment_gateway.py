from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PaymentGateway")


@_attrs_define
class PaymentGateway:
    """Fields to set; the rest stays, secrets included. `null` clears an address or a limit.

    Attributes:
        operator_id (UUID | Unset): Whose gateway; the caller's own operator's where none is named.
        enabled (bool | Unset): Whether customers can pay by it.
        base_url (None | str | Unset): The provider's host, where it is not its usual one; null for the usual one.
        minimum_minor (int | Unset): The least that can be paid by it.
        maximum_minor (int | Unset): The most that can be paid by it.
        app_key (str | Unset): bKash: the key of the app.
        app_secret (str | Unset): bKash: the secret of the app.
        username (str | Unset): bKash: the user name.
        password (str | Unset): bKash: the password.
        topic_arn (str | Unset): bKash: the ARN of the SNS topic that notifies; those of any other are refused once it
            is set.
        store_id (str | Unset): SSLCommerz: the id of the store.
        store_password (str | Unset): SSLCommerz: the password of the store.
        secret_key (str | Unset): Stripe: the secret key.
        webhook_secret (str | Unset): Stripe and the sandbox: the secret that callbacks are signed with.
    """

    operator_id: UUID | Unset = UNSET
    enabled: bool | Unset = UNSET
    base_url: None | str | Unset = UNSET
    minimum_minor: int | Unset = UNSET
    maximum_minor: int | Unset = UNSET
    app_key: str | Unset = UNSET
    app_secret: str | Unset = UNSET
    username: str | Unset = UNSET
    password: str | Unset = UNSET
    topic_arn: str | Unset = UNSET
    store_id: str | Unset = UNSET
    store_password: str | Unset = UNSET
    secret_key: str | Unset = UNSET
    webhook_secret: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        operator_id: str | Unset = UNSET
        if not isinstance(self.operator_id, Unset):
            operator_id = str(self.operator_id)

        enabled = self.enabled

        base_url: None | str | Unset
        if isinstance(self.base_url, Unset):
            base_url = UNSET
        else:
            base_url = self.base_url

        minimum_minor = self.minimum_minor

        maximum_minor = self.maximum_minor

        app_key = self.app_key

        app_secret = self.app_secret

        username = self.username

        password = self.password

        topic_arn = self.topic_arn

        store_id = self.store_id

        store_password = self.store_password

        secret_key = self.secret_key

        webhook_secret = self.webhook_secret

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if base_url is not UNSET:
            field_dict["base_url"] = base_url
        if minimum_minor is not UNSET:
            field_dict["minimum_minor"] = minimum_minor
        if maximum_minor is not UNSET:
            field_dict["maximum_minor"] = maximum_minor
        if app_key is not UNSET:
            field_dict["app_key"] = app_key
        if app_secret is not UNSET:
            field_dict["app_secret"] = app_secret
        if username is not UNSET:
            field_dict["username"] = username
        if password is not UNSET:
            field_dict["password"] = password
        if topic_arn is not UNSET:
            field_dict["topic_arn"] = topic_arn
        if store_id is not UNSET:
            field_dict["store_id"] = store_id
        if store_password is not UNSET:
            field_dict["store_password"] = store_password
        if secret_key is not UNSET:
            field_dict["secret_key"] = secret_key
        if webhook_secret is not UNSET:
            field_dict["webhook_secret"] = webhook_secret

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _operator_id = d.pop("operator_id", UNSET)
        operator_id: UUID | Unset
        if isinstance(_operator_id, Unset):
            operator_id = UNSET
        else:
            operator_id = UUID(_operator_id)

        enabled = d.pop("enabled", UNSET)

        def _parse_base_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        base_url = _parse_base_url(d.pop("base_url", UNSET))

        minimum_minor = d.pop("minimum_minor", UNSET)

        maximum_minor = d.pop("maximum_minor", UNSET)

        app_key = d.pop("app_key", UNSET)

        app_secret = d.pop("app_secret", UNSET)

        username = d.pop("username", UNSET)

        password = d.pop("password", UNSET)

        topic_arn = d.pop("topic_arn", UNSET)

        store_id = d.pop("store_id", UNSET)

        store_password = d.pop("store_password", UNSET)

        secret_key = d.pop("secret_key", UNSET)

        webhook_secret = d.pop("webhook_secret", UNSET)

        payment_gateway = cls(
            operator_id=operator_id,
            enabled=enabled,
            base_url=base_url,
            minimum_minor=minimum_minor,
            maximum_minor=maximum_minor,
            app_key=app_key,
            app_secret=app_secret,
            username=username,
            password=password,
            topic_arn=topic_arn,
            store_id=store_id,
            store_password=store_password,
            secret_key=secret_key,
            webhook_secret=webhook_secret,
        )

        return payment_gateway
