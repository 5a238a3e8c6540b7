"""SMS gateways: the body that sets one up, and how one is shown. A secret is written and never read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, cast
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationError
from typing_extensions import TypedDict

from gateway.problems import Problem, wrong
from gateway.schemas.answers import Id, Instant, Named, answer
from gateway.schemas.fields import Change, Row, Shape, TypedMobile, invalid, moment, refuse_addresses
from gateway.schemas.filters import OfOperator
from shared.contracts.envelope import Minor
from shared.contracts.notifications import (
    PROVIDER_SECRETS,
    PROVIDER_SETTINGS,
    Language,
    LocalTime,
    Provider,
    WebAddress,
)

Clear: TypeAlias = Literal["base_url", "sending_hours", "per_minute", "cost_per_segment_minor"]
Secret = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$", min_length=1, max_length=4_000)]
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=4_000)]
Words = Annotated[dict[Word, Word], Field(max_length=30)]


@answer
class SmsGatewayShown(TypedDict):
    """An SMS gateway without its secret."""

    id: Id | None
    """The gateway's id; null where the operator has none of its own."""
    operator_id: Id
    """Whose gateway it is."""
    provider: Provider | None
    """Who sends the messages."""
    priority: int | None
    """Its place among the operator's gateways, the lowest first."""
    enabled: bool
    """Whether messages go by it."""
    base_url: str | None
    """The provider's host, where it is not its usual one."""
    settings: dict[str, Any]
    """What this provider has to set."""
    has_secret: bool
    """Whether it has a secret."""
    secret_sealed_at: Instant | None
    """Since when."""
    sending_from: str | None
    """The hour from which it sends."""
    sending_until: str | None
    """The hour until which it sends."""
    per_minute: int | None
    """The most messages a minute."""
    cost_per_segment_minor: Minor | None
    """What a part of a message costs."""
    changed_by: str | None
    """Who changed it last."""
    changed_at: Instant | None
    """When."""


@answer
class SmsSettings(SmsGatewayShown):
    """An operator's SMS gateways in their order, the first of them at the top level too."""

    gateways: list[SmsGatewayShown]
    """All of them."""
    inherited_from: Named | None
    """By whose gateways messages go meanwhile."""


@answer
class MessageShown(TypedDict):
    """A message as of now, with its provider's own words."""

    id: Id
    """The message's id."""
    template: str
    """Which text it is."""
    state: str
    """How far its delivery is."""
    provider: str | None
    """Who sends it."""
    code: str | None
    """The provider's code."""
    detail: str | None
    """The provider's words."""
    segments: int | None
    """How many parts it has, as telephones count."""
    cost_minor: Minor | None
    """What it costs."""
    at: Instant
    """Since when its state is so."""


def sms_gateway(row: Row) -> SmsGatewayShown:
    """Return a gateway without its secret; `has_secret` says whether there is one."""
    return {
        "id": str(row["id"]),
        "operator_id": str(row["operator_id"]),
        "provider": row["provider"],
        "priority": row["priority"],
        "enabled": row["enabled"],
        "base_url": row["base_url"],
        "settings": dict(row["settings"]),
        "has_secret": row["secret_sealed_at"] is not None,
        "secret_sealed_at": moment(row["secret_sealed_at"]),
        "sending_from": row["sending_from"],
        "sending_until": row["sending_until"],
        "per_minute": row["per_minute"],
        "cost_per_segment_minor": row["cost_per_segment_minor"],
        "changed_by": row["changed_by"],
        "changed_at": moment(row["changed_at"]),
    }


def _no_gateway(operator_id: UUID) -> SmsGatewayShown:
    return {
        "id": None,
        "operator_id": str(operator_id),
        "provider": None,
        "priority": None,
        "enabled": False,
        "base_url": None,
        "settings": {},
        "has_secret": False,
        "secret_sealed_at": None,
        "sending_from": None,
        "sending_until": None,
        "per_minute": None,
        "cost_per_segment_minor": None,
        "changed_by": None,
        "changed_at": None,
    }


def sms_settings(operator_id: UUID, rows: Sequence[Row], inherited_from: Row | None) -> SmsSettings:
    """Return an operator's gateways in their order, the first of them at the top level too."""
    shown = [sms_gateway(row) for row in rows]
    first = shown[0] if shown else _no_gateway(operator_id)
    above: Named | None = None
    if inherited_from:
        above = {"id": str(inherited_from["id"]), "name": inherited_from["name"]}
    return {**first, "gateways": shown, "inherited_from": above}


class WhichGateway(OfOperator):
    """Which of an operator's gateways; all of them where none is named."""

    gateway_id: UUID | None = None
    """The gateway."""


class SmsGateway(Change):
    """Fields to set; the rest stays, the secret included. `null` clears what has no default.

    `priority` is the place among the operator's gateways, the lowest first; it names which one is meant,
    unless `gateway_id` does. Another provider takes the place of the one that was there.
    """

    CLEARABLE: ClassVar[frozenset[str]] = frozenset(
        {"base_url", "sending_from", "sending_until", "per_minute", "cost_per_segment_minor"}
    )

    provider: Provider
    """Who sends the messages."""
    operator_id: UUID | None = None
    """Whose gateway; the caller's own operator's where none is named."""
    gateway_id: UUID | None = None
    """Which of several is meant."""
    priority: Annotated[int, Field(ge=0, le=1_000)] | None = None
    """Its place among the operator's gateways, the lowest first."""
    enabled: bool | None = None
    """Whether messages go by it."""
    base_url: WebAddress | None = None
    """The provider's host, where it is not its usual one."""
    sending_from: LocalTime | None = None
    """The hour from which it sends."""
    sending_until: LocalTime | None = None
    """The hour until which it sends."""
    per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """The most messages a minute."""
    cost_per_segment_minor: Minor | None = None
    """What a part of a message costs."""
    # http
    url: WebAddress | None = None
    """http: where messages are sent."""
    method: Word | None = None
    """http: the method, such as POST."""
    headers: Words | None = None
    """http: headers of the request."""
    query: Words | None = None
    """http: parameters of the address."""
    body: Word | None = None
    """http: a template of the body."""
    success_pattern: Word | None = None
    """http: what an answer holds that means success."""
    reference_pattern: Word | None = None
    """http: where the provider's reference stands in its answer."""
    number_format: Word | None = None
    """http: how mobiles are written."""
    unicode_values: Annotated[list[Word], Field(min_length=2, max_length=2)] | None = None
    """http: what stands for plain and for Unicode texts."""
    secret: Secret | None = None
    """http: what stands for the secret in templates."""
    # bulksmsbd
    api_key: Secret | None = None
    """BulkSMSBD: the key."""
    sender_id: Word | None = None
    """BulkSMSBD: who it is from."""
    # sslwireless
    api_token: Secret | None = None
    """SSL Wireless: the token."""
    sid: Word | None = None
    """SSL Wireless: the id."""
    # twilio
    account_sid: Word | None = None
    """Twilio: the account."""
    auth_token: Secret | None = None
    """Twilio: the token."""
    from_: Annotated[Word | None, Field(alias="from")] = None
    """Twilio: who it is from."""

    def named(self) -> frozenset[str]:
        """Return the fields that the body names, as the contract spells them."""
        return frozenset("from" if name == "from_" else name for name in self.model_fields_set)

    def said(self) -> dict[str, Any]:
        """The fields that are named, by their contract's names."""
        return {name: getattr(self, "from_" if name == "from" else name) for name in self.named()}

    def cleared(self) -> tuple[Clear, ...]:
        """Return the fields that are null in the body."""
        empty = {name for name in self.model_fields_set if getattr(self, name) is None}
        hours = ("sending_hours",) if empty & {"sending_from", "sending_until"} else ()
        others = (name for name in ("base_url", "per_minute", "cost_per_segment_minor") if name in empty)
        return cast("tuple[Clear, ...]", (*hours, *others))


_COMMON = frozenset(
    {
        "provider", "operator_id", "gateway_id", "priority", "enabled", "base_url", "sending_from",
        "sending_until", "per_minute", "cost_per_segment_minor",
    }
)  # fmt: skip


def setting_names(provider: Provider) -> tuple[str, ...]:
    """Return what a provider has to set, without its secret."""
    fields = PROVIDER_SETTINGS[provider].model_fields
    return tuple(field.alias or name for name, field in fields.items())


def settings_of(body: SmsGateway, known: Row | None) -> dict[str, Any]:
    """Return the provider's settings, whole: those that were there, with what the body names.

    Raises 422 for a field of another provider, for what is missing, and for an address that leads inside.
    """
    ours = setting_names(body.provider)
    allowed = _COMMON | set(ours) | set(PROVIDER_SECRETS[body.provider])
    for name in sorted(body.named() - allowed):
        raise wrong(name, f"{body.provider} has no {name}.")
    said = body.said()
    merged = dict(known["settings"]) if known else {}
    merged |= {name: said[name] for name in ours if name in said}
    refuse_addresses(url=merged.get("url"), base_url=said.get("base_url"))
    try:
        shaped = PROVIDER_SETTINGS[body.provider].model_validate(merged, strict=False)
    except ValidationError as error:
        raise _in_our_names(invalid(error)) from error
    return shaped.model_dump(mode="json", by_alias=True)


def _in_our_names(problem: Problem) -> Problem:
    errors = tuple((name.removesuffix("_"), detail) for name, detail in problem.errors)
    return Problem(problem.status, problem.code, problem.detail, errors=errors)


def secret_of(body: SmsGateway, known: Row | None) -> dict[str, str] | None:
    """Return the secret to seal, None to keep the one that is there; 422 where a new gateway lacks it."""
    said = body.said()
    names = PROVIDER_SECRETS[body.provider]
    given = {name: said[name] for name in names if said.get(name)}
    if not given and names and body.provider != "http" and (known is None or not known["secret_sealed_at"]):
        raise wrong(names[0], "This provider does not work without it.")
    return given or None


class SmsTest(Shape):
    """The target of a test message; `gateway_id` tests one of several, enabled or not."""

    to: TypedMobile
    """The mobile that it goes to."""
    operator_id: UUID | None = None
    """Whose gateway; the caller's own operator's where none is named."""
    gateway_id: UUID | None = None
    """Which of several."""
    language: Language = "en"
    """The language of the test."""


def message(row: Row) -> MessageShown:
    """Return a message as of now, with its provider's own words."""
    return {
        "id": str(row["id"]),
        "template": row["template"],
        "state": row["state"],
        "provider": row["provider"],
        "code": row["code"],
        "detail": row["detail"],
        "segments": row["segments"],
        "cost_minor": row["cost_minor"],
        "at": moment(row["at"]),
    }
