"""SMS gateways: the body that sets one up, and how one is shown. A secret is written and never read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, cast
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationError

from gateway.problems import Problem, wrong
from gateway.schemas.fields import Body, Change, Row, Shape, TypedMobile, invalid, moment
from shared.contracts.envelope import Minor
from shared.contracts.notifications import (
    PROVIDER_SECRETS,
    PROVIDER_SETTINGS,
    Language,
    LocalTime,
    Provider,
    WebAddress,
)
from shared.outgoing import leads_inside

Clear: TypeAlias = Literal["base_url", "sending_hours", "per_minute", "cost_per_segment_minor"]
Secret = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$", min_length=1, max_length=4_000)]
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=4_000)]
Words = Annotated[dict[Word, Word], Field(max_length=30)]


def sms_gateway(row: Row) -> Body:
    """A gateway without its secret; `has_secret` says whether there is one."""
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


NO_GATEWAY: Body = {
    **dict.fromkeys(
        (
            "id", "provider", "priority", "base_url", "secret_sealed_at", "sending_from", "sending_until",
            "per_minute", "cost_per_segment_minor", "changed_by", "changed_at",
        )
    ),
    "enabled": False,
    "settings": {},
    "has_secret": False,
}  # fmt: skip


def sms_settings(operator_id: UUID, rows: Sequence[Row], inherited_from: Row | None) -> Body:
    """An operator's gateways in their order, the first of them at the top level too."""
    shown = [sms_gateway(row) for row in rows]
    first = shown[0] if shown else {**NO_GATEWAY, "operator_id": str(operator_id)}
    above = {"id": str(inherited_from["id"]), "name": inherited_from["name"]} if inherited_from else None
    return {**first, "gateways": shown, "inherited_from": above}


class SmsGateway(Change):
    """What to set; the rest stays, the secret included. `null` clears what has no default.

    `priority` is the place among the operator's gateways, the lowest first; it names which one is meant,
    unless `gateway_id` does. Another provider takes the place of the one that was there.
    """

    CLEARABLE: ClassVar[frozenset[str]] = frozenset(
        {"base_url", "sending_from", "sending_until", "per_minute", "cost_per_segment_minor"}
    )

    provider: Provider
    operator_id: UUID | None = None
    gateway_id: UUID | None = None
    priority: Annotated[int, Field(ge=0, le=1_000)] | None = None
    enabled: bool | None = None
    base_url: WebAddress | None = None
    sending_from: LocalTime | None = None
    sending_until: LocalTime | None = None
    per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    cost_per_segment_minor: Minor | None = None
    # http
    url: WebAddress | None = None
    method: Word | None = None
    headers: Words | None = None
    query: Words | None = None
    body: Word | None = None
    success_pattern: Word | None = None
    reference_pattern: Word | None = None
    number_format: Word | None = None
    unicode_values: Annotated[list[Word], Field(min_length=2, max_length=2)] | None = None
    secret: Secret | None = None
    # bulksmsbd
    api_key: Secret | None = None
    sender_id: Word | None = None
    # sslwireless
    api_token: Secret | None = None
    sid: Word | None = None
    # twilio
    account_sid: Word | None = None
    auth_token: Secret | None = None
    from_: Annotated[Word | None, Field(alias="from")] = None

    def named(self) -> frozenset[str]:
        """What the body says anything about, as the contract spells it."""
        return frozenset("from" if name == "from_" else name for name in self.model_fields_set)

    def said(self) -> dict[str, Any]:
        """The fields that are named, by their contract's names."""
        return {name: getattr(self, "from_" if name == "from" else name) for name in self.named()}

    def cleared(self) -> tuple[Clear, ...]:
        """What is null in the body."""
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
    for name, address in (("url", merged.get("url")), ("base_url", said.get("base_url"))):
        if address and leads_inside(address):
            raise wrong(name, "This address leads to this machine or its network.")
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
    """Where a test goes; `gateway_id` tests one of several, enabled or not."""

    to: TypedMobile
    operator_id: UUID | None = None
    gateway_id: UUID | None = None
    language: Language = "en"


def message(row: Row) -> Body:
    """A message as of now, with its provider's own words."""
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
