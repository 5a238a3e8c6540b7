"""Settings: by whom messages go, in which order, and a test with the provider's own answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import sms_gateways as sms_gateway_commands
from gateway.pages import choices
from gateway.pages.web import forms, labels, typed
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import not_found
from gateway.queries import operators as operator_queries
from gateway.schemas import sms_gateways as sms_gateway_schemas
from gateway.schemas.sms_gateways import setting_names
from gateway.store import gateways as gateway_store
from gateway.store.statements import Row
from shared.contracts.notifications import PROVIDER_SECRETS, PROVIDER_SETTINGS
from shared.db import Tx
from shared.outgoing import is_development

PAGE = "/settings/sms-gateway"
TABLES = ("headers", "query")
SECRETS = tuple(name for names in PROVIDER_SECRETS.values() for name in names)
SETTINGS = tuple(dict.fromkeys(name for provider in PROVIDER_SETTINGS for name in setting_names(provider)))
COMMON = ("priority", "enabled", "sending_from", "sending_until", "per_minute", "cost")


def providers() -> list[tuple[str, str]]:
    """Return the providers that can be chosen; the sandbox sends nothing and is for development."""
    return [
        (code, labels.provider_name(code))
        for code in PROVIDER_SETTINGS
        if code != "sandbox" or is_development()
    ]


@get(PAGE)
async def show_gateways(visit: ThisVisit) -> Response[Any]:
    """The gateways of the subtree in the order in which they are tried, and where texts and tests are."""
    visit.principal.must("change-settings")
    async with visit.reading() as tx:
        rows = await gateway_store.sms_gateways(tx, visit.principal.top)
        ways = (await gateway_store.sms_ways(tx, [visit.principal.operator_id])).get(
            visit.principal.operator_id
        )
        above = await _name_above(tx, visit, ways)
    inbox = visit.gateway.settings.notifications_public_url
    return forms.show(
        visit,
        "sms_gateways/page.html",
        gateways=rows,
        providers=providers(),
        has_way=bool(ways),
        above=above,
        inbox=f"{inbox}/sandbox/inbox" if inbox and any(row["provider"] == "sandbox" for row in rows) else "",
    )


async def _name_above(tx: Tx, visit: Visit, ways: list[Row] | None) -> str:
    """The operator above whose gateways are used, if it is one above."""
    if not ways or ways[0]["owner_id"] == visit.principal.operator_id or visit.principal.sees_all:
        return ""
    return str((await operator_queries.names_above(tx, [ways[0]["owner_id"]]))[ways[0]["owner_id"]])


async def _adding(visit: Visit) -> Sheet:
    """Ask what a new gateway of the chosen provider needs."""
    provider = _provider(visit)
    values = dict.fromkeys((*SETTINGS, *SECRETS, *COMMON), "") | {
        "method": "POST",
        "number_format": "e164",
        "enabled": "true",
        "operator_id": str(visit.principal.operator_id),
    }
    async with visit.reading() as tx:
        rows = await gateway_store.sms_gateways(tx, None, visit.principal.operator_id)
    values["priority"] = str(max((row["priority"] for row in rows), default=-1) + 1)
    return await _sheet(visit, provider, values, _("Add SMS gateway"), has_secret=False)


async def _changing(visit: Visit, gateway_id: UUID) -> Sheet:
    """Show a gateway as it is, but for its secret."""
    async with visit.reading() as tx:
        row = await gateway_store.sms_gateway(tx, gateway_id)
        if row is None or row["removed"]:
            raise not_found()
        await operator_queries.operator(tx, visit.principal, row["operator_id"])
    settings = dict(row["settings"])
    values = dict.fromkeys((*SETTINGS, *SECRETS), "") | {
        name: _as_lines(value) if name in TABLES else value for name, value in settings.items()
    }
    values |= {
        "priority": str(row["priority"]),
        "enabled": "true" if row["enabled"] else "",
        "sending_from": row["sending_from"] or "",
        "sending_until": row["sending_until"] or "",
        "per_minute": str(row["per_minute"] or ""),
        "cost": visit.formats.plain_amount(row["cost_per_segment_minor"])
        if row["cost_per_segment_minor"]
        else "",
        "operator_id": str(row["operator_id"]),
    }
    heading = labels.provider_name(row["provider"])
    return await _sheet(visit, row["provider"], values, heading, has_secret=bool(row["secret_sealed_at"]))


async def _sheet(
    visit: Visit, provider: str, values: dict[str, Any], heading: str, *, has_secret: bool
) -> Sheet:
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
    return Sheet(
        heading=heading,
        label=_("Save gateway"),
        back=PAGE,
        values=values,
        hidden=(("provider", provider),),
        context={
            "provider": provider,
            "settings": setting_names(provider),  # type: ignore[arg-type]
            "secrets": PROVIDER_SECRETS[provider],  # type: ignore[index]
            "has_secret": has_secret,
            "operators": operators,
            "time_zone": visit.formats.time_zone,
        },
    )


def _provider(visit: Visit) -> str:
    asked = visit.request.query_params.get("provider", "")
    if asked not in PROVIDER_SETTINGS:
        raise not_found()
    return asked


def _body(typed: Typed) -> dict[str, Any]:
    """Return what was filled in; an empty secret keeps the one that is there."""
    provider = typed.submission.one("provider")
    body: dict[str, Any] = {
        "provider": provider,
        "enabled": typed.is_ticked("enabled"),
        "priority": typed.number("priority"),
        "sending_from": typed.optional("sending_from"),
        "sending_until": typed.optional("sending_until"),
        "per_minute": typed.number("per_minute") if typed["per_minute"] else None,
        "cost_per_segment_minor": typed.amount("cost", least_minor=0) if typed["cost"] else None,
    }
    for name in setting_names(provider) if provider in PROVIDER_SETTINGS else ():  # type: ignore[arg-type]
        if name in TABLES:
            body[name] = _as_table(typed, name)
        elif name == "unicode_values":
            continue
        elif typed[name] or name in ("body", "success_pattern", "reference_pattern"):
            body[name] = typed[name]
    secrets = PROVIDER_SECRETS.get(provider, ())  # type: ignore[call-overload]
    return body | {name: typed[name] for name in secrets if typed[name]}


def _new_body(typed: Typed) -> dict[str, Any]:
    return _body(typed) | {"operator_id": typed.required_identity("operator_id")}


def _changed_body(typed: Typed) -> dict[str, Any]:
    return _body(typed) | {"gateway_id": str(typed.subject_ids[0])}


def _as_lines(table: Any) -> str:
    return "\n".join(f"{name}: {value}" for name, value in dict(table).items())


def _as_table(typed: Typed, name: str) -> dict[str, str]:
    """Lines of `name: value` as a table."""
    table = {}
    for line in typed[name].splitlines():
        if not line.strip():
            continue
        key, colon, value = line.partition(":")
        if not colon or not key.strip():
            typed.errors[name] = _("Write one per line, as name: value.")
        table[key.strip()] = value.strip()
    return table


FIELDS = (*SETTINGS, *SECRETS, *COMMON)

ADD = Form(
    f"{PAGE}/new",
    permission="change-settings",
    template="sms_gateways/form.html",
    sheet=_adding,
    fields=(*FIELDS, "operator_id"),
    secrets=SECRETS,
    schema=sms_gateway_schemas.SmsGateway,
    body=_new_body,
    named={"cost_per_segment_minor": "cost"},
    command=sms_gateway_commands.configure,
    done=forms.to(PAGE, "saved"),
)
CHANGE = Form(
    f"{PAGE}/{{gateway_id:str}}",
    permission="change-settings",
    template="sms_gateways/form.html",
    sheet=_changing,
    fields=FIELDS,
    secrets=SECRETS,
    schema=sms_gateway_schemas.SmsGateway,
    body=_changed_body,
    named={"cost_per_segment_minor": "cost"},
    command=lambda gateway, principal, _id, read, key: sms_gateway_commands.configure(
        gateway, principal, read, key
    ),
    done=forms.to(PAGE, "saved"),
)


async def _removing(visit: Visit, gateway_id: UUID) -> Sheet:
    """Say what follows from taking a gateway away."""
    async with visit.reading() as tx:
        row = await gateway_store.sms_gateway(tx, gateway_id)
        if row is None or row["removed"]:
            raise not_found()
    return Sheet(
        heading=_("Remove SMS gateway"),
        label=_("Remove gateway"),
        back=PAGE,
        tone="danger",
        context={
            "about": _(
                "Waiting messages go through the next gateway, if there is one. Its secret is deleted."
            )
        },
    )


REMOVE = Form(
    f"{PAGE}/{{gateway_id:str}}/remove",
    permission="change-settings",
    template="forms/confirm-form.html",
    sheet=_removing,
    command=lambda gateway, principal, gateway_id, key: sms_gateway_commands.remove(
        gateway, principal, None, gateway_id, key
    ),
    done=forms.to(PAGE, "removed"),
)


async def _testing(visit: Visit) -> Sheet:
    """Ask where a test goes; `gateway_id` tests one of several."""
    asked = typed.identity(visit.request.query_params.get("gateway_id", ""))
    return Sheet(
        heading=_("Send a test"),
        label=_("Send test"),
        back=PAGE,
        values={"to": ""},
        hidden=(("gateway_id", asked),) if asked else (),
    )


async def _tested(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the provider's answer, in its own words after ours."""
    if sent.pending:
        return forms.done(visit, sent, PAGE, "tested")
    return forms.decision(
        visit, "sms_gateways/tested.html", _("Send a test"), PAGE, message=sent.body, to=sent.values["to"]
    )


TEST = Form(
    f"{PAGE}/test",
    permission="change-settings",
    template="sms_gateways/test-form.html",
    sheet=_testing,
    fields=("to",),
    schema=sms_gateway_schemas.SmsTest,
    body=lambda typed: {
        "to": typed["to"],
        **({"gateway_id": typed.submission.one("gateway_id")} if typed.submission.one("gateway_id") else {}),
    },
    command=sms_gateway_commands.send_test,
    done=_tested,
)

ROUTES = [show_gateways, *ADD.routes, *TEST.routes, *CHANGE.routes, *REMOVE.routes]
