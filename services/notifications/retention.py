"""The time for which notifications keeps its rows; the page on it is among docs/decisions."""

from __future__ import annotations

from datetime import timedelta

from shared.retention import ROAD, ROAD_IS_REMEMBERED, Forever, Kept, Term

# A text holds the address that pays a bill; a link lives 14 days unless told otherwise.
TEXTS_ARE_KEPT = timedelta(days=30)
# As long as an activity log: who was told what, and by whom.
MESSAGES_ARE_KEPT = timedelta(days=730)
_ENDED = "state NOT IN ('queued', 'sending')"

KEPT: tuple[Kept, ...] = (
    *ROAD,
    Forever("operator", "what invoicing says is so"),
    Forever("billing_settings", "what invoicing says is so"),
    Forever("sms_gateway", "messages were sent by it"),
    Forever("sms_template", "an operator's own text; a row an operator, template and language"),
    Forever("gateway_pace", "one row a gateway"),
    Term(
        "message",
        TEXTS_ARE_KEPT,
        f"sealed_text IS NOT NULL AND changed_at < $1 AND {_ENDED}",
        "a text is kept while it may be sent once more",
        blank="sealed_text = NULL",
    ),
    Term("message", MESSAGES_ARE_KEPT, f"changed_at < $1 AND {_ENDED}", "the activity log's term"),
    Term("attempt", MESSAGES_ARE_KEPT, "began_at < $1", "goes with its message"),
    Term("sandbox_message", TEXTS_ARE_KEPT, "sent_at < $1", "a toy's inbox"),
    Term("republish", ROAD_IS_REMEMBERED, "completed_at < $1", "done; a handful of rows"),
)
