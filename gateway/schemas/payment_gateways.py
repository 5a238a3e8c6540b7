"""Payment gateways: the body that sets one up, and how one is shown. A secret is never read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import TypedDict

from gateway.problems import not_found, wrong
from gateway.schemas.answers import Id, Listed, answer
from gateway.schemas.fields import Change, Row, Shape, refuse_addresses
from shared.contracts.envelope import PositiveMinor
from shared.contracts.payments import Provider

Secret = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$", min_length=1, max_length=4_000)]
TopicArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,256}$")
]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00]+$", max_length=500)]

PROVIDERS: tuple[Provider, ...] = ("bkash", "sslcommerz", "stripe", "sandbox")
SECRETS: Mapping[Provider, tuple[str, ...]] = {
    "bkash": ("app_key", "app_secret", "username", "password"),
    "sslcommerz": ("store_id", "store_password"),
    "stripe": ("secret_key", "webhook_secret"),
    "sandbox": ("webhook_secret",),
}
OPTIONAL: Mapping[str, tuple[str, ...]] = {"bkash": ("topic_arn",)}


def checked_provider(name: str) -> Provider:
    """Return a provider of a path; 404 for one that we do not know."""
    for provider in PROVIDERS:
        if provider == name:
            return provider
    raise not_found("There is no such payment gateway.")


@answer
class Owner(TypedDict):
    """The operator that a gateway belongs to."""

    id: Id
    """The operator's id."""


@answer
class PaymentGatewayShown(TypedDict):
    """A payment gateway without its secrets."""

    id: Id | None
    """The gateway's id; null where the operator has none of its own."""
    provider: Provider
    """Who takes the money."""
    operator_id: Id
    """Whose gateway is asked for."""
    configured: bool
    """Whether the operator has one of its own."""
    enabled: bool
    """Whether customers can pay by it."""
    base_url: str | None
    """The provider's host, where it is not its usual one."""
    minimum_minor: PositiveMinor | None
    """The least that can be paid by it."""
    maximum_minor: PositiveMinor | None
    """The most that can be paid by it."""
    unverified: bool
    """Whether its provider did not answer when it was saved."""
    inherited_from: Owner | None
    """By whose gateway the operator collects meanwhile."""


def payment_gateway(row: Row) -> PaymentGatewayShown:
    """Return a gateway without its secrets; `unverified`: its provider did not answer when it was saved."""
    return {
        "id": str(row["id"]),
        "provider": row["provider"],
        "operator_id": str(row["operator_id"]),
        "configured": True,
        "enabled": row["enabled"],
        "base_url": row["base_url"],
        "minimum_minor": row["minimum_minor"],
        "maximum_minor": row["maximum_minor"],
        "unverified": row["unverified"],
        "inherited_from": None,
    }


def not_set_up(provider: Provider, operator_id: UUID, above: Row | None) -> PaymentGatewayShown:
    """Return a provider that an operator has nothing of its own for, and by whose it collects meanwhile."""
    return {
        "id": None,
        "provider": provider,
        "operator_id": str(operator_id),
        "configured": False,
        "enabled": above is not None,
        "base_url": None,
        "minimum_minor": above["minimum_minor"] if above else None,
        "maximum_minor": above["maximum_minor"] if above else None,
        "unverified": False,
        "inherited_from": {"id": str(above["owner_id"])} if above else None,
    }


def listed(rows: Sequence[Row]) -> Listed[PaymentGatewayShown]:
    """Return every gateway of the reach."""
    return {"items": [payment_gateway(row) for row in rows], "next_cursor": None}


class PaymentGateway(Change):
    """Fields to set; the rest stays, secrets included. `null` clears an address or a limit."""

    CLEARABLE: ClassVar[frozenset[str]] = frozenset({"base_url"})

    operator_id: UUID | None = None
    """Whose gateway; the caller's own operator's where none is named."""
    enabled: bool | None = None
    """Whether customers can pay by it."""
    base_url: WebAddress | None = None
    """The provider's host, where it is not its usual one; null for the usual one."""
    minimum_minor: PositiveMinor | None = None
    """The least that can be paid by it."""
    maximum_minor: PositiveMinor | None = None
    """The most that can be paid by it."""
    app_key: Secret | None = None
    """bKash: the key of the app."""
    app_secret: Secret | None = None
    """bKash: the secret of the app."""
    username: Secret | None = None
    """bKash: the user name."""
    password: Secret | None = None
    """bKash: the password."""
    topic_arn: TopicArn | None = None
    """bKash: the ARN of the SNS topic that notifies; those of any other are refused once it is set."""
    store_id: Secret | None = None
    """SSLCommerz: the id of the store."""
    store_password: Secret | None = None
    """SSLCommerz: the password of the store."""
    secret_key: Secret | None = None
    """Stripe: the secret key."""
    webhook_secret: Secret | None = None
    """Stripe and the sandbox: the secret that callbacks are signed with."""


_COMMON = frozenset({"operator_id", "enabled", "base_url", "minimum_minor", "maximum_minor"})


def secrets_of(body: PaymentGateway, provider: Provider, is_new: bool) -> dict[str, str] | None:
    """Return the secrets that are named, or None; 422 for another provider's and for what is missing."""
    needed = SECRETS[provider]
    names = (*needed, *OPTIONAL.get(provider, ()))
    for name in sorted(body.model_fields_set - _COMMON - set(names)):
        raise wrong(name, f"{provider} has no {name}.")
    refuse_addresses(base_url=body.base_url)
    if body.minimum_minor and body.maximum_minor and body.minimum_minor > body.maximum_minor:
        raise wrong("minimum_minor", "This is more than the maximum.")
    given = {name: getattr(body, name) for name in names if getattr(body, name)}
    if is_new:
        for name in needed:
            if name not in given:
                raise wrong(name, "This provider does not work without it.")
    return given or None


@answer
class OnlineSettingsShown(TypedDict):
    """Settings of money that is paid online."""

    send_receipts: bool
    """Whether every payment that is received is confirmed by a message."""


class OnlineSettings(Shape):
    """Whether every payment that is received is confirmed by a message."""

    send_receipts: bool
    """Whether every payment that is received is confirmed by a message."""
