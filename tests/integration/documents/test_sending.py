"""From a command to its one end: made once, made again when gone, and no half of anything."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from services.documents import workers
from services.documents.handlers import renderings
from services.documents.rendering.pool import Pool as Processes
from services.documents.senders import STORE_PAUSE_SECONDS
from shared import blobs, clock
from shared.blobs import BlobSettings
from shared.contracts.documents import DocumentFailed, DocumentRendered
from shared.contracts.envelope import CommandCompleted
from shared.contracts.invoicing import Republish
from shared.ids import new_id
from tests.integration.documents.harness import NEIGHBOUR, ZONE, DocumentsHarness
from tests.integration.documents.papers import CLERK, bill, invoice, paid, receipt, statement


async def written_at(harness: DocumentsHarness, key: str) -> object:
    blob = await blobs.head(harness.store, key)
    assert blob is not None
    return blob.changed_at


async def test_the_same_content_is_drawn_once(harness: DocumentsHarness) -> None:
    first = await harness.made(invoice())
    before = await written_at(harness, first.said.blob_key)
    again = await harness.made(invoice())
    assert again.said.blob_key == first.said.blob_key
    assert await written_at(harness, first.said.blob_key) == before
    assert again.said.document_id != first.said.document_id


async def test_whatever_the_file_shows_makes_another_file(harness: DocumentsHarness) -> None:
    commands = [
        invoice(),
        invoice(settlement=paid(105_000, 0)),
        invoice(invoice=bill(version=2)),
        invoice(language="bn"),
        invoice(paper="A5"),
        invoice(pay_url=None),
    ]
    keys = {(await harness.made(command)).said.blob_key for command in commands}
    assert len(keys) == len(commands)


async def test_a_file_deleted_or_cut_behind_our_back_is_made_again(harness: DocumentsHarness) -> None:
    first = await harness.made(invoice())
    await blobs.delete(harness.store, [first.said.blob_key])
    assert (await harness.made(invoice())).content[:5] == b"%PDF-"
    await blobs.put(harness.store, first.said.blob_key, b"%PDF- cut")
    assert len((await harness.made(invoice())).content) > 10_000


async def test_a_redelivered_command_is_answered_again_and_drawn_once(harness: DocumentsHarness) -> None:
    command, command_id = invoice(), new_id()
    await harness.tell(command, command_id)
    await harness.tell(command, command_id)
    assert await harness.pool.fetchval("SELECT count(*) FROM rendering") == 1
    await harness.work()
    assert len(await harness.ends(command_id)) == 1
    await harness.tell(command, command_id)
    assert await harness.work() == 0
    assert [type(end) for end in await harness.ends(command_id)] == [DocumentRendered, DocumentRendered]


async def test_no_copy_of_an_invoice_is_kept(harness: DocumentsHarness) -> None:
    await harness.made(invoice())
    for table in ("rendering", "file", "bulk_file", "outbox", "command_end", "inbox"):
        kept = await harness.pool.fetchval(f"SELECT string_agg({table}::text, ' ') FROM {table}")
        assert "Pallabi, Dhaka" not in (kept or ""), table


async def test_who_asks_from_elsewhere_in_the_tree_finds_nothing(harness: DocumentsHarness) -> None:
    assert (await harness.refusal(invoice(scope=NEIGHBOUR))).code == "not-found"
    assert (await harness.refusal(receipt(scope=NEIGHBOUR))).code == "not-found"
    assert (await harness.refusal(statement(scope=NEIGHBOUR))).code == "not-found"
    await harness.made(invoice(scope=ZONE))


async def test_a_statement_that_does_not_add_up_is_refused(harness: DocumentsHarness) -> None:
    assert (await harness.refusal(statement(closing_minor=1))).code == "does-not-add-up"


async def test_a_lost_lease_goes_to_another_and_the_first_says_nothing(harness: DocumentsHarness) -> None:
    command_id = await harness.tell(invoice())
    frozen = harness.another_sender()
    making = frozen.makers.make
    woke = asyncio.Event()

    async def slowly(claimed: object) -> object:
        end = await making(claimed)  # type: ignore[arg-type]
        await woke.wait()
        return end

    frozen.makers.make = slowly  # type: ignore[method-assign, assignment]
    waiting = asyncio.create_task(frozen.step(harness.pool))
    while await harness.pool.fetchval("SELECT count(*) FROM rendering WHERE holder IS NOT NULL") == 0:
        await asyncio.sleep(0.05)
    await harness.pool.execute("UPDATE rendering SET lease_until = now() - interval '1 second'")
    assert await harness.work() == 1
    woke.set()
    await waiting
    assert [type(end) for end in await harness.ends(command_id)] == [DocumentRendered]


async def test_a_rendering_process_killed_in_the_middle_is_started_anew(harness: DocumentsHarness) -> None:
    command_id = await harness.tell(invoice())
    await harness.work()
    for idle in harness.processes._idle:
        idle.process.kill()
    again = await harness.tell(invoice(paper="Letter"))
    await harness.work()
    assert [type(end) for end in await harness.ends(command_id) + await harness.ends(again)] == [
        DocumentRendered,
        DocumentRendered,
    ]


async def test_what_takes_too_long_fails_with_a_reason_and_the_next_one_goes_on(
    harness: DocumentsHarness,
) -> None:
    hurried = Processes(
        size=1, time_limit_seconds=0.001, memory_bytes=2**30, recycle_bytes=2**30, jobs_a_process=10
    )
    patient, harness.sender.makers.processes = harness.sender.makers.processes, hurried
    failure = await harness.failure(invoice())
    assert failure.code == "too-slow"
    assert (failure.kind, failure.subject_id) == ("invoice", bill().invoice_id)
    harness.sender.makers.processes = patient
    await harness.made(invoice())
    await hurried.close()


async def test_a_document_begun_again_and_again_ends_as_failed(harness: DocumentsHarness) -> None:
    command_id = await harness.tell(invoice())
    await harness.pool.execute("UPDATE rendering SET attempts = 3")
    await harness.work()
    ends = await harness.ends(command_id)
    assert isinstance(ends[0], DocumentFailed)
    assert ends[0].code == "render-failed"


async def test_a_store_that_refuses_is_waited_for_and_then_told(
    harness: DocumentsHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderings, "PATIENCE_SECONDS", 3.0)
    (tmp_path / "blobs" / "invoices").write_text("in the way")
    waiting = await harness.tell(invoice())
    assert await harness.sender.step(harness.pool)
    assert await harness.ends(waiting) == []
    while not (ends := await harness.ends(waiting)):
        await harness.work()
        await asyncio.sleep(0.2)
    assert isinstance(ends[0], DocumentFailed)
    assert ends[0].code == "store-unavailable"
    (tmp_path / "blobs" / "invoices").unlink()
    await harness.made(invoice())


async def test_while_the_store_refuses_nothing_is_drawn_over_and_over(
    harness: DocumentsHarness, tmp_path: Path
) -> None:
    refusing = tmp_path / "blobs" / "invoices"
    refusing.write_text("in the way")
    action = new_id()
    waiting = [await harness.tell(invoice(bulk_action_id=action, position=place)) for place in range(5)]
    began = time.monotonic()
    for _ in range(2):
        assert await harness.sender.step(harness.pool)
    assert time.monotonic() - began >= 2 * STORE_PAUSE_SECONDS
    refusing.unlink()
    while not all([await harness.ends(each) for each in waiting]):
        await harness.work()
        await asyncio.sleep(0.2)
    ends = [end for each in waiting for end in await harness.ends(each)]
    assert [type(end) for end in ends] == [DocumentRendered] * len(waiting)


async def test_what_a_person_waits_for_comes_before_a_bulk_action_in_its_order(
    harness: DocumentsHarness,
) -> None:
    action = new_id()
    for position in (3, 1, 2):
        await harness.tell(invoice(bulk_action_id=action, position=position))
    urgent = await harness.tell(invoice())
    assert await harness.sender.step(harness.pool)
    assert len(await harness.ends(urgent)) == 1
    await harness.work()
    rows = await harness.pool.fetch("SELECT payload FROM outbox ORDER BY id")
    ends = [DocumentRendered.model_validate_json(row["payload"]) for row in rows]
    assert [end.position for end in ends] == [0, 1, 2, 3]
    assert await harness.pool.fetchval("SELECT count(*) FROM bulk_file") == 3


async def test_files_nobody_asked_for_within_the_retention_are_deleted_and_made_again_when_wanted(
    harness: DocumentsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await harness.made(invoice())
    step = workers.forget_files(harness.store, retention_days=90)
    await step(harness.pool)
    assert await blobs.head(harness.store, made.said.blob_key)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now.replace(year=now.year + 1))
    await step(harness.pool)
    assert await blobs.head(harness.store, made.said.blob_key) is None
    await harness.made(invoice())


async def test_a_republish_says_every_profile_as_it_is_now_and_then_its_end(
    harness: DocumentsHarness,
) -> None:
    await harness.profile(name="First")
    await harness.profile(name="Second")
    before = await harness.pool.fetchval("SELECT max(id) FROM outbox")
    command_id = await harness.tell(Republish(actor=CLERK, service="documents"))
    rows = await harness.pool.fetch("SELECT type, payload FROM outbox WHERE id > $1", before)
    assert [row["type"] for row in rows] == ["isp-profile.changed.v1"]
    assert '"name":"Second"' in rows[0]["payload"]
    await workers.end_republishes(harness.pool)
    assert await harness.ends(command_id) == []
    await harness.pool.execute("DELETE FROM outbox")
    await workers.end_republishes(harness.pool)
    assert [type(end) for end in await harness.ends(command_id)] == [CommandCompleted]


async def test_documents_are_made_over_the_wire_of_s3(harness: DocumentsHarness, s3: BlobSettings) -> None:
    harness.store = blobs.open_store(s3)
    harness.sender = harness.another_sender()
    made = await harness.made(invoice())
    assert made.said.size_bytes == len(made.content)
    await blobs.delete(harness.store, [made.said.blob_key])
    await harness.made(invoice())
