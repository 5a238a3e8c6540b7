"""The time for which invoicing keeps its rows; the page on it is docs/decisions/0015."""

from __future__ import annotations

from datetime import timedelta

from shared.retention import LOWEST_ID, ROAD, Forever, Kept, Term

KEPT: tuple[Kept, ...] = (
    *ROAD,
    Forever("billing_settings", "one row"),
    Forever("operator", "invoices are issued in its name"),
    Forever("operator_counter", "numbers have no gaps"),
    Forever("package", "customers have it"),
    Forever("customer", "a closed one may come back, and its code stays taken"),
    Forever("invoice", "a document of the books"),
    Forever("invoice_money", "a paid invoice is not voided"),
    Forever("pending_void", "a row leaves when the void is decided"),
    Forever("run", "why a month was billed as it was; few rows"),
    Term(
        "import_line",
        timedelta(days=45),
        f"import_id < {LOWEST_ID}",
        "keeps a code from being named twice in one file, while its chunks are on the way",
    ),
    Term(
        "import_change",
        timedelta(days=45),
        f"import_id < {LOWEST_ID}",
        "what an import changed, while it can be taken back",
    ),
    Term(
        "run_chunk",
        timedelta(days=45),
        f"run_id < {LOWEST_ID} AND done",
        "how a run was divided; its counts are in the run",
    ),
    Term(
        "run_said",
        timedelta(days=400),
        f"run_id < {LOWEST_ID} AND version < (SELECT run.version FROM run WHERE run.id = run_said.run_id)",
        "whom a run did not bill, for a year and the month of comparison; its last word stays",
    ),
    Term("republish", timedelta(days=45), "completed_at < $1", "an end that was heard long ago"),
)
