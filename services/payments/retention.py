"""How long payments keeps what it has: money for ever; the page on it is docs/decisions/0015."""

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
    Forever("partner", "its payments name it"),
    Forever("partner_event", "a partner's payment id is unique for ever"),
    Forever("partner_request", "a row leaves when the topics are made"),
    Forever("waiting_command", "a row leaves when its bill has come, or after 15 minutes"),
    Forever("customer_known", "what invoicing says is so"),
    Forever("operator_known", "what invoicing says is so"),
    Forever("installation", "one row"),
    Term("republish_job", timedelta(days=45), "completed_at < $1", "an end that was heard long ago"),
)
