"""How long the gateway keeps what it has; the page on it is docs/decisions/0015.

What is projected is the projector's to delete: the desk reads it, within its reach, and no more.
"""

from __future__ import annotations

from datetime import timedelta

from shared.retention import LOWEST_ID, ROAD, Forever, Kept, Term

ACTIVITY_IS_SHOWN = timedelta(days=730)
IMPORTS_ARE_KEPT = ACTIVITY_IS_SHOWN
DOCUMENTS_ARE_NOTED = timedelta(days=30)
RUNS_ARE_EXPLAINED = timedelta(days=400)
WEBHOOKS_ARE_LOGGED = timedelta(days=30)

KEPT: tuple[Kept, ...] = (
    *ROAD,
    Forever("user_account", "who did what"),
    Forever("api_token", "who did what; a revoked one stays revoked"),
    Forever("view_rebuild", "at most one row"),
    Forever("portal_address", "a revoked address stays revoked"),
    Forever("provider_refund", "money"),
    Forever("refund", "money"),
    Forever("month_left_out", "until its operator brings the month back; few rows"),
    Forever("saved_view", "until its user deletes it"),
    Term("user_session", timedelta(days=1), "expires_at < $1", "nobody can use it"),
    Term("sign_in_attempt", timedelta(days=1), "minute < $1", "counted by the release before"),
    Term("sign_in_try", timedelta(hours=1), "at < $1", "the longest that is looked back"),
    Term("idempotency_key", timedelta(days=30), "created_at < $1", "as the contract says"),
    Term(
        "operation",
        timedelta(days=30),
        "created_at < $1 AND payload IS NOT NULL AND state <> 'pending'",
        "an answered command is not sent again; nobody reads its bytes",
        blank="payload = NULL",
    ),
    Term(
        "operation",
        ACTIVITY_IS_SHOWN,
        "created_at < $1 AND state <> 'pending'",
        "the activity log: two years of who did what",
    ),
    Term(
        "customer_import_chunk",
        timedelta(days=30),
        "sent_at < $1 AND payload IS NOT NULL AND created IS NOT NULL",
        "an answered chunk is not sent again",
        blank="payload = NULL",
    ),
    Term("customer_import", IMPORTS_ARE_KEPT, "created_at < $1", "its report, as long as its operation"),
    Term(
        "customer_import_chunk",
        IMPORTS_ARE_KEPT,
        f"import_id < {LOWEST_ID}"
        " AND NOT EXISTS (SELECT FROM customer_import WHERE id = customer_import_chunk.import_id)",
        "goes with its import",
    ),
    Term("customer_file", timedelta(days=30), "created_at < $1", "refused lines can be had while it is here"),
    Term("import_mapping", IMPORTS_ARE_KEPT, "used_at < $1", "a header that nobody brings any more"),
    Term(
        "bulk_action",
        RUNS_ARE_EXPLAINED,
        "created_at < $1 AND state IN ('completed', 'cancelled')",
        "what became of a selection, for a year and the month of comparison",
    ),
    Term("reminder_plan", timedelta(days=1), "planned_at < $1", "a dry run is asked for again"),
    Term("document", DOCUMENTS_ARE_NOTED, "asked_at < $1", "the file can be asked for again"),
    Term(
        "operation",
        DOCUMENTS_ARE_NOTED,
        "created_at < $1 AND kind = 'document' AND state <> 'pending'",
        "who looked at a document changed nothing: no line of the activity log",
    ),
    Forever("webhook_endpoint", "until somebody removes it"),
    Term("webhook_message", WEBHOOKS_ARE_LOGGED, f"id < {LOWEST_ID}", "can be sent again for a month"),
    Term(
        "webhook_attempt",
        WEBHOOKS_ARE_LOGGED,
        f"message_id < {LOWEST_ID}",
        "goes with its message",
    ),
    # After its action, so that nobody sees an action with half of its items.
    Term(
        "bulk_action_item",
        RUNS_ARE_EXPLAINED,
        f"action_id < {LOWEST_ID}"
        " AND NOT EXISTS (SELECT FROM bulk_action WHERE id = bulk_action_item.action_id)",
        "goes with its action",
    ),
    Term(
        "bulk_action_file",
        RUNS_ARE_EXPLAINED,
        f"action_id < {LOWEST_ID}"
        " AND NOT EXISTS (SELECT FROM bulk_action WHERE id = bulk_action_file.action_id)",
        "goes with its action",
    ),
)

PROJECTED: tuple[Kept, ...] = (
    *(
        Forever(table, "as long as its owner keeps it")
        for table in (
            "operator", "package", "customer", "customer_account", "bill", "bill_total", "payment",
            "payment_allocation", "held_payment", "day_closing", "partner", "payment_link", "checkout",
            "message", "payment_gateway", "sms_gateway", "sms_template", "reminder_rule", "online_settings",
            "run", "billing_settings", "isp_profile", "projected",
        )
    ),
    # The last words of each kind of process stay: one that was silent for a day is no less missed.
    Term(
        "process_report",
        timedelta(days=1),
        "reported_at < $1 AND EXISTS (SELECT FROM process_report AS later"
        " WHERE later.process = process_report.process AND later.reported_at > process_report.reported_at)",
        "another replica has spoken since",
    ),
    Term(
        "parked_letter",
        timedelta(days=45),
        "first_seen < $1 AND state <> 'open'",
        "what nobody need look at any more",
    ),
    Forever("auditor_heard", "at most one row"),
    Term("audit", timedelta(days=90), "asked_at < $1", "what was broken then is mended or known by now"),
    Term("run_entry", RUNS_ARE_EXPLAINED, f"run_id < {LOWEST_ID}", "as long as invoicing can say it again"),
)  # fmt: skip
