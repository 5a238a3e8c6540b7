"""The time for which documents keeps its rows and files; the page on it is among docs/decisions."""

from __future__ import annotations

from shared.retention import ROAD, Forever, Kept

KEPT: tuple[Kept, ...] = (
    *ROAD,
    Forever("operator", "what invoicing says is so"),
    Forever("billing_settings", "what invoicing says is so"),
    Forever("isp_profile", "an invoice shows the profile of the day it was issued"),
    Forever("rendering", "a row leaves with its end"),
    Forever("republish", "a row leaves when its last message has left the outbox"),
    Forever("file", "leaves with its blob, by a worker that removes both, when nobody asks for it any more"),
    Forever("bulk_file", "leaves by that worker too"),
)
