"""Settings: what messages say, per language, with the parts counted while they are typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from litestar import Response, get

from gateway.commands import sms_gateways as sms_gateway_commands
from gateway.pages import link_texts
from gateway.pages.web import forms
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import gateways as gateway_queries
from gateway.queries import isp_profiles as isp_profile_queries
from gateway.schemas import sms_templates as sms_template_schemas
from gateway.schemas.sms_templates import LANGUAGES, TEMPLATES
from shared import sms
from shared.db import Tx

PAGE = "/settings/sms-templates"


def _chosen(visit: Visit) -> tuple[str, str]:
    """Which text the address asks for; the first of all otherwise."""
    asked = visit.request.query_params
    template, language = asked.get("template", ""), asked.get("language", "")
    return (
        template if template in TEMPLATES else TEMPLATES[0],
        language if language in LANGUAGES else LANGUAGES[0],
    )


async def _text(visit: Visit) -> Sheet:
    """Show a text with what it takes, beside those of the other messages."""
    template, language = _chosen(visit)
    if visit.request.method == "POST":
        submission = await visit.submission()
        template, language = submission.one("template"), submission.one("language")
    async with visit.reading() as tx:
        items = (await gateway_queries.sms_templates(tx, visit.principal, None))["items"]
        isp = await _isp(tx, visit)
    shown = next(each for each in items if (each["template"], each["language"]) == (template, language))
    return Sheet(
        values={"text": shown["text"], "template": template, "language": language},
        context={
            "items": items,
            "shown": shown,
            "placeholders": sms.PLACEHOLDERS,
            **_preview(visit, isp, template, language, str(shown["text"])),
        },
    )


async def _isp(tx: Tx, visit: Visit) -> str:
    return (await isp_profile_queries.profile(tx, visit.principal.operator_id))["name"]


def _preview(visit: Visit, isp: str, template: str, language: str, text: str) -> dict[str, Any]:
    """The text with an example customer's values, counted; or why it cannot be sent."""
    formats = visit.formats.of_customers(language)
    bill = {
        "customer_name": "নুসরাত জাহান মিম" if language == "bn" else "Nusrat Jahan Mim",
        "customer_code": "KZP-1042",
        "period": visit.desk.today.strftime("%Y-%m"),
        "number": "KZP-000137",
        "balance_minor": 105_000,
        "due_on": _in_ten_days(visit.desk.today),
    }
    try:
        sms.check_template(template, text)
        link = link_texts.address_like(visit.gateway.settings.payments_public_url)
        values = link_texts.values_of(bill, isp, formats)
        filled = sms.render(text, values, link if "{link}" in text else None)
    except sms.TextRefused as refusal:
        return {"preview": "", "size": None, "refusal": str(refusal)}
    return {"preview": filled, "size": sms.size_of(filled), "refusal": ""}


def _in_ten_days(today: date) -> date:
    return today + timedelta(days=10)


@get(f"{PAGE}/preview")
async def show_preview(visit: ThisVisit) -> Response[Any]:
    """The text that is being typed, as the customer would read it."""
    visit.principal.must("change-settings")
    template, language = _chosen(visit)
    text = visit.request.query_params.get("text", "").replace("\r\n", "\n").replace("\x00", "")
    async with visit.reading() as tx:
        isp = await _isp(tx, visit)
    return visit.page("sms_templates/preview.html", **_preview(visit, isp, template, language, text))


def _body(typed: Typed) -> dict[str, Any]:
    is_own = typed.submission.one("use") != "theirs"
    return {
        "template": typed["template"],
        "language": typed["language"],
        "text": typed["text"].replace("\r\n", "\n") if is_own else None,
    }


async def _saved(visit: Visit, sent: Sent) -> Response[Any]:
    address = f"{PAGE}?template={sent.values['template']}&language={sent.values['language']}"
    return forms.done(visit, sent, address, "saved")


TEXT = Form(
    PAGE,
    permission="change-settings",
    template="sms_templates/page.html",
    is_page=True,
    sheet=_text,
    fields=("text", "template", "language"),
    schema=sms_template_schemas.SmsTemplate,
    body=_body,
    command=sms_gateway_commands.save_template,
    done=_saved,
)

ROUTES = [*TEXT.routes, show_preview]
