"""Settings: through whom money is taken online, into whose account, and what is done about it."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import payment_gateways as payment_gateway_commands
from gateway.pages import choices
from gateway.pages.choices import in_tree_order
from gateway.pages.web import forms, labels
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import not_found
from gateway.queries import gateways as gateway_queries
from gateway.queries import operators as operator_queries
from gateway.schemas import payment_gateways as payment_gateway_schemas
from gateway.schemas.payment_gateways import OPTIONAL, PROVIDERS, SECRETS
from gateway.store import gateways as gateway_store
from gateway.store import operators as operator_store
from shared.contracts.payments import Provider
from shared.outgoing import is_development

PAGE = "/settings/payment-gateways"
MOST_OPERATORS_SHOWN = 200
ALL_SECRETS = tuple(
    dict.fromkeys(name for kinds in (SECRETS, OPTIONAL) for names in kinds.values() for name in names)
)
COMMON = ("base_url", "minimum", "maximum", "enabled")


def offered() -> list[tuple[str, str]]:
    """Return the providers that can be chosen; the sandbox takes no money and is for development."""
    return [(code, labels.provider_name(code)) for code in PROVIDERS if code != "sandbox" or is_development()]


@get(PAGE)
async def show_gateways(visit: ThisVisit) -> Response[Any]:
    """The gateways of the subtree, and into whose account a payment of each operator's bills goes."""
    visit.principal.must("change-settings")
    async with visit.reading() as tx:
        rows = await gateway_store.payment_gateways(tx, visit.principal.top)
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))[:MOST_OPERATORS_SHOWN]
        ways = await gateway_store.payment_ways(tx, [UUID(str(each["id"])) for each in operators])
        owners = {way["owner_id"] for each in ways.values() for way in each}
        names = await operator_queries.names_above(tx, list(owners))
        online = await gateway_queries.online_settings(tx)
    shown = [code for code in PROVIDERS if any(w["provider"] == code for each in ways.values() for w in each)]
    whose = {
        str(of): {way["provider"]: (way["owner_id"] == of, names.get(way["owner_id"], "")) for way in each}
        for of, each in ways.items()
    }
    return forms.show(
        visit,
        "payment_gateways/page.html",
        gateways=rows,
        providers=offered(),
        operators=operators,
        shown=shown,
        whose=whose,
        online=online,
        is_root=visit.principal.sees_all,
        webhooks=visit.gateway.settings.payments_public_url,
    )


async def _shown(visit: Visit, provider: Provider) -> Sheet:
    """Show an operator's gateway of a provider, or ask what a new one needs."""
    asked = visit.request.query_params.get("operator_id", "")
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
        operator_id = UUID(asked) if asked in {str(each) for each, _name in operators} else None
        known = await gateway_queries.payment_gateway(tx, visit.principal, provider, operator_id)
    is_new, plain, name = not known["configured"], visit.formats.plain_amount, labels.provider_name(provider)
    values = dict.fromkeys(ALL_SECRETS, "") | {
        "operator_id": known["operator_id"],
        "base_url": known["base_url"] or "",
        "minimum": plain(known["minimum_minor"]) if known["minimum_minor"] and not is_new else "",
        "maximum": plain(known["maximum_minor"]) if known["maximum_minor"] and not is_new else "",
        "enabled": "true" if known["enabled"] or is_new else "",
    }
    return Sheet(
        heading=_("Add %(name)s") % {"name": name} if is_new else name,
        label=_("Save gateway") if provider == "sandbox" else _("Check and save"),
        back=PAGE,
        values=values,
        hidden=() if is_new else (("operator_id", known["operator_id"]),),
        context={
            "provider": provider,
            "secrets": SECRETS[provider],
            "further": OPTIONAL.get(provider, ()),
            "is_new": is_new,
            "operators": operators,
            "webhook": f"{visit.gateway.settings.payments_public_url}/webhooks/{provider}",
        },
    )


def _body(typed: Typed, provider: Provider) -> dict[str, Any]:
    """Return what was filled in; an empty secret keeps the one that is there."""
    body: dict[str, Any] = {
        "operator_id": typed.required_identity("operator_id"),
        "enabled": typed.is_ticked("enabled"),
        "base_url": typed.optional("base_url"),
    }
    for name in ("minimum", "maximum"):
        if typed[name]:
            body[f"{name}_minor"] = typed.amount(name)
    return body | {
        name: typed[name] for name in (*SECRETS[provider], *OPTIONAL.get(provider, ())) if typed[name]
    }


def _setting_up(provider: Provider) -> Form:
    """Return the form of one provider."""
    configure = payment_gateway_commands.configure
    return Form(
        f"{PAGE}/{provider}",
        permission="change-settings",
        template="payment_gateways/form.html",
        sheet=partial(_shown, provider=provider),
        fields=(*ALL_SECRETS, *COMMON, "operator_id"),
        secrets=ALL_SECRETS,
        schema=payment_gateway_schemas.PaymentGateway,
        body=partial(_body, provider=provider),
        named={"minimum_minor": "minimum", "maximum_minor": "maximum"},
        command=lambda gateway, principal, read, key: configure(gateway, principal, provider, read, key),
        done=forms.to(PAGE, "saved"),
    )


async def _leaving(visit: Visit, operator_id: UUID, provider: Provider) -> Sheet:
    """Say what follows from taking a gateway away; raises 404 where there is none within reach."""
    async with visit.reading() as tx:
        await operator_queries.operator(tx, visit.principal, operator_id)
        if not await gateway_store.payment_gateways(tx, visit.principal.top, operator_id, provider):
            raise not_found("There is no such payment gateway.")
    return Sheet(
        heading=_("Remove %(name)s") % {"name": labels.provider_name(provider)},
        label=_("Remove gateway"),
        back=PAGE,
        tone="danger",
        context={
            "about": _(
                "Its secrets are deleted. From now on payments go through the nearest operator above;"
                " payments already begun are still followed up."
            )
        },
    )


def _removing(provider: Provider) -> Form:
    """Return the form that takes one provider away from one operator."""
    remove = payment_gateway_commands.remove
    return Form(
        f"{PAGE}/{provider}/{{operator_id:str}}/remove",
        permission="change-settings",
        template="forms/confirm-form.html",
        sheet=partial(_leaving, provider=provider),
        command=lambda gateway, principal, operator_id, key: remove(
            gateway, principal, provider, operator_id, key
        ),
        done=forms.to(PAGE, "removed"),
    )


ONLINE = Form(
    f"{PAGE}/receipts",
    permission="change-settings",
    schema=payment_gateway_schemas.OnlineSettings,
    body=lambda typed: {"send_receipts": typed.submission.one("send_receipts") == "true"},
    command=payment_gateway_commands.change_online_settings,
    done=forms.to(PAGE, "saved"),
)

ROUTES = [
    show_gateways,
    *ONLINE.routes,
    *(route for provider in PROVIDERS for route in _setting_up(provider).routes),
    *(route for provider in PROVIDERS for route in _removing(provider).routes),
]
