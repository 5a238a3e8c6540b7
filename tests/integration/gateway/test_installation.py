"""Operations: processes as they say, letters and partitions that want a person, and who may decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest_asyncio
from lxml import html

from gateway.context import Gateway
from gateway.pages.web import facts
from gateway.retention import PROJECTED
from gateway.store import rebuild as rebuild_store
from shared import clock
from shared.contracts.envelope import (
    CommandRefused,
    ConsumerLag,
    DeadLetterChanged,
    ProcessReported,
    SettleDeadLetter,
    StandingPartition,
    StepOverPartition,
)
from shared.db import Connection, Pool
from shared.ids import new_id
from shared.retention import Term, forget
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness, invoice
from tests.integration.gateway.test_runs_from_above import run_of_the_isp

SWAP = {"HX-Request": "true"}


@pytest_asyncio.fixture
async def admin(
    gateway: Gateway, client_for: ClientFor, harness: GatewayHarness
) -> AsyncIterator[httpx.AsyncClient]:
    """The root's admin, signed in by cookie."""
    facts._known_facts.clear()
    await client_for(harness.root, "admin")
    transport = httpx.ASGITransport(app=app_for(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        login = {"email": "admin.isp@desk.test", "password": PASSWORD}
        client.headers["X-CSRF-Token"] = (await client.post("/api/v1/session", json=login)).json()[
            "csrf_token"
        ]
        yield client
    facts._known_facts.clear()


@pytest_asyncio.fixture
async def office(database_url: str) -> AsyncIterator[Connection]:
    """The superuser, as whom a rebuild works."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def report(process: str, ago_seconds: float = 1, **differs: Any) -> ProcessReported:
    at = clock.now() - timedelta(seconds=ago_seconds)
    schema = "gateway" if process == "projector" else process
    return ProcessReported(
        service=schema, process=process, instance=new_id(), pid=3201, host="billing-1", version="1.4.0",
        started_at=at - timedelta(days=2), at=at, ready=True, memory_bytes=96_000_000, leading=True,
        outbox_rows=2, outbox_seconds=0.2,
        lags=(ConsumerLag(subscription="commands", records=6, seconds=0.1),),
    ).model_copy(update=differs)  # fmt: skip


def standing() -> StandingPartition:
    return StandingPartition(
        id=new_id(), topic="payments.links", partition=5, handler="links", offset=20_117, next_offset=20_140,
        reason="UnsupportedCodecError: zstd", first_seen=clock.now() - timedelta(minutes=42),
    )  # fmt: skip


def letter(**differs: Any) -> DeadLetterChanged:
    return DeadLetterChanged(
        letter_id=new_id(), service="payments", subject="partner.paywell.payments", handler="partners",
        reason="no JSON: expected value", attempts=1, first_seen=NOW, state="open", version=2,
        partition=7, offset=1_902, kind="payment.received.v1",
    ).model_copy(update=differs)  # fmt: skip


async def test_each_process_is_shown_as_it_said_last_and_silence_is_named(
    admin: httpx.AsyncClient, harness: GatewayHarness
) -> None:
    held = standing()
    late = (ConsumerLag(subscription="money", records=1_411, seconds=2_520.0),)
    await harness.say(
        report("invoicing"), report("payments"), report("payments", pid=8814, leading=False),
        report("payments", pid=8815, is_bulk=True), report("gateway", 600, is_bulk=True),
        report("notifications", set_aside=(held,)), report("projector", lags=late), report("documents", 90),
    )  # fmt: skip
    body = (await admin.get("/api/v1/installation")).json()
    states = {each["name"]: each["state"] for each in body["processes"]}
    assert states == {
        "invoicing": "ready", "payments": "ready", "notifications": "standing", "documents": "silent",
        "gateway": "unknown", "projector": "behind",
    }  # fmt: skip
    payments = next(each for each in body["processes"] if each["name"] == "payments")
    assert (payments["replicas"], payments["leader"], payments["lag_records"]) == (2, 3201, 18)
    assert [each["partition"] for each in body["partitions"]] == [5]
    assert body["needs_a_person"] == 2  # one is silent, one stands still
    assert 'nav-count" aria-label="2 ' in (await admin.get("/operations")).text
    for language in ("en", "bn"):
        admin.cookies.set("desk_language", language)
        for path, headers in (("/operations", {}), ("/operations/live", SWAP)):
            page = (await admin.get(path, headers=headers)).text
            assert "UnsupportedCodecError: zstd" in page
            assert "notifications" in page


async def test_a_silent_reader_has_mended_no_partition(
    admin: httpx.AsyncClient, harness: GatewayHarness
) -> None:
    held, mended = standing(), standing()
    await harness.say(
        report("payments", 600, set_aside=(held,)), report("payments", 700, set_aside=(held, mended))
    )
    body = (await admin.get("/api/v1/installation")).json()
    assert [each["id"] for each in body["partitions"]] == [str(held.id)]
    assert body["needs_a_person"] == 2


async def test_a_process_that_died_days_ago_is_missed_until_it_speaks_again(
    admin: httpx.AsyncClient, harness: GatewayHarness
) -> None:
    days = 3 * 24 * 3_600
    await harness.say(report("documents", days), report("documents", days + 60), report("invoicing", days))
    for term in PROJECTED:
        if isinstance(term, Term) and term.table == "process_report":
            await forget([term])(harness.pool)
    assert await harness.pool.fetchval("SELECT count(*) FROM process_report") == 2
    assert (await admin.get("/api/v1/installation")).json()["needs_a_person"] == 2
    await harness.say(report("invoicing"))
    body = (await admin.get("/api/v1/installation")).json()
    states = {each["name"]: each["state"] for each in body["processes"]}
    assert (states["documents"], states["invoicing"], body["needs_a_person"]) == ("silent", "ready", 1)


async def test_nothing_is_amiss_in_an_empty_installation(admin: httpx.AsyncClient) -> None:
    page = (await admin.get("/operations")).text
    assert "No dead letters" in page
    assert "Every partition is being read." in page
    assert "ispbills view rebuild" in page
    assert "Audit the promises" in page
    assert (await admin.get("/api/v1/installation")).json()["needs_a_person"] == 0


async def test_a_run_and_a_rebuild_show_how_far_they_are(
    admin: httpx.AsyncClient, harness: GatewayHarness, office: Connection
) -> None:
    run = run_of_the_isp(
        harness, state="running", completed_at=None, expected=1_250, created=700, already_billed=40,
        skipped={"suspended": 9}, failed=3,
    )  # fmt: skip
    done = run_of_the_isp(harness, period="2026-11")
    await harness.say(run, done, *(invoice(harness.abdul, f"NORTH-00000{number}") for number in range(4)))
    holder = await rebuild_store.begin(office)
    assert holder is not None
    await harness.say(invoice(harness.mitu, "SOUTH-000001"))
    shown = {
        "en": ("752 of 1,250 customers", "3 failed", "about 1 of 5 bills"),
        "bn": ("1,250 গ্রাহকের মধ্যে 752", "3টি ব্যর্থ", "প্রায় 5টির মধ্যে 1টি বিল"),
    }
    for language, (billed, failed, rebuilt) in shown.items():
        admin.cookies.set("desk_language", language)
        for path, headers in (("/operations", {}), ("/operations/live", SWAP)):
            # The page asks the statistics, into which each connection writes when it has the time.
            await office.execute(f"ANALYZE gateway.bill, {rebuild_store.SHADOW}.bill")
            page = html.fromstring((await admin.get(path, headers=headers)).text)
            (runs,) = page.xpath("//section[@aria-labelledby='runs-title']")
            assert [each.get("href") for each in runs.iter("a")] == [f"/runs/{run.run_id}"]
            (bar,) = runs.iter("svg")
            assert (bar.get("aria-label"), bar.xpath("rect/@width")) == (billed, ["100%", "60%"])
            assert billed in runs.text_content()
            assert runs.xpath(".//*[@class='is-late']/text()") == [failed]
            (card,) = page.xpath("//section[@aria-labelledby='rebuild-title']")
            assert rebuilt in card.text_content()
            assert "ispbills view rebuild" not in card.text_content()
            assert card.xpath(".//svg/rect/@width") == ["100%", "20%"]


async def test_a_letter_is_redriven_by_a_command_to_the_service_that_keeps_it(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    parked = letter()
    await harness.say(parked)
    page = (await admin.get("/operations")).text
    assert "no JSON: expected value" in page
    assert "7 · 1,902" in page
    dialog = (await admin.get(f"/dead-letters/{parked.letter_id}/redrive", headers=SWAP)).text
    assert "handles the record of partner.paywell.payments[7] once more" in dialog
    await admin.post(f"/dead-letters/{parked.letter_id}/redrive", data={}, headers=SWAP)
    row = await gateway_pool.fetchrow("SELECT message_id, topic, payload FROM outbox")
    assert row["topic"] == "payments.commands"
    command = SettleDeadLetter.model_validate_json(row["payload"])
    assert (command.letter_id, command.action) == (parked.letter_id, "redrive")
    refused = CommandRefused(service="payments", code="still-fails", detail="no JSON", subject="x")
    await harness.say(refused, because=row["message_id"])
    operation = (await admin.get(f"/api/v1/operations/{row['message_id']}")).json()
    assert (operation["state"], operation["problem"]["status"]) == ("refused", 409)


async def test_a_decision_opens_in_the_dialog_though_the_page_around_it_is_drawn_anew(
    admin: httpx.AsyncClient, harness: GatewayHarness
) -> None:
    """What an element swaps is asked of the elements around it as well, up to one that keeps it to itself."""
    await harness.say(letter(), report("notifications", set_aside=(standing(),)))
    page = html.fromstring((await admin.get("/operations")).text)
    links = page.xpath("//*[@hx-target='#dialog']")
    assert len(links) == 4  # the audit with them
    for link in links:
        assert link.get("id"), "the focus finds it again by its id"
        around = [each for each in link.iterancestors() if "hx-swap" not in each.get("hx-disinherit", "")]
        assert [each.get("hx-swap") for each in (link, *around) if each.get("hx-swap")] == []


async def test_a_letter_is_discarded_after_its_consequence_was_named_and_only_once(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    parked = letter()
    await harness.say(parked)
    dialog = (await admin.get(f"/dead-letters/{parked.letter_id}/discard", headers=SWAP)).text
    assert "what it asked for is never done" in dialog
    await admin.post(f"/dead-letters/{parked.letter_id}/discard", data={}, headers=SWAP)
    await harness.say(parked.model_copy(update={"state": "discarded", "version": 3}))
    assert "no JSON" not in (await admin.get("/operations")).text
    again = await admin.post(f"/api/v1/dead-letters/{parked.letter_id}/discard")
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "letter-closed")
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 1


async def test_a_partition_is_stepped_over_after_what_is_lost_was_named(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    held = standing()
    await harness.say(report("notifications", set_aside=(held,)))
    dialog = (await admin.get(f"/partitions-set-aside/{held.id}/step-over", headers=SWAP)).text
    assert "from offset 20117 to 20139 are never read" in dialog
    await admin.post(f"/partitions-set-aside/{held.id}/step-over", data={}, headers=SWAP)
    row = await gateway_pool.fetchrow("SELECT topic, payload FROM outbox")
    command = StepOverPartition.model_validate_json(row["payload"])
    assert (row["topic"], command.subject, command.partition, command.offset) == (
        "notifications.commands", "payments.links", 5, 20_117,
    )  # fmt: skip
    assert "payments.links[5]@20117" in (await admin.get("/activity?kind=partition-stepped-over")).text


async def test_only_admins_of_the_root_look_at_operations(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    parked = letter()
    await harness.say(parked, report("payments"))
    for operator, role in ((harness.north, "admin"), (harness.root, "operator")):
        other = await client_for(operator, role)
        for path in ("installation", "dead-letters", f"dead-letters/{parked.letter_id}"):
            assert (await other.get(f"/{path}")).status_code == 403
        answer = await other.post(f"/dead-letters/{parked.letter_id}/discard")
        assert answer.status_code == 403


async def test_a_resellers_admin_finds_no_page_of_operations(
    gateway: Gateway, client_for: ClientFor, harness: GatewayHarness
) -> None:
    facts._known_facts.clear()
    parked, held = letter(), standing()
    await harness.say(parked, report("notifications", set_aside=(held,)))
    await client_for(harness.north, "admin")
    transport = httpx.ASGITransport(app=app_for(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as reseller:
        login = {"email": f"admin.{harness.north.code.lower()}@desk.test", "password": PASSWORD}
        session = await reseller.post("/api/v1/session", json=login)
        reseller.headers["X-CSRF-Token"] = session.json()["csrf_token"]
        assert 'href="/operations"' not in (await reseller.get("/")).text
        for path in ("/operations", "/operations/live", f"/dead-letters/{parked.letter_id}/redrive"):
            answer = await reseller.get(path, headers=SWAP)
            assert (answer.status_code, "no JSON" in answer.text) == (403, False)
        for path in (
            f"/dead-letters/{parked.letter_id}/redrive",
            f"/dead-letters/{parked.letter_id}/discard",
            f"/partitions-set-aside/{held.id}/step-over",
        ):
            assert (await reseller.post(path, data={}, headers=SWAP)).status_code == 403
    assert await harness.pool.fetchval("SELECT count(*) FROM operation") == 0
