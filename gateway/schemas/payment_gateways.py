"""Payment gateways: the body that sets one up, and how one is shown. A secret is never read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import StringConstraints

from gateway.problems import not_found, wrong
from gateway.schemas.fields import Body, Change, Row, Shape
from shared.contracts.envelope import PositiveMinor
from shared.contracts.payments import Provider
from shared.outgoing import leads_inside

Secret = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$", min_length=1, max_length=4_000)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00]+$", max_length=500)]

PROVIDERS: tuple[Provider, ...] = ("bkash", "sslcommerz", "stripe", "sandbox")
SECRETS: Mapping[Provider, tuple[str, ...]] = {
    "bkash": ("app_key", "app_secret", "username", "password"),
    "sslcommerz": ("store_id", "store_password"),
    "stripe": ("secret_key", "webhook_secret"),
    "sandbox": ("webhook_secret",),
}


def checked_provider(name: str) -> Provider:
    """Return a provider of a path; 404 for one that we do not know."""
    for provider in PROVIDERS:
        if provider == name:
            return provider
    raise not_found("There is no such payment gateway.")


def payment_gateway(row: Row) -> Body:
    """A gateway without its secrets; `unverified`: its provider did not answer when it was saved."""
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


def not_set_up(provider: Provider, operator_id: UUID, above: Row | None) -> Body:
    """A provider that an operator has nothing of its own for, and by whose it collects meanwhile."""
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


def listed(rows: Sequence[Row]) -> Body:
    """Every gateway of the reach."""
    return {"items": [payment_gateway(row) for row in rows], "next_cursor": None}


class PaymentGateway(Change):
    """What to set; the rest stays, secrets included. `null` clears an address or a limit."""

    CLEARABLE: ClassVar[frozenset[str]] = frozenset({"base_url"})

    operator_id: UUID | None = None
    enabled: bool | None = None
    base_url: WebAddress | None = None
    minimum_minor: PositiveMinor | None = None
    maximum_minor: PositiveMinor | None = None
    app_key: Secret | None = None
    app_secret: Secret | None = None
    username: Secret | None = None
    password: Secret | None = None
    store_id: Secret | None = None
    store_password: Secret | None = None
    secret_key: Secret | None = None
    webhook_secret: Secret | None = None


_COMMON = frozenset({"operator_id", "enabled", "base_url", "minimum_minor", "maximum_minor"})


def secrets_of(body: PaymentGateway, provider: Provider, is_new: bool) -> dict[str, str] | None:
    """Return the secrets that are named, or None; 422 for another provider's and for what is missing."""
    names = SECRETS[provider]
    for name in sorted(body.model_fields_set - _COMMON - set(names)):
        raise wrong(name, f"{provider} has no {name}.")
    if body.base_url and leads_inside(body.base_url):
        raise wrong("base_url", "This address leads to this machine or its network.")
    if body.minimum_minor and body.maximum_minor and body.minimum_minor > body.maximum_minor:
        raise wrong("minimum_minor", "This is more than the maximum.")
    given = {name: getattr(body, name) for name in names if getattr(body, name)}
    if is_new:
        for name in names:
            if name not in given:
                raise wrong(name, "This provider does not work without it.")
    return given or None


class OnlineSettings(Shape):
    """Whether every payment that is received is confirmed by a message."""

    send_receipts: bool
