"""Close of day at the desk: whose day may be seen and signed, what the sheet says, and what changed since."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
from asyncpg import Pool

from shared.contracts.payments import CloseDay, CollectedBy, DayClosed
from shared.ids import new_id
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice
from tests.integration.gateway.test_pages_answer import SWAP, signed_in
from tests.integration.gateway.test_payment_list import money

DAY = date(2026, 11, 20)
EVENING = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def closed(harness: GatewayHarness, collector: str | None = None, **differs: Any) -> DayClosed:
    """A closing as payments says it."""
    fields: dict[str, Any] = {
        "closing_id": new_id(),
        "operator_id": harness.north.operator_id,
        "collector": collector,
        "collector_name": "Rakib" if collector else None,
        "day": DAY,
        "currency": "BDT",
        "lines": (CollectedBy(method="cash", source="desk", payments=1, amount_minor=60_000),),
        "payments": 1,
        "collected_minor": 60_000,
        "cash_minor": 60_000,
        "late_payments": 0,
        "late_minor": 0,
        "reversed_payments": 0,
        "reversed_minor": 0,
        "expected_minor": 60_000,
        "counted_minor": 59_000,
        "note": "Too much change",
        "closed_by": "boss@desk.test",
        "closed_by_name": "Boss",
        "closed_at": EVENING,
        "version": 1,
    }
    return DayClosed(**(fields | differs))


async def fill(harness: GatewayHarness, collector: str) -> list[str]:
    """Three payments of the day: cash and bKash of a collector, and one of somebody else's."""
    bills = [invoice(harness.abdul, f"NORTH-00000{place}", "2026-11") for place in range(1, 4)]
    await harness.say_batch(bills)
    facts = {"paid_on": DAY, "recorded_at": EVENING - timedelta(hours=2)}
    said = [
        money(bills[0], 60_000, 1, recorded_by=collector, **facts),
        money(bills[1], 20_000, 2, recorded_by=collector, method="bkash", **facts),
        money(bills[2], 9_000, 3, recorded_by="other@desk.test", **facts),
    ]
    await harness.say(*said)
    return [str(each.payments[0].payment_id) for each in said]


async def sheet(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/closings/sheet", params={"day": str(DAY), **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_open_day_says_what_is_expected_in_hand(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.north, "collector")
    email = "collector.north@desk.test"
    await fill(harness, email)
    own = await sheet(clerk, collector=email)
    assert (own["state"], own["collected_minor"], own["expected_minor"]) == ("open", 80_000, 60_000)
    assert [(line["method"], line["hand_over_minor"]) for line in own["lines"]] == [
        ("bkash", 0),
        ("cash", 60_000),
    ]
    operators = await sheet(clerk)
    assert (operators["operator"]["name"], operators["expected_minor"]) == ("Operator NORTH", 69_000)


async def test_a_closed_day_keeps_its_figures_and_names_what_changed_since(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.north, "collector")
    email = "collector.north@desk.test"
    await fill(harness, email)
    end = closed(harness, email)
    await harness.say(end, end)
    late = invoice(harness.abdul, "NORTH-000009", "2026-11")
    await harness.say(late)
    after = money(late, 4_000, 9, paid_on=DAY, recorded_by=email, recorded_at=EVENING + timedelta(minutes=1))
    await harness.say(after)
    shown = await sheet(clerk, collector=email)
    assert (shown["state"], shown["collected_minor"]) == ("closed", 60_000)
    assert shown["closing"]["difference_minor"] == -1_000
    assert [(each["kind"], each["amount_minor"]) for each in shown["corrections"]] == [("late", 4_000)]
    following = await sheet(clerk, collector=email, day=str(DAY + timedelta(days=1)))
    assert (following["late_minor"], following["expected_minor"]) == (4_000, 4_000)
    listed = (await clerk.get("/closings", params={"collector": email})).json()
    assert [each["id"] for each in listed["items"]] == [str(end.closing_id)]
    assert (await clerk.get(f"/closings/{end.closing_id}")).json()["counted_minor"] == 59_000


async def test_signing_asks_payments_with_the_figures_that_were_seen(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    boss = await client_for(harness.north, "operator")
    await client_for(harness.north, "collector")
    email = "collector.north@desk.test"
    body = {"day": str(DAY), "collector": email, "expected_minor": 60_000, "counted_minor": 60_000}
    answer = await boss.post("/closings", json=body, headers={"Idempotency-Key": "close-1"})
    assert answer.status_code == 202, answer.text
    row = await gateway_pool.fetchrow("SELECT kind, type, payload FROM operation WHERE kind = 'day-closed'")
    assert row is not None
    command = CloseDay.model_validate_json(row["payload"])
    assert (command.collector, command.operator_id, command.expected_minor) == (
        email,
        harness.north.operator_id,
        60_000,
    )


async def test_who_may_not_sign_is_told_so_and_what_is_wrong_is_named(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk, viewer = await client_for(harness.north, "collector"), await client_for(harness.north, "viewer")
    boss, south = await client_for(harness.north, "operator"), await client_for(harness.south, "operator")
    email = "collector.north@desk.test"
    body = {"day": str(DAY), "expected_minor": 0, "counted_minor": 0}
    theirs = {**body, "collector": email}
    operators = {**body, "operator_id": str(harness.north.operator_id)}

    async def slug(client: httpx.AsyncClient, said: dict[str, Any]) -> tuple[int, str]:
        answer = await client.post("/closings", json=said, headers={"Idempotency-Key": str(new_id())})
        return answer.status_code, str(answer.json().get("type", "")).rsplit("/", 1)[-1]

    assert await slug(viewer, theirs) == (403, "forbidden")
    assert await slug(clerk, operators) == (403, "forbidden")
    assert (await slug(clerk, theirs))[0] == 202
    assert await slug(south, theirs) == (404, "not-found")
    assert await slug(south, operators) == (404, "not-found")
    assert (await slug(boss, {**body, "counted_minor": 1, "collector": email}))[1] == "not-explained"
    assert (await slug(boss, body))[0] == 422
    assert (await slug(boss, {**theirs, "day": "2199-01-01"}))[0] == 422
    await harness.say(closed(harness, email))
    assert await slug(boss, theirs) == (409, "day-closed")


async def test_a_closed_day_is_seen_within_its_subtree_and_nowhere_else(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    end = closed(harness)
    await harness.say(end)
    root, south = await client_for(harness.root, "admin"), await client_for(harness.south, "operator")
    assert len((await root.get("/closings")).json()["items"]) == 1
    assert (await south.get("/closings")).json()["items"] == []
    assert (await south.get(f"/closings/{end.closing_id}")).status_code == 404
    answer = await south.get("/closings/sheet", params={"operator_id": str(harness.north.operator_id)})
    assert answer.status_code == 404


async def test_the_pages_of_a_day_answer_in_both_languages(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    desk = await signed_in(visitor, client_for, harness)
    email = "collector.north@desk.test"
    await client_for(harness.north, "collector")
    await fill(harness, email)
    north = str(harness.north.operator_id)
    end = closed(harness, email)
    await harness.say(end)
    for language in ("en", "bn"):
        desk.cookies.set("desk_language", language)
        for query in ("", f"?operator_id={north}&day={DAY}", f"?collector={email}&day={DAY}", "?day=soon"):
            page = await desk.get(f"/close-of-day{query}")
            assert page.status_code == 200, page.text[:2_000]
        for headers in ({}, SWAP):
            form = await desk.get(f"/close-of-day/sign?operator_id={north}&day={DAY}", headers=headers)
            assert form.status_code == 200, form.text[:2_000]
        opened = await desk.get(f"/closings/{end.closing_id}")
        assert opened.headers["location"] == f"/close-of-day?day={DAY}&collector=collector.north%40desk.test"
    desk.cookies.set("desk_language", "en")
    said = (await desk.get("/close-of-day/difference?expected=69000&counted=680")).text
    assert "10.00 short" in said
    form = await desk.get(f"/close-of-day/sign?operator_id={north}&day={DAY}")
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.text))
    assert hidden["expected"] == "69000"
    answer = await desk.post("/close-of-day/sign", data={**hidden, "counted": "680", "note": ""})
    assert answer.status_code == 422
    assert "Say why" in answer.text
    answer = await desk.post("/close-of-day/sign", data={**hidden, "counted": "680", "note": "Change"})
    assert answer.status_code == 303, answer.text[:2_000]
    assert "/operations/" in answer.headers["location"]
