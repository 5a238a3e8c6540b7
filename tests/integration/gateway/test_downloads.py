"""Bulk downloads: a ZIP in the order of the pile, sent while it is made; what fails leaves the rest whole."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import zipfile
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.commands import bulk_actions as bulk_action_commands
from gateway.context import Gateway
from shared import blobs
from shared.contracts.documents import DocumentFailed, DocumentRendered, MakePrintFile, RenderInvoice
from shared.contracts.envelope import CommandRefused
from shared.contracts.invoicing import InvoiceIssued
from shared.db import Pool
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness, customer, invoice, paid, voided


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def _bills(harness: GatewayHarness, count: int) -> list[InvoiceIssued]:
    made = [invoice(harness.abdul, f"NORTH-{number:06d}") for number in range(1, count + 1)]
    await harness.say_batch(made)
    return made


async def _start(client: httpx.AsyncClient, selection: dict[str, Any], **parameters: str) -> dict[str, Any]:
    body = {"action": "download_pdf", "selection": selection, "parameters": parameters}
    answer = await client.post("/bulk-actions", json=body, headers=_key())
    assert answer.status_code == 202, answer.text
    started: dict[str, Any] = answer.json()
    return started


async def _asked(pool: Pool, action: dict[str, Any]) -> list[RenderInvoice]:
    """Send what waits; return the commands of the action in the order of their positions."""
    while await bulk_action_commands.dispatch(pool):
        pass
    rows = await pool.fetch("SELECT payload FROM outbox WHERE type = $1", RenderInvoice.type)
    commands = [RenderInvoice.model_validate_json(row["payload"]) for row in rows]
    wanted = [command for command in commands if str(command.bulk_action_id) == action["id"]]
    return sorted(wanted, key=lambda command: command.position)


def _whose(command: RenderInvoice) -> dict[str, Any]:
    return {
        "document_id": command.document_id,
        "kind": "invoice",
        "subject_id": command.invoice_id,
        "customer_id": command.customer_id,
        "operator_id": command.invoice_id,
        "bulk_action_id": command.bulk_action_id,
        "position": command.position,
    }


def _content(command: RenderInvoice) -> bytes:
    return f"%PDF {command.invoice_id}".encode() * 100


async def _make(harness: GatewayHarness, gateway: Gateway, command: RenderInvoice, name: str) -> str:
    """What documents does: the file, then word of it."""
    content, key = _content(command), f"invoices/{command.invoice_id}/{command.document_id}.pdf"
    await blobs.put(gateway.blobs, key, content)
    await harness.say(
        DocumentRendered(
            **_whose(command),
            blob_key=key,
            media_type="application/pdf",
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            crc32=0,
            pages=1,
            file_name=name,
            language="en",
            paper="A4",
            as_of=NOW,
        )
    )
    return key


async def _fail(harness: GatewayHarness, command: RenderInvoice) -> None:
    await harness.say(DocumentFailed(**_whose(command), code="too-slow", detail="=It took long."))


def _path(action: dict[str, Any]) -> str:
    return f"/bulk-actions/{action['id']}/download"


def _opened(answer: httpx.Response) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer.text
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


async def _state(client: httpx.AsyncClient, action: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = (await client.get(f"/bulk-actions/{action['id']}")).json()
    return shown


async def test_a_zip_waits_for_each_file_and_holds_all_in_order(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    first, second, third = await _bills(harness, 3)
    await harness.say(paid(second, 105_000), voided(third))
    viewer = await client_for(harness.north, "viewer")
    ids = [str(each.invoice_id) for each in (third, first, second)]
    action = await _start(viewer, {"bill_ids": ids})
    assert (action["total"], action["pending"]) == (3, 3)
    commands = await _asked(gateway_pool, action)
    assert [command.invoice_id for command in commands] == [
        each.invoice_id for each in (first, second, third)
    ]
    settled = commands[1].settlement
    assert settled
    assert (settled.paid_minor, settled.balance_minor, settled.payments[0].amount_minor) == (
        105_000,
        0,
        105_000,
    )
    reading = asyncio.create_task(viewer.get(_path(action)))
    for number in (2, 1, 0):
        await asyncio.sleep(0.05)
        assert not reading.done()
        await _make(harness, gateway, commands[number], f"NORTH-00000{number + 1} মেঘনা Traders.pdf")
    archive = _opened(await reading)
    assert archive.namelist() == [f"NORTH-00000{number} মেঘনা Traders.pdf" for number in (1, 2, 3)]
    assert archive.read(archive.namelist()[0]) == _content(commands[0])
    assert archive.infolist()[0].date_time == (2026, 12, 5, 12, 0, 0)  # in Dhaka
    ended = await _state(viewer, action)
    assert (ended["state"], ended["succeeded"]) == ("completed", 3)
    items = (await viewer.get(f"/bulk-actions/{action['id']}/items")).json()["items"]
    assert {item["state"] for item in items} == {"succeeded"}


async def test_what_fails_is_said_in_a_list_beside_the_files_that_were_made(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    made = await _bills(harness, 200)
    clerk = await client_for(harness.north, "collector")
    stranger = str(uuid4())
    ids = [*(str(each.invoice_id) for each in made), stranger]
    action = await _start(clerk, {"bill_ids": ids})
    commands = await _asked(gateway_pool, action)
    assert len(commands) == 100  # the rest waits its turn, where it can be cancelled
    for number in range(200):
        commands = await _asked(gateway_pool, action)
        if number == 119:
            await _fail(harness, commands[number])
        else:
            await _make(harness, gateway, commands[number], f"{number}.pdf")
    ended = await _state(clerk, action)
    assert (ended["succeeded"], ended["failed"], ended["state"]) == (199, 2, "completed")
    answer = await clerk.get(_path(action))
    archive = _opened(answer)
    assert answer.headers["content-length"] == str(len(answer.content))
    assert (len(archive.namelist()), archive.namelist()[-1]) == (200, "errors.csv")
    rows = list(csv.reader(io.StringIO(archive.read("errors.csv").decode())))
    assert rows[1] == ["NORTH-000120", "Abdul Rahman", ids[119], "too-slow", "'=It took long."]
    assert rows[2][2:4] == [stranger, "not-found"]
    await clerk.post(f"/bulk-actions/{action['id']}/retry")
    again = (await _asked(gateway_pool, action))[-1]
    assert again.invoice_id != stranger
    retried = [command for command in await _asked(gateway_pool, action) if command.position == 120]
    assert len({command.document_id for command in retried}) == 2
    await _make(harness, gateway, retried[-1], "119.pdf")
    await _make(harness, gateway, retried[0], "119.pdf")
    assert len(_opened(await clerk.get(_path(action))).namelist()) == 201


async def test_a_download_that_was_cut_off_goes_on_in_its_edition(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    await _bills(harness, 3)
    clerk = await client_for(harness.north, "viewer")
    action = await _start(clerk, {"filter": {}})
    keys = [
        await _make(harness, gateway, command, f"{command.position}.pdf")
        for command in await _asked(gateway_pool, action)
    ]
    whole = await clerk.get(_path(action))
    tag = whole.headers["etag"]
    rest = await clerk.get(_path(action), headers={"Range": "bytes=4000-", "If-Range": tag})
    assert (rest.status_code, rest.content) == (206, whole.content[4000:])
    size = len(whole.content)
    assert rest.headers["content-range"] == f"bytes 4000-{size - 1}/{size}"
    beyond = await clerk.get(_path(action), headers={"Range": f"bytes={size + 1}-"})
    assert beyond.status_code == 416
    await blobs.delete(gateway.blobs, [keys[1]])
    waiting = asyncio.create_task(clerk.get(_path(action), headers={"Range": "bytes=4000-", "If-Range": tag}))
    while len(asked := await _asked(gateway_pool, action)) < 4:
        await asyncio.sleep(0.05)
    assert not waiting.done()
    again = [command for command in asked if command.position == 2]
    for command in again:
        await _make(harness, gateway, command, "2 again.pdf")
    assert _opened(await waiting).namelist()[1] == "2 again.pdf"
    assert (await clerk.get(_path(action))).headers["etag"] != tag


async def test_bills_lie_by_address_as_a_collector_walks(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    places = ("House 10, Road 6", "House 2, Road 6", "বাসা ৯, রোড ১০", "বাসা ৯, রোড ২")
    living = [
        customer(f"C{number}", harness.north, harness.plan).model_copy(update={"address": place})
        for number, place in enumerate(places)
    ]
    await harness.say_batch(living)
    bills = [invoice(each, f"NORTH-{number:06d}") for number, each in enumerate(living, 1)]
    await harness.say_batch(bills)
    clerk = await client_for(harness.root, "admin")
    action = await _start(clerk, {"filter": {"period": "2026-12"}}, order="address", output="print")
    order = [command.invoice_id for command in await _asked(gateway_pool, action)]
    assert order == [bills[number].invoice_id for number in (1, 0, 3, 2)]
    assert action["parameters"] == {
        "order": "address", "output": "print", "period": "2026-12", "operator_name": "x",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("order", "numbers"),
    [("number", ("A-2", "A-10", "B-1", "B-3")), ("operator", ("B-1", "B-3", "A-2", "A-10"))],
)
async def test_bills_lie_by_number_or_operator_as_people_count(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor, order: str, numbers: tuple[str, ...]
) -> None:
    living = [customer(f"C{place}", harness.north, harness.plan) for place in range(4)]
    await harness.say_batch(living)
    made = [
        invoice(each, number).model_copy(update={"operator_name": name})
        for each, number, name in zip(
            living, ("A-10", "B-3", "A-2", "B-1"), ("Zone 10", "Zone 9", "Zone 10", "Zone 9"), strict=True
        )
    ]
    await harness.say_batch(made)
    clerk = await client_for(harness.root, "admin")
    action = await _start(clerk, {"filter": {"period": "2026-12"}}, order=order, output="print")
    by_id = {each.invoice_id: each.number for each in made}
    asked = await _asked(gateway_pool, action)
    assert tuple(by_id[command.invoice_id] for command in asked) == numbers


async def test_what_has_not_been_asked_for_can_be_cancelled(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    await _bills(harness, 130)
    viewer = await client_for(harness.north, "viewer")
    action = await _start(viewer, {"filter": {}})
    commands = await _asked(gateway_pool, action)
    cancelled = (await viewer.post(f"/bulk-actions/{action['id']}/cancel")).json()
    assert (cancelled["state"], cancelled["skipped"]) == ("cancelling", 30)
    for command in commands:
        await _make(harness, gateway, command, f"{command.position}.pdf")
    assert (await _state(viewer, action))["state"] == "cancelled"
    archive = _opened(await viewer.get(_path(action)))
    assert len(archive.namelist()) == 101
    assert archive.read("errors.csv").count(b",cancelled,") == 30


async def test_the_print_file_is_had_when_all_pages_are_there(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    await _bills(harness, 2)
    viewer = await client_for(harness.north, "viewer")
    action = await _start(viewer, {"filter": {}}, output="print")
    commands = await _asked(gateway_pool, action)
    early = await viewer.get(f"{_path(action)}?as=print")
    assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (409, "still-being-made")
    for command in commands:
        await _make(harness, gateway, command, f"{command.position}.pdf")
    asked = await viewer.get(f"{_path(action)}?as=print")
    assert asked.status_code == 202
    rows = await gateway_pool.fetch("SELECT payload FROM outbox WHERE type = $1", MakePrintFile.type)
    (wanted,) = [MakePrintFile.model_validate_json(row["payload"]) for row in rows]
    assert str(wanted.bulk_action_id) == action["id"]
    assert asked.headers["location"].endswith(str(wanted.document_id))
    whose = {**_whose(commands[0]), "kind": "print-file", "document_id": wanted.document_id}
    await blobs.put(gateway.blobs, "print-files/a/b.pdf", b"%PDF all")
    await harness.say(
        DocumentRendered(
            **{**whose, "subject_id": UUID(action["id"]), "customer_id": None, "position": 0},
            blob_key="print-files/a/b.pdf", media_type="application/pdf", size_bytes=8, sha256="0" * 64,
            crc32=0, pages=2, file_name="Invoices.pdf", language="en", paper="A4", as_of=NOW,
        )
    )  # fmt: skip
    given = await viewer.get(f"{_path(action)}?as=print")
    assert (given.status_code, given.content) == (200, b"%PDF all")


async def test_another_resellers_download_is_as_an_unknown_one(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    await _bills(harness, 1)
    owner = await client_for(harness.north, "viewer")
    action = await _start(owner, {"filter": {}})
    stranger = await client_for(harness.south, "admin")
    for path in (_path(action), f"/bulk-actions/{uuid4()}/download"):
        assert (await stranger.get(path)).status_code == 404
    foreign = await _start(
        stranger, {"bill_ids": [str(command.invoice_id) for command in await _asked(gateway_pool, action)]}
    )
    assert (foreign["failed"], foreign["state"]) == (1, "completed")
    assert _opened(await stranger.get(_path(foreign))).namelist() == ["errors.csv"]
    other_viewer = await client_for(harness.root, "viewer")
    assert (await other_viewer.post(f"/bulk-actions/{action['id']}/cancel")).status_code == 403
    assert (await other_viewer.post(f"/bulk-actions/{uuid4()}/retry")).status_code == 403
    body = {"action": "mark_paid", "selection": {"filter": {}}}
    assert (await owner.post("/bulk-actions", json=body, headers=_key())).status_code == 403


async def test_what_invoicing_refuses_ends_its_item(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    await _bills(harness, 1)
    viewer = await client_for(harness.north, "viewer")
    action = await _start(viewer, {"filter": {}})
    (command,) = await _asked(gateway_pool, action)
    refusal = CommandRefused(service="invoicing", code="not-found", detail="There is no such bill.")
    await harness.say(refusal, because=command.document_id)
    assert (await _state(viewer, action))["failed"] == 1
