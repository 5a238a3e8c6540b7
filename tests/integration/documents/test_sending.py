"""From a command to its one end: made once, made again when gone, and no half of anything."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.documents import workers
from services.documents.handlers import renderings
from services.documents.rendering.pool import Pool as Processes
from shared import blobs, clock
from shared.blobs import BlobSettings
from shared.contracts.documents import DocumentFailed, DocumentRendered
from shared.contracts.envelope import CommandCompleted
from shared.contracts.invoicing import Republish
from shared.ids import new_id
from tests.integration.documents.desk import NEIGHBOUR, ZONE, Desk
from tests.integration.documents.papers import CLERK, bill, invoice, paid, receipt, statement


async def written_at(desk: Desk, key: str) -> object:
    blob = await blobs.head(desk.store, key)
    assert blob is not None
    return blob.changed_at


async def test_the_same_content_is_drawn_once(desk: Desk) -> None:
    first = await desk.made(invoice())
    before = await written_at(desk, first.said.blob_key)
    again = await desk.made(invoice())
    assert again.said.blob_key == first.said.blob_key
    assert await written_at(desk, first.said.blob_key) == before
    assert again.said.document_id != first.said.document_id


async def test_whatever_the_file_shows_makes_another_file(desk: Desk) -> None:
    commands = [
        invoice(),
        invoice(settlement=paid(105_000, 0)),
        invoice(invoice=bill(version=2)),
        invoice(language="bn"),
        invoice(paper="A5"),
        invoice(pay_url=None),
    ]
    keys = {(await desk.made(command)).said.blob_key for command in commands}
    assert len(keys) == len(commands)


async def test_a_file_deleted_or_cut_behind_our_back_is_made_again(desk: Desk) -> None:
    first = await desk.made(invoice())
    await blobs.delete(desk.store, [first.said.blob_key])
    assert (await desk.made(invoice())).content[:5] == b"%PDF-"
    await blobs.put(desk.store, first.said.blob_key, b"%PDF- cut")
    assert len((await desk.made(invoice())).content) > 10_000


async def test_a_redelivered_command_is_answered_again_and_drawn_once(desk: Desk) -> None:
    command, command_id = invoice(), new_id()
    await desk.tell(command, command_id)
    await desk.tell(command, command_id)
    assert await desk.pool.fetchval("SELECT count(*) FROM rendering") == 1
    await desk.work()
    assert len(await desk.ends(command_id)) == 1
    await desk.tell(command, command_id)
    assert await desk.work() == 0
    assert [type(end) for end in await desk.ends(command_id)] == [DocumentRendered, DocumentRendered]


async def test_no_copy_of_an_invoice_is_kept(desk: Desk) -> None:
    await desk.made(invoice())
    for table in ("rendering", "file", "bulk_file", "outbox", "command_end", "inbox"):
        kept = await desk.pool.fetchval(f"SELECT string_agg({table}::text, ' ') FROM {table}")
        assert "Pallabi, Dhaka" not in (kept or ""), table


async def test_who_asks_from_elsewhere_in_the_tree_finds_nothing(desk: Desk) -> None:
    assert (await desk.refusal(invoice(scope=NEIGHBOUR))).code == "not-found"
    assert (await desk.refusal(receipt(scope=NEIGHBOUR))).code == "not-found"
    assert (await desk.refusal(statement(scope=NEIGHBOUR))).code == "not-found"
    await desk.made(invoice(scope=ZONE))


async def test_a_statement_that_does_not_add_up_is_refused(desk: Desk) -> None:
    assert (await desk.refusal(statement(closing_minor=1))).code == "does-not-add-up"


async def test_a_lost_lease_goes_to_another_and_the_first_says_nothing(desk: Desk) -> None:
    command_id = await desk.tell(invoice())
    frozen = desk.another_sender()
    making = frozen.makers.make
    woke = asyncio.Event()

    async def slowly(claimed: object) -> object:
        end = await making(claimed)  # type: ignore[arg-type]
        await woke.wait()
        return end

    frozen.makers.make = slowly  # type: ignore[method-assign, assignment]
    waiting = asyncio.create_task(frozen.step(desk.pool))
    while await desk.pool.fetchval("SELECT count(*) FROM rendering WHERE holder IS NOT NULL") == 0:
        await asyncio.sleep(0.05)
    await desk.pool.execute("UPDATE rendering SET lease_until = now() - interval '1 second'")
    assert await desk.work() == 1
    woke.set()
    await waiting
    assert [type(end) for end in await desk.ends(command_id)] == [DocumentRendered]


async def test_a_rendering_process_killed_in_the_middle_is_started_anew(desk: Desk) -> None:
    command_id = await desk.tell(invoice())
    await desk.work()
    for idle in desk.processes._idle:
        idle.process.kill()
    again = await desk.tell(invoice(paper="Letter"))
    await desk.work()
    assert [type(end) for end in await desk.ends(command_id) + await desk.ends(again)] == [
        DocumentRendered,
        DocumentRendered,
    ]


async def test_what_takes_too_long_fails_with_a_reason_and_the_next_one_goes_on(desk: Desk) -> None:
    hurried = Processes(
        size=1, time_limit_seconds=0.001, memory_bytes=2**30, recycle_bytes=2**30, jobs_a_process=10
    )
    patient, desk.sender.makers.processes = desk.sender.makers.processes, hurried
    failure = await desk.failure(invoice())
    assert failure.code == "too-slow"
    assert (failure.kind, failure.subject_id) == ("invoice", bill().invoice_id)
    desk.sender.makers.processes = patient
    await desk.made(invoice())
    await hurried.close()


async def test_a_document_begun_again_and_again_ends_as_failed(desk: Desk) -> None:
    command_id = await desk.tell(invoice())
    await desk.pool.execute("UPDATE rendering SET attempts = 3")
    await desk.work()
    ends = await desk.ends(command_id)
    assert isinstance(ends[0], DocumentFailed)
    assert ends[0].code == "render-failed"


async def test_a_store_that_refuses_is_waited_for_and_then_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderings, "PATIENCE_SECONDS", 3.0)
    (tmp_path / "blobs" / "invoices").write_text("in the way")
    waiting = await desk.tell(invoice())
    assert await desk.sender.step(desk.pool)
    assert await desk.ends(waiting) == []
    while not (ends := await desk.ends(waiting)):
        await desk.work()
        await asyncio.sleep(0.2)
    assert isinstance(ends[0], DocumentFailed)
    assert ends[0].code == "store-unavailable"
    (tmp_path / "blobs" / "invoices").unlink()
    await desk.made(invoice())


async def test_what_a_person_waits_for_comes_before_a_bulk_action_in_its_order(desk: Desk) -> None:
    action = new_id()
    for position in (3, 1, 2):
        await desk.tell(invoice(bulk_action_id=action, position=position))
    urgent = await desk.tell(invoice())
    assert await desk.sender.step(desk.pool)
    assert len(await desk.ends(urgent)) == 1
    await desk.work()
    rows = await desk.pool.fetch("SELECT payload FROM outbox ORDER BY id")
    ends = [DocumentRendered.model_validate_json(row["payload"]) for row in rows]
    assert [end.position for end in ends] == [0, 1, 2, 3]
    assert await desk.pool.fetchval("SELECT count(*) FROM bulk_file") == 3


async def test_files_nobody_asked_for_within_the_retention_are_deleted_and_made_again_when_wanted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await desk.made(invoice())
    step = workers.forget_files(desk.store, retention_days=90)
    await step(desk.pool)
    assert await blobs.head(desk.store, made.said.blob_key)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now.replace(year=now.year + 1))
    await step(desk.pool)
    assert await blobs.head(desk.store, made.said.blob_key) is None
    await desk.made(invoice())


async def test_a_republish_says_every_profile_as_it_is_now_and_then_its_end(desk: Desk) -> None:
    await desk.profile(name="First")
    await desk.profile(name="Second")
    before = await desk.pool.fetchval("SELECT max(id) FROM outbox")
    command_id = await desk.tell(Republish(actor=CLERK, service="documents"))
    rows = await desk.pool.fetch("SELECT type, payload FROM outbox WHERE id > $1", before)
    assert [row["type"] for row in rows] == ["isp-profile.changed.v1"]
    assert '"name":"Second"' in rows[0]["payload"]
    await workers.end_republishes(desk.pool)
    assert await desk.ends(command_id) == []
    await desk.pool.execute("DELETE FROM outbox")
    await workers.end_republishes(desk.pool)
    assert [type(end) for end in await desk.ends(command_id)] == [CommandCompleted]


async def test_documents_are_made_over_the_wire_of_s3(desk: Desk, s3: BlobSettings) -> None:
    desk.store = blobs.open_store(s3)
    desk.sender = desk.another_sender()
    made = await desk.made(invoice())
    assert made.said.size_bytes == len(made.content)
    await blobs.delete(desk.store, [made.said.blob_key])
    await desk.made(invoice())
