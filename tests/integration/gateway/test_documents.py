"""Documents as files: given when there, asked for when not, never anybody else's."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest

from gateway.context import Gateway
from gateway.store import gateways as gateway_store
from shared import blobs
from shared.consumer import refuse_command
from shared.contracts.documents import (
    DocumentFailed,
    DocumentRendered,
    RenderInvoice,
    RenderReceipt,
    RenderStatement,
)
from shared.contracts.envelope import Command, CommandRefused
from shared.contracts.invoicing import InvoiceIssued
from shared.db import Pool, in_transaction
from shared.ids import new_id
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness, invoice, paid, voided
from tests.integration.gateway.test_imports import signed_in

PDF = b"%PDF-1.7 a bill"


async def _issued(harness: GatewayHarness) -> InvoiceIssued:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    return issued


def _path(issued: InvoiceIssued) -> str:
    return f"/bills/{issued.invoice_id}/invoice.pdf"


C = TypeVar("C", bound=Command)


async def _said(pool: Pool, kind: type[C]) -> list[tuple[UUID, C]]:
    rows = await pool.fetch("SELECT message_id, payload FROM outbox WHERE type = $1 ORDER BY id", kind.type)
    return [(row["message_id"], kind.model_validate_json(row["payload"])) for row in rows]


async def _asked(pool: Pool) -> list[tuple[UUID, RenderInvoice]]:
    return await _said(pool, RenderInvoice)


async def _render(
    harness: GatewayHarness, gateway: Gateway, issued: InvoiceIssued, document_id: UUID, content: bytes = PDF
) -> str:
    """What documents does: the file, then word of it."""
    key = f"invoices/{issued.invoice_id}/{document_id}.pdf"
    await blobs.put(gateway.blobs, key, content)
    await harness.say(_rendered(issued, document_id, key, content))
    return key


def _rendered(issued: InvoiceIssued, document_id: UUID, key: str, content: bytes) -> DocumentRendered:
    return DocumentRendered(
        **_whose(issued, document_id),
        blob_key=key,
        media_type="application/pdf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        crc32=0,
        pages=1,
        file_name="NORTH-000001 মেঘনা Traders.pdf",
        language="en",
        paper="A4",
        as_of=NOW,
    )


def _whose(issued: InvoiceIssued, document_id: UUID) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "kind": "invoice",
        "subject_id": issued.invoice_id,
        "customer_id": issued.customer_id,
        "operator_id": issued.operator_id,
    }


def _operation(answer: httpx.Response) -> UUID:
    assert answer.status_code == 202, answer.text
    return UUID(answer.headers["Location"].rpartition("/")[2])


async def test_a_bill_is_asked_for_once_and_then_given_as_it_is(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    operation = _operation(await viewer.get(_path(issued)))
    assert _operation(await viewer.get(_path(issued))) == operation
    ((command_id, command),) = await _asked(gateway_pool)
    assert (command_id, command.document_id, command.invoice_id) == (operation, operation, issued.invoice_id)
    assert command.scope == harness.north.operator_id
    await _render(harness, gateway, issued, operation)
    given = await viewer.get(_path(issued))
    assert (given.status_code, given.headers["content-type"], given.content) == (200, "application/pdf", PDF)
    assert given.headers["content-length"] == str(len(PDF))
    ended = (await viewer.get(f"/operations/{operation}")).json()
    assert (ended["state"], ended["resource"]["url"]) == ("completed", f"/api/v1{_path(issued)}")
    assert len(await _asked(gateway_pool)) == 1


async def test_the_answer_is_the_file_when_it_is_made_in_time(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    asking = asyncio.create_task(viewer.get(_path(issued)))
    while not (asked := await _asked(gateway_pool)):
        await asyncio.sleep(0.01)
    await _render(harness, gateway, issued, asked[0][0])
    given = await asking
    assert (given.status_code, given.content) == (200, PDF)


async def test_a_file_is_saved_under_its_name_in_any_script(
    harness: GatewayHarness, gateway: Gateway, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    await _render(harness, gateway, issued, _operation(await viewer.get(_path(issued))))
    said = (await viewer.get(_path(issued))).headers["content-disposition"]
    assert said == (
        'attachment; filename="NORTH-000001 Traders.pdf"; '
        "filename*=UTF-8''NORTH-000001%20%E0%A6%AE%E0%A7%87%E0%A6%98%E0%A6%A8%E0%A6%BE%20Traders.pdf"
    )


async def test_a_bill_that_was_paid_or_voided_since_is_another_file(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    await _render(harness, gateway, issued, _operation(await viewer.get(_path(issued))))
    await harness.say(paid(issued, 5_000))
    _operation(await viewer.get(_path(issued)))
    _operation(await viewer.get(f"{_path(issued)}?language=bn&paper=A5"))
    await harness.say(voided(issued))
    _operation(await viewer.get(_path(issued)))
    unpaid, partly, in_bengali, _void = [command for _, command in await _asked(gateway_pool)]
    assert unpaid.settlement
    assert partly.settlement
    assert (unpaid.settlement.paid_minor, unpaid.settlement.payments) == (0, ())
    assert (partly.settlement.paid_minor, partly.settlement.balance_minor) == (5_000, 100_000)
    assert [each.amount_minor for each in partly.settlement.payments] == [5_000]
    assert (in_bengali.language, in_bengali.paper) == ("bn", "A5")


async def test_another_resellers_bill_is_as_an_unknown_one(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    owner = await client_for(harness.north, "viewer")
    await _render(harness, gateway, issued, _operation(await owner.get(_path(issued))))
    stranger = await client_for(harness.south, "operator")
    for path in (_path(issued), "/bills/0197f3a0-0000-7000-8000-000000000000/invoice.pdf"):
        refused = await stranger.get(path)
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (404, "not-found")
    assert len(await _asked(gateway_pool)) == 1


async def test_a_file_that_is_gone_is_made_again(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    key = await _render(harness, gateway, issued, _operation(await viewer.get(_path(issued))))
    await blobs.delete(gateway.blobs, [key])
    again = _operation(await viewer.get(_path(issued)))
    await _render(harness, gateway, issued, again, b"%PDF again")
    assert (await viewer.get(_path(issued))).content == b"%PDF again"


@pytest.mark.parametrize("code", ["too-slow", "render-failed", "store-unavailable"])
async def test_a_failed_rendering_says_why_and_is_tried_again_by_asking_again(
    harness: GatewayHarness, gateway: Gateway, client_for: ClientFor, code: Any
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    operation = _operation(await viewer.get(_path(issued)))
    await harness.say(DocumentFailed(**_whose(issued, operation), code=code, detail="It took too long."))
    ended = (await viewer.get(f"/operations/{operation}")).json()
    assert (ended["state"], ended["problem"]["status"]) == ("refused", 503)
    assert ended["problem"]["type"].endswith(f"/{code}")
    assert "It took too long. To try again" in ended["problem"]["detail"]
    again = _operation(await viewer.get(_path(issued)))
    assert again != operation
    await _render(harness, gateway, issued, again)
    assert (await viewer.get(_path(issued))).content == PDF


async def test_a_page_that_waits_in_vain_says_why_and_offers_to_try_again(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    issued = await _issued(harness)
    await signed_in(await client_for(harness.north, "viewer"), visitor)
    visitor.base_url = httpx.URL("http://desk.test")
    asked = await visitor.get(_path(issued))
    assert asked.status_code == 303
    waiting = asked.headers["location"]
    assert "The PDF is being made" in (await visitor.get(waiting)).text
    document_id = UUID(waiting.split("/documents/")[1].split("?")[0])
    failed = DocumentFailed(**_whose(issued, document_id), code="too-slow", detail="It took too long.")
    await harness.say(failed)
    told = await visitor.get(waiting)
    assert told.status_code == 503
    assert "The PDF could not be made" in told.text
    assert "The document took too long to be made." in told.text
    assert f'href="{_path(issued)}">Try again' in told.text


async def test_what_documents_refuses_is_told_to_who_asked(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    asking = asyncio.create_task(viewer.get(f"{_path(issued)}?paper=80mm"))
    while not (asked := await _asked(gateway_pool)):
        await asyncio.sleep(0.01)
    refusal = CommandRefused(
        service="documents",
        code="paper-is-a-roll",
        detail="A roll prints receipts.",
        field="paper",
        subject=str(asked[0][0]),
    )
    await harness.say(refusal, because=UUID(int=7))
    refused = await asking
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        [{"field": "paper", "detail": "A roll prints receipts."}],
    )


async def test_a_look_that_nobody_has_is_refused(harness: GatewayHarness, client_for: ClientFor) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    refused = await viewer.get(f"{_path(issued)}?paper=A0&language=en")
    assert (refused.status_code, json.loads(refused.content)["errors"][0]["field"]) == (422, "paper")


async def test_a_customer_has_their_own_bills_as_files_and_nobody_elses(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, visitor: httpx.AsyncClient
) -> None:
    issued = await _issued(harness)
    own = gateway.portals.url(harness.abdul.customer_id, 0)
    others = gateway.portals.url(harness.mitu.customer_id, 0)
    bill = f"/bills/{issued.invoice_id}/invoice.pdf"
    waiting = await visitor.get(own + bill)
    assert (waiting.status_code, "refresh" in waiting.text) == (200, True)
    ((document_id, command),) = await _asked(gateway_pool)
    assert command.scope == harness.north.operator_id
    await _render(harness, gateway, issued, document_id)
    given = await visitor.get(own + bill)
    assert (given.content, given.headers["x-robots-tag"]) == (PDF, "noindex, nofollow")
    for portal in (others, own[:-2]):
        assert (await visitor.get(portal + bill)).status_code == 404


async def test_a_customer_has_their_own_receipts_and_statement_and_nobody_elses(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, visitor: httpx.AsyncClient
) -> None:
    issued = await _issued(harness)
    said = paid(issued, 105_000)
    await harness.say(said)
    own = gateway.portals.url(harness.abdul.customer_id, 0)
    others = gateway.portals.url(harness.mitu.customer_id, 0)
    receipt = f"/payments/{said.payments[0].payment_id}/receipt.pdf"
    page = (await visitor.get(own)).text
    assert receipt in page
    assert "/statement.pdf" in page
    for path, kind in ((receipt, RenderReceipt), ("/statement.pdf", RenderStatement)):
        waiting = await visitor.get(own + path)
        assert (waiting.status_code, "refresh" in waiting.text) == (200, True)
        ((document_id, command),) = await _said(gateway_pool, kind)
        assert command.scope == harness.north.operator_id
        await _render(harness, gateway, issued, document_id)
        given = await visitor.get(own + path)
        assert (given.content, given.headers["x-robots-tag"]) == (PDF, "noindex, nofollow")
    for address in (others + receipt, own[:-2] + "/statement.pdf", own + "/statement.pdf?from=nonsense"):
        assert (await visitor.get(address)).status_code == 404
    assert len(await _said(gateway_pool, RenderStatement)) == 1


async def test_a_receipt_says_what_a_payment_settled_and_left_over(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    said = paid(issued, 150_000)
    await harness.say(said)
    path = f"/payments/{said.payments[0].payment_id}/receipt.pdf"
    clerk = await client_for(harness.north, "collector")
    document_id = _operation(await clerk.get(f"{path}?paper=80mm"))
    ((_, command),) = await _said(gateway_pool, RenderReceipt)
    assert (command.document_id, command.paper) == (document_id, "80mm")
    assert (command.amount_minor, command.credit_minor, command.balance_minor) == (150_000, 45_000, 0)
    (settled,) = command.settles
    assert (settled.number, settled.settled_minor, settled.open_minor) == ("NORTH-000001", 105_000, 0)
    await _render(harness, gateway, issued, document_id)
    assert (await clerk.get(f"{path}?paper=80mm")).content == PDF
    stranger = await client_for(harness.south, "operator")
    assert (await stranger.get(path)).status_code == 404


async def test_a_statement_adds_up_and_is_the_same_as_a_file(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    earlier, issued, wrong = (
        invoice(harness.abdul, f"NORTH-00000{place}", period)
        for place, period in enumerate(("2026-11", "2026-12", "2026-12"), 1)
    )
    await harness.say_batch([earlier, issued, wrong])
    await harness.say(paid(issued, 60_000), voided(wrong))
    clerk = await client_for(harness.north, "viewer")
    path, days = f"/customers/{harness.abdul.customer_id}/statement", "?from=2026-12-01&to=2026-12-31"
    said = (await clerk.get(path + days)).json()
    assert (said["opening_minor"], said["closing_minor"]) == (105_000, 150_000)
    assert [
        (each["on"], each["kind"], each["billed_minor"], each["paid_minor"]) for each in said["entries"]
    ] == [
        ("2026-12-01", "bill", 105_000, 0),
        ("2026-12-01", "bill", 105_000, 0),
        ("2026-12-05", "void", -105_000, 0),
        ("2026-12-05", "payment", 0, 60_000),
    ]
    assert said["entries"][-1]["balance_minor"] == said["closing_minor"]
    _operation(await clerk.get(f"{path}.pdf{days}"))
    ((_, command),) = await _said(gateway_pool, RenderStatement)
    assert (command.opening_minor, command.closing_minor) == (105_000, 150_000)
    assert len(command.entries) == 4
    stranger = await client_for(harness.south, "operator")
    for ending in ("", ".pdf"):
        assert (await stranger.get(path + ending)).status_code == 404
    assert (await clerk.get(f"{path}?from=2026-12-02&to=2026-12-01")).status_code == 422


async def test_a_statement_is_the_same_on_the_page_and_as_csv(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    earlier = invoice(harness.abdul, "NORTH-000001", "2026-11")
    issued = invoice(harness.abdul, "NORTH-000002", "2026-12")
    await harness.say_batch([earlier, issued])
    await harness.say(paid(issued, 60_000))
    clerk = await client_for(harness.north, "viewer")
    path = f"/customers/{harness.abdul.customer_id}/statement"
    days = "?from=2026-12-01&to=2026-12-31"

    raw = await clerk.get(path + days, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(raw.text)))
    said = (await clerk.get(path + days)).json()
    assert [row["kind"] for row in rows] == ["opening", "bill", "payment", "closing"]
    assert [int(row["balance_minor"]) for row in rows] == [
        said["opening_minor"], *(each["balance_minor"] for each in said["entries"]), said["closing_minor"],
    ]  # fmt: skip
    moved = [int(row["billed_minor"]) - int(row["paid_minor"]) for row in rows[1:-1]]
    assert said["opening_minor"] + sum(moved) == said["closing_minor"] == 150_000

    await signed_in(clerk, visitor)
    page = (await visitor.get(f"http://desk.test{path}{days}")).text
    for shown in ("Opening balance", "1,050.00", "2,100.00", "NORTH-000002", "600.00", "1,500.00"):
        assert shown in page, shown
    assert f"{path}.pdf{days}".replace("&", "&amp;") in page
    text = (await visitor.get(f"http://desk.test{path}.csv{days}")).content.decode("utf-8-sig")
    for_people = list(csv.DictReader(io.StringIO(text)))
    assert [row["Balance"] for row in for_people] == ["1050.00", "2100.00", "1500.00", "1500.00"]
    assert (await visitor.get(f"http://desk.test{path}?from=2026-12-02&to=2026-12-01")).status_code == 422
    # Days as a clerk types them, in the order of the installation.
    typed = (await visitor.get(f"http://desk.test{path}?from=01/12/2026&to=31/12/2026")).text
    assert f"{path}.pdf{days}".replace("&", "&amp;") in typed
    assert 'name="from" value="01/12/2026"' in typed
    assert (await visitor.get(f"http://desk.test{path}?from=31/31/2026")).status_code == 422


async def test_a_rendering_that_became_a_dead_letter_ends_what_was_asked_for(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    operation = _operation(await viewer.get(_path(issued)))
    handed_on = [("ce_id", str(new_id()).encode()), ("ce_causationid", str(operation).encode())]
    record = SimpleNamespace(headers=handed_on)
    async with in_transaction(gateway_pool) as tx:
        await refuse_command("documents")(tx, record, "ValueError: no such letter")
    row = await gateway_pool.fetchrow("SELECT payload FROM outbox WHERE type = $1", CommandRefused.type)
    await harness.say(CommandRefused.model_validate_json(row["payload"]), because=UUID(int=7))
    ended = (await viewer.get(f"/operations/{operation}")).json()
    assert (ended["state"], ended["problem"]["status"]) == ("refused", 500)
    assert _operation(await viewer.get(_path(issued))) != operation


async def test_a_bill_that_can_be_paid_online_bears_the_address(
    harness: GatewayHarness,
    gateway: Gateway,
    gateway_pool: Pool,
    client_for: ClientFor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issued = await _issued(harness)
    viewer = await client_for(harness.north, "viewer")
    _operation(await viewer.get(_path(issued)))

    async def ways(_tx: Any, operator_ids: Any) -> dict[UUID, list[str]]:
        return {operator_id: ["bkash"] for operator_id in operator_ids}

    monkeypatch.setattr(gateway_store, "payment_ways", ways)
    _operation(await viewer.get(_path(issued)))
    await harness.say(paid(issued, 105_000))
    _operation(await viewer.get(_path(issued)))
    offline, online, settled = [command.pay_url for _, command in await _asked(gateway_pool)]
    assert online == gateway.portals.url(harness.abdul.customer_id, 0)
    assert (offline, settled) == (None, None)
