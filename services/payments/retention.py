"""The time for which payments keeps its rows: money for ever; the page on it is docs/decisions/0015."""

from __future__ import annotations

from datetime import timedelta

from shared.retention import ROAD, Forever, Kept, Term

KEPT: tuple[Kept, ...] = (
    *ROAD,
    Forever("account", "money"),
    Forever("receivable", "money"),
    Forever("payment", "money; its id and its partner's or provider's id are unique for ever"),
    Forever("allocation", "money"),
    Forever("refund", "money; its id is unique for ever"),
    Forever("held_payment", "money; its id is unique for ever"),
    Forever("checkout", "money; its reference and its provider's id are unique for ever"),
    Forever("day_closing", "what was counted and signed off"),
    Forever("gateway_refund", "money; its id is unique for ever"),
    Term(
        "callback",
        timedelta(days=400),
        "received_at < $1 AND body IS NOT NULL",
        "what a provider said, for a year and the month of comparison; its id is unique for ever",
        blank="body = NULL",
    ),
    Term(
        "payment_link",
        timedelta(days=400),
        "expires_at < $1 AND state <> 'active'",
        "its page says nothing but that it has ended; the checkouts stay",
    ),
    Forever("payment_gateway", "its checkouts name it; its secrets go when it is removed"),
    Forever("gateway_change", "a row leaves when the provider was asked"),
    Term(
        "provider_token",
        timedelta(days=45),
        "expires_at < $1",
        "it counts for an hour and is refreshed for 28 days",
    ),
    Forever("reminder_rule", "one row a rule"),
    Term("reminder", timedelta(days=400), "sent_at < $1", "a bill is reminded of around its due date"),
    Forever("online_settings", "one row"),
    Forever("partner", "its payments name it"),
    Forever("partner_event", "a partner's payment id is unique for ever"),
    Forever("partner_request", "a row leaves when the topics are made"),
    Forever("waiting_command", "a row leaves when its bill has come, or after 15 minutes"),
    Forever("customer_known", "what invoicing says is so"),
    Forever("operator_known", "what invoicing says is so"),
    Forever("operator_profile", "what documents says is so"),
    Forever("installation", "one row"),
    Term("republish_job", timedelta(days=45), "completed_at < $1", "an end that was heard long ago"),
)
