"""Fragments that the pages of bulk actions and the forms that begin one share: the action as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from litestar import Response

from gateway.http.downloads import name_of
from gateway.pages.web import render
from gateway.pages.web.forms import Sent
from gateway.pages.web.visit import Visit
from gateway.problems import Problem
from gateway.queries import billing_runs as billing_run_queries
from gateway.queries import bulk_actions as bulk_action_queries
from gateway.store import bulk_actions as bulk_action_store
from gateway.store import downloads as download_store
from gateway.store import payment_links as payment_link_store

ENDED = ("completed", "cancelled")
ITEMS_IN_DRAWER = 12
FILES_SHOWN = 3
MESSAGES_SHOWN = 50


async def show_started(visit: Visit, sent: Sent) -> Response[Any]:
    """Show how the action goes: in the drawer, or on its page."""
    action_id = UUID(sent.body["id"])
    if not visit.is_swap:
        return render.see_other(f"/bulk-actions/{action_id}")
    return visit.page("bulk_actions/started.html", **await facts_of(visit, action_id))


async def facts_of(visit: Visit, action_id: UUID, most: int = ITEMS_IN_DRAWER) -> dict[str, Any]:
    """Return everything that a drawer or a page shows of one action."""
    async with visit.reading() as tx:
        action = await bulk_action_queries.describe(tx, visit.principal, action_id)
        known: dict[str, Any] = {
            "action": action,
            "facts": await bulk_action_store.facts(tx, action_id),
            "ended": has_ended(action),
            "run": None,
            "run_id": action["run_id"],
            "undone_by": None,
            "files": None,
        }
        if action["action"] == "send_payment_link":
            known["counts"], known["doubtful"] = await payment_link_store.messages_of_action(
                tx, action_id, MESSAGES_SHOWN
            )
        if action["run_id"]:
            return {**known, "run": await _run(tx, UUID(action["run_id"]))}
        return {**known, **await _outcomes(tx, action, most)}


async def messages_of(visit: Visit, action_id: UUID) -> dict[str, Any]:
    """Return what became of an action's messages, for the fragment that shows it."""
    async with visit.reading() as tx:
        action = await bulk_action_queries.describe(tx, visit.principal, action_id)
        counts, doubtful = await payment_link_store.messages_of_action(tx, action_id, MESSAGES_SHOWN)
    return {"action": action, "counts": counts, "doubtful": doubtful}


async def _outcomes(tx: Any, action: Mapping[str, Any], most: int) -> dict[str, Any]:
    """Return what became of the items: failures in groups, and what was skipped, by reason."""
    action_id, failed, outcomes = UUID(action["id"]), [], []
    if action["failed"]:
        failed = await bulk_action_store.items_shown(tx, action_id, "failed", most)
    if action["failed"] or action["skipped"]:
        outcomes = await bulk_action_store.outcomes(tx, action_id)
    return {
        "failed": [(key, list(group)) for key, group in groupby(failed, key=lambda item: item["outcome"])],
        "more_failed": action["failed"] - len(failed),
        "skipped": [row for row in outcomes if row["state"] == "skipped"],
        "cancelled": sum(row["items"] for row in outcomes if row["outcome"] == "cancelled"),
        "undone_by": await bulk_action_store.undo_of(tx, action_id),
        "files": await _files(tx, action),
    }


async def _files(tx: Any, action: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what a download has made so far."""
    if action["action"] != "download_pdf":
        return None
    action_id = UUID(action["id"])
    download = await download_store.find(tx, action_id)
    count, size_bytes = await download_store.sum_of_files(tx, action_id)
    return {
        "name": name_of(download) if download else "",
        "count": count,
        "size_bytes": size_bytes,
        "first": await download_store.first_files(tx, action_id, FILES_SHOWN),
        "prints": action["parameters"].get("output") == "print",
    }


async def _run(tx: Any, run_id: UUID) -> Mapping[str, Any] | None:
    try:
        return await billing_run_queries.run(tx, run_id)
    except Problem:
        return None


def has_ended(action: Mapping[str, Any]) -> bool:
    return action["state"] in ENDED
