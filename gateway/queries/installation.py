"""The processes of the installation, what waits for a person, and how far a rebuild is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import installation as schemas
from gateway.schemas.answers import Listed
from gateway.schemas.fields import moment
from gateway.schemas.filters import Page
from gateway.store import installation as installation_store
from gateway.store.statements import Row
from shared.db import Tx

PROCESSES = ("invoicing", "payments", "notifications", "documents", "gateway", "projector")
# As the alert `ConsumerBehind` has it.
BEHIND_AFTER_SECONDS = 120.0


async def installation(tx: Tx, now: datetime) -> schemas.Installation:
    """Return everything that whoever runs the installation looks at first."""
    reports = await installation_store.reports(tx)
    fresh = [row for row in reports if row["reported_at"] >= now - installation_store.SILENT_AFTER]
    processes = [_process(name, reports, fresh) for name in PROCESSES]
    letters = await installation_store.letter_counts(tx, now - timedelta(days=1))
    database = await installation_store.database(tx)
    assert letters is not None, "a count always answers a row"
    assert database is not None, "so does the database"
    by_road = [row["reported_at"] for row in reports if row["process"] != "projector"]
    return {
        "as_of": moment(now),
        "needs_a_person": await installation_store.troubles(tx, now),
        "processes": processes,
        "lag_records": sum(each["lag_records"] or 0 for each in processes),
        "lag_seconds": max(each["lag_seconds"] or 0.0 for each in processes),
        "outbox_rows": sum(each["outbox_rows"] or 0 for each in processes),
        "outbox_seconds": max(each["outbox_seconds"] or 0.0 for each in processes),
        "letters": letters["open"],
        "letters_today": letters["recent"],
        "partitions": _partitions(reports),
        "database": {
            "version": database["version"],
            "bytes": database["bytes"],
            "since": moment(database["started_at"]),
        },
        "road_heard_at": moment(max(by_road)) if by_road else None,
        "rebuild": _rebuild(await installation_store.rebuild_progress(tx)),
    }


def is_silent(heard_at: str | None, now: datetime) -> bool:
    """Whether what was heard at that time, as an answer says it, was heard too long ago."""
    return heard_at is not None and datetime.fromisoformat(heard_at) < now - installation_store.SILENT_AFTER


def _process(name: str, reports: Sequence[Row], fresh: Sequence[Row]) -> schemas.Process:
    """One process with its replicas; while none has spoken lately, as the last one left it.

    A replica's bulk lane counts with it, and is none by itself.
    """
    last = [row for row in reports if row["process"] == name and not _is_bulk(row)][:1]
    mine = [row["report"] for row in fresh if row["process"] == name]
    replicas = [row["report"] for row in fresh if row["process"] == name and not _is_bulk(row)]
    shown = mine if replicas else [row["report"] for row in last]
    lags = [lag for each in shown for lag in each["lags"]]
    sends = [each for each in shown if each["outbox_rows"] is not None]
    leader = next((each["pid"] for each in replicas if each["leading"]), None)
    behind = max((lag["seconds"] for lag in lags), default=0.0)
    return {
        "name": name,
        "state": _state(replicas, is_known=bool(last), behind=behind),
        "replicas": len(replicas),
        "pids": sorted(each["pid"] for each in shown),
        "versions": sorted({each["version"] for each in shown}),
        "leader": leader,
        "since": min((each["started_at"] for each in shown), default=None),
        "heard_at": moment(last[0]["reported_at"]) if last else None,
        "lag_records": sum(lag["records"] for lag in lags) if lags else None,
        "lag_seconds": max((lag["seconds"] for lag in lags), default=None),
        "outbox_rows": max((each["outbox_rows"] for each in sends), default=None),
        "outbox_seconds": max((each["outbox_seconds"] for each in sends), default=None),
        "memory_bytes": sum(each["memory_bytes"] for each in shown) if replicas else 0,
    }


def _is_bulk(row: Row) -> bool:
    return bool(row["report"].get("is_bulk"))


def _state(mine: Sequence[Row], *, is_known: bool, behind: float) -> schemas.ProcessState:
    if not mine:
        return "silent" if is_known else "unknown"
    if any(each["set_aside"] for each in mine):
        return "standing"
    if behind > BEHIND_AFTER_SECONDS:
        return "behind"
    return "ready" if all(each["ready"] for each in mine) else "starting"


def _partitions(reports: Sequence[Row]) -> list[schemas.StandingPartition]:
    """Return what stands still by the newest report of each schema, of which every replica reports all.

    One that is silent now has mended nothing.
    """
    newest: dict[str, Row] = {}
    for row in reports:
        newest.setdefault(row["report"]["service"], row["report"])
    standing = [
        schemas.standing(service, each) for service, report in newest.items() for each in report["set_aside"]
    ]
    return sorted(standing, key=lambda each: (each["first_seen"], each["id"]))


def _rebuild(row: Row | None) -> schemas.Rebuild | None:
    if row is None:
        return None
    done, rows = row["done"] or 0, row["rows"] or 0
    return {"since": moment(row["started_at"]), "done": done, "rows": max(rows, done)}


async def list_letters(tx: Tx, page: Page, secret: str) -> Listed[schemas.DeadLetter]:
    """Return open letters, the newest first."""
    return await listed(tx, "dead_letters", installation_store.letters, schemas.dead_letter, page, secret)


async def letter(tx: Tx, letter_id: UUID) -> schemas.DeadLetter:
    """Return one letter; raises 404."""
    row = await installation_store.letter(tx, letter_id)
    if row is None:
        raise not_found("There is no such dead letter.")
    return schemas.dead_letter(row)


async def partition(tx: Tx, standing_id: UUID) -> schemas.StandingPartition:
    """Return a partition that stands still; raises 404."""
    for each in _partitions(await installation_store.reports(tx)):
        if each["id"] == str(standing_id):
            return each
    raise not_found("This partition is not set aside.")
