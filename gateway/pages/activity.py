"""The activity log: who asked for what, when, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get

from gateway.pages.page_rows import forwards
from gateway.pages.web import forms
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.translations import ngettext
from gateway.pages.web.typed import identity
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.schemas import cursors
from gateway.store import activity as activity_store
from gateway.store import users as user_store

ENTRIES_A_PAGE = 100
MOST_PEOPLE = 500
KINDS = (
    "payment", "reversal", "void", "refund", "payment-refund", "day-closed", "run", "bill-customer",
    "month-left-out", "month-brought-back",
    "customer-made",
    "customer-changed", "customer-erased", "portal-renewed",
    "import", "import-undone", "package-made", "package-changed", "operator-made", "operator-changed",
    "held-placed", "held-rejected", "settings", "isp-profile", "partner-made", "partner-changed",
    "partner-paused", "partner-resumed", "partner-removed", "partner-key", "partner-limits",
    "webhook-made", "webhook-changed", "webhook-removed", "webhook-secret", "webhook-disabled",
    "bulk-mark-paid",
    "bulk-undo-mark-paid", "bulk-download-pdf",
    "bulk-generate-missing", "user-made", "user-changed", "password-changed", "second-factor-on",
    "second-factor-off", "token-made", "token-revoked",
    "payment-link", "bulk-send-payment-link", "portal-message", "receipt-message", "message",
    "sms-gateway", "sms-gateway-removed", "sms-test", "sms-template",
    "payment-gateway", "payment-gateway-removed", "online-settings", "checkout-settled",
    "reminder-rule-made", "reminder-rule", "reminder-plan",
    "letter-redrive", "letter-discard", "partition-stepped-over", "republish", "refused",
)  # fmt: skip


def kind_name(kind: str) -> str:
    """Return the name of a kind of entry."""
    names = {
        **_kinds_of_money(),
        **_kinds_of_catalogue(),
        **_kinds_of_webhooks(),
        **_kinds_of_messages(),
        **_kinds_of_operating(),
    }
    return names.get(kind) or kind.replace("-", " ").capitalize()


def _kinds_of_money() -> dict[str, str]:
    return {
        "payment": _("Payment recorded"),
        "reversal": _("Payment reversed"),
        "void": _("Bill voided"),
        "refund": _("Credit refunded"),
        "day-closed": _("Day closed"),
        "payment-refund": _("Payment refunded"),
        "run": _("Billing run started"),
        "month-left-out": _("Missed month left out"),
        "month-brought-back": _("Missed month brought back"),
        "bill-customer": _("One customer billed"),
        "held-placed": _("Held payment placed"),
        "held-rejected": _("Held payment rejected"),
        "bulk-download-pdf": _("Bills downloaded in bulk"),
        "bulk-mark-paid": _("Bills marked as paid in bulk"),
        "bulk-undo-mark-paid": _("Bulk payment undone"),
        "bulk-generate-missing": _("Missing bills generated"),
    }


def _kinds_of_operating() -> dict[str, str]:
    return {
        "letter-redrive": _("Dead letter redriven"),
        "letter-discard": _("Dead letter discarded"),
        "partition-stepped-over": _("Unreadable records stepped over"),
        "republish": _("View of bills rebuilt"),
    }


def _kinds_of_catalogue() -> dict[str, str]:
    return {
        "customer-made": _("Customer created"),
        "customer-changed": _("Customer changed"),
        "customer-erased": _("Customer erased"),
        "portal-renewed": _("Portal address renewed"),
        "import": _("Customers imported"),
        "import-undone": _("Import taken back"),
        "package-made": _("Package created"),
        "package-changed": _("Package changed"),
        "operator-made": _("Operator created"),
        "operator-changed": _("Operator renamed"),
        "settings": _("Settings changed"),
        "isp-profile": _("ISP profile changed"),
        "partner-made": _("Partner added"),
        "partner-changed": _("Partner changed"),
        "partner-paused": _("Partner paused"),
        "partner-resumed": _("Partner resumed"),
        "partner-removed": _("Partner removed"),
        "partner-key": _("Key of partner changed"),
        "partner-limits": _("Limits of partner changed"),
        "user-made": _("User created"),
        "user-changed": _("User changed"),
        "password-changed": _("Password changed"),
        "second-factor-on": _("Two-factor sign-in turned on"),
        "second-factor-off": _("Two-factor sign-in turned off"),
        "token-made": _("API token created"),
        "token-revoked": _("API token revoked"),
        "refused": _("Refused at once"),
    }


def _kinds_of_messages() -> dict[str, str]:
    return {
        "payment-link": _("Payment link made"),
        "bulk-send-payment-link": _("Payment links made in bulk"),
        "portal-message": _("Portal address sent"),
        "receipt-message": _("Receipt sent"),
        "message": _("Message settled or sent again"),
        "sms-gateway": _("SMS gateway changed"),
        "sms-gateway-removed": _("SMS gateway removed"),
        "sms-test": _("Test message sent"),
        "sms-template": _("Text of messages changed"),
        "payment-gateway": _("Payment gateway changed"),
        "payment-gateway-removed": _("Payment gateway removed"),
        "online-settings": _("Receipts by SMS switched on or off"),
        "checkout-settled": _("Online payment settled by hand"),
        "reminder-rule-made": _("Reminder added"),
        "reminder-rule": _("Reminder changed"),
        "reminder-plan": _("Reminder tried"),
    }


def _kinds_of_webhooks() -> dict[str, str]:
    return {
        "webhook-made": _("Webhook added"),
        "webhook-changed": _("Webhook changed"),
        "webhook-removed": _("Webhook removed"),
        "webhook-secret": _("New secret of a webhook"),
        "webhook-disabled": _("Webhook switched off by itself"),
    }


@get("/activity")
async def show_activity(visit: ThisVisit) -> Response[Any]:
    """Show the subtree's log, newest first, by person and by kind."""
    visit.principal.must("change-users")
    asked = visit.request.query_params
    person = identity(asked.get("person", "")) or ""
    kind = asked.get("kind", "") if asked.get("kind", "") in KINDS else ""
    after = cursors.unseal_id(visit.gateway.secret, "activity", asked.get("cursor") or None)
    callers = [f"user:{person}"] if person else None
    async with visit.reading() as tx:
        people = await user_store.in_reach(tx, visit.principal, MOST_PEOPLE)
        rows = await activity_store.entries(
            tx, visit.principal, callers, [kind] if kind else [], after, ENTRIES_A_PAGE + 1
        )
    shown, chosen = rows[:ENTRIES_A_PAGE], {"person": person, "kind": kind}
    here = "/activity?" + urlencode({name: value for name, value in chosen.items() if value})
    more = len(rows) > ENTRIES_A_PAGE
    last = cursors.seal(visit.gateway.secret, "activity", str(shown[-1]["id"])) if more else ""
    return forms.show(
        visit,
        "activity/page.html",
        entries=[_entry(visit, row) for row in shown],
        people=[("", _("Everyone"))] + [(str(each["id"]), each["name"]) for each in people],
        kinds=[("", _("Everything")), *((each, kind_name(each)) for each in KINDS)],
        chosen=chosen,
        **forwards(asked, here, last, len(shown)),
    )


def _entry(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the log as it is shown."""
    command = row["command"] or {}
    actor = command.get("actor") or {}
    facts = row["facts"] or {}
    return {
        "at": row["created_at"],
        "what": kind_name(row["kind"]),
        "about": " · ".join(_about(visit, row, command, str(facts.get("about") or ""))),
        "link": _link(row),
        "who": row["person_name"] or actor.get("name") or "",
        "email": row["person_email"] or "",
        "operator": row["operator_name"] or "",
        "through": _through(row["caller"], actor),
        "address": facts.get("from", ""),
        "state": row["state"],
        "problem": row["problem"],
    }


def _through(caller: str, actor: Mapping[str, Any]) -> str:
    if caller.startswith("cli:"):
        return _("Command line")
    if caller.startswith("system:"):
        return _("By itself")
    return _("API token") if actor.get("kind") == "token" else _("Desk")


def _about(visit: Visit, row: Mapping[str, Any], command: Mapping[str, Any], said: str) -> list[str]:
    """Return the facts that a reader looks for: how much, of which bill, whose, and of how many."""
    if said:
        return [said, *_counted(visit, row)]
    parts = [part for part in (_amount(visit, row, command), row["bill_number"]) if part]
    if row["customer_name"]:
        parts.append(f"{row['customer_name']} ({row['customer_code']})")
    if isinstance(command.get("period"), str):
        parts.append(visit.formats.month(command["period"]))
    parts += _counted(visit, row)
    told = ("", row["customer_name"], row["customer_code"])
    for name in ("name", "code", "reference", "reason", "status"):
        if isinstance(command.get(name), str) and command[name] not in told:
            parts.append(command[name][:120])
    return [*parts, _("dry run")] if command.get("dry_run") else parts


def _amount(visit: Visit, row: Mapping[str, Any], command: Mapping[str, Any]) -> str:
    """Return how much money an entry is about, in its own currency."""
    minor = row["amount_minor"] if row["amount_minor"] is not None else command.get("amount_minor")
    if not isinstance(minor, int):
        return ""
    currency = row["currency"] or visit.formats.currency
    return replace(visit.formats, currency=currency).money_text(minor)


def _counted(visit: Visit, row: Mapping[str, Any]) -> list[str]:
    """Return of how many bills or customers an entry is, where it is of many."""
    texts = {
        "bulk_total": ngettext("%(num)s bill", "%(num)s bills", row["bulk_total"] or 0),
        "run_created": ngettext("%(num)s bill", "%(num)s bills", row["run_created"] or 0),
        "import_read": ngettext("%(num)s line", "%(num)s lines", row["import_read"] or 0),
    }
    return [text % {"num": visit.formats.count(row[name])} for name, text in texts.items() if row[name]]


def _link(row: Mapping[str, Any]) -> str:
    """Return the address of the subject's page; empty where it has none."""
    kind = row["kind"]
    if row["bill_id"]:
        return f"/bills/{row['bill_id']}"
    if kind == "import":
        return f"/customers/imports/{row['id']}"
    if kind.startswith("bulk-"):
        return f"/bulk-actions/{row['subject_id']}"
    if kind == "run":
        return f"/runs/{row['subject_id']}"
    if row["customer_id"]:
        return f"/customers/{row['customer_id']}"
    pages = {
        "package": "/packages",
        "operator": "/operators",
        "day": f"/closings/{row['subject_id']}",
        "settings": "/settings/billing",
        "isp": "/settings/isp-profile",
        "user": "/users",
        "partner": "/partners",
        "webhook": "/settings/webhooks",
        "letter": "/operations",
    }
    return pages.get(kind.partition("-")[0], "")


ROUTES = [show_activity]
