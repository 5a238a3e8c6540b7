"""Payments as a list: whose they are, filters and totals, search, pages, and the same reference twice."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from shared.contracts.catalog import CustomerChanged
from shared.contracts.invoicing import InvoiceIssued
from shared.contracts.payments import PaymentRecorded
from shared.db import Pool, in_transaction
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid
from tests.integration.gateway.test_pages_answer import SWAP, signed_in

NOON = datetime(2026, 12, 5, 6, 0, tzinfo=UTC)
DESK = "http://desk.test"


def money(issued: InvoiceIssued, amount: int, version: int = 1, **changes: Any) -> PaymentRecorded:
    """A payment with some of it otherwise."""
    said = paid(issued, amount, version)
    return said.model_copy(update={"payments": (said.payments[0].model_copy(update=changes),)})


class Till:
    """Five payments: by two collectors, one taken back, one of a partner's; the last is the south's."""

    def __init__(self, harness: GatewayHarness) -> None:
        self.bills = [invoice(harness.abdul, f"NORTH-00000{place}") for place in range(1, 5)]
        self.theirs = invoice(harness.mitu, "SOUTH-000001")
        first, second, third, fourth = self.bills
        taken_back = {"reversed": True, "reversal_reason": "Wrong", "reversed_by": "n", "reversed_at": NOON}
        self.said = [
            money(
                first, 60_000, 1, recorded_by="rakib@desk.test", recorded_by_name="Rakib", reference="MR-1"
            ),
            money(
                second, 5_000, 2, paid_on=date(2026, 12, 4), recorded_by="mina@desk.test", reference="mr-1"
            ),
            money(third, 7_000, 3, method="bkash", recorded_at=NOON - timedelta(days=3), **taken_back),
            money(
                fourth,
                8_000,
                4,
                method="nagad",
                source="partner:parapay",
                recorded_by="partner:parapay",
                external_id="PP-88120431",
                recorded_at=NOON - timedelta(days=1),
            ),
            money(self.theirs, 9_000, 1, recorded_at=NOON + timedelta(hours=12, minutes=1)),
        ]

    async def fill(self, harness: GatewayHarness) -> None:
        await harness.say_batch([*self.bills, self.theirs])
        await harness.say(*self.said)

    def id(self, place: int) -> str:
        return str(self.said[place].payments[0].payment_id)


async def listed(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/payments", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def amounts(found: dict[str, Any]) -> list[int]:
    return [each["amount_minor"] for each in found["items"]]


async def test_every_filter_narrows_the_list_and_its_totals(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    till = Till(harness)
    await till.fill(harness)
    root = await client_for(harness.root, "admin")
    everything = await listed(root)
    assert amounts(everything)[0] == 9_000
    assert amounts(everything)[3:] == [8_000, 7_000]
    totals = everything["totals"]
    assert (totals["count"], totals["amount_minor"]) == (5, 82_000)
    assert (totals["reversed_count"], totals["reversed_minor"]) == (1, 7_000)
    assert totals["by_method"] == [
        {"method": "cash", "count": 3, "amount_minor": 74_000},
        {"method": "nagad", "count": 1, "amount_minor": 8_000},
    ]
    for query, expected in (
        ({"operator_id": str(harness.south.operator_id)}, [9_000]),
        ({"method": ["nagad", "bkash"]}, [8_000, 7_000]),
        ({"source": "partner"}, [8_000]),
        ({"source": "partner:parapay"}, [8_000]),
        ({"recorded_by": "rakib@desk.test"}, [60_000]),
        ({"from": "2026-12-04", "to": "2026-12-04"}, [5_000]),
        ({"recorded_from": "2026-12-06"}, [9_000]),
        ({"recorded_to": "2026-12-02"}, [7_000]),
        ({"reversed": "true"}, [7_000]),
        ({"q": "pp-8812"}, [8_000]),
        ({"q": "Mitu"}, [9_000]),
        ({"q": "S1 rahman"}, [9_000]),
    ):
        found = await listed(root, **query)
        assert amounts(found) == expected, query
        assert found["totals"]["count"] == len(expected), query
    assert sorted(amounts(await listed(root, q="MR-1"))) == [5_000, 60_000]
    counted = await listed(root, source="desk")
    assert {each["source"]: each["count"] for each in counted["totals"]["by_source"]} == {
        "desk": 4,
        "provider": 0,
        "partner": 1,
    }


async def test_payments_of_which_some_is_credit_are_counted_and_found(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    till = Till(harness)
    await till.fill(harness)
    await harness.say(money(till.theirs, 4_000, 2, credit_minor=1_500))
    desk = await signed_in(visitor, client_for, harness)
    root = await client_for(harness.root, "operator")
    found = await listed(root, with_credit="true")
    assert (amounts(found), found["totals"]["count"]) == ([4_000], 1)
    assert (await listed(root))["totals"]["with_credit_count"] == 1
    assert len(amounts(await listed(root, with_credit="false"))) == 5
    page = (await desk.get("/payments?with_credit=true")).text
    assert (
        'name="with_credit" value="true" id="with-credit" form="filters" autocomplete="off" checked' in page
    )


async def test_what_is_asked_for_wrongly_is_named(harness: GatewayHarness, client_for: ClientFor) -> None:
    root = await client_for(harness.root, "admin")
    for query, field in (
        ({"recorded_from": "2026-12-05", "recorded_to": "2026-12-04"}, "recorded_from"),
        ({"sort": "amount_minor"}, "sort"),
        ({"limit": "201"}, "limit"),
        ({"cursor": "spoilt"}, "cursor"),
        ({"reversed": "maybe"}, "reversed"),
    ):
        answer = await root.get("/payments", params=query)
        assert answer.status_code == 422, query
        assert answer.json()["errors"][0]["field"] == field


async def test_pages_follow_each_other_without_a_gap(harness: GatewayHarness, client_for: ClientFor) -> None:
    till = Till(harness)
    await till.fill(harness)
    root = await client_for(harness.root, "viewer")
    for sort in ("-recorded_at", "-paid_on"):
        whole = [each["id"] for each in (await listed(root, sort=sort))["items"]]
        read: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = await listed(root, sort=sort, limit=2, **cursor)
            read += [each["id"] for each in page["items"]]
            assert page["totals"]["count"] == 5
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert read == whole
        assert len(read) == 5


async def test_a_reseller_sees_what_was_taken_for_them_and_keeps_it_when_the_customer_moves(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    till = Till(harness)
    await till.fill(harness)
    south, north = await client_for(harness.south, "operator"), await client_for(harness.north, "viewer")
    assert amounts(await listed(south)) == [9_000]
    assert amounts(await listed(south, q="MR-1")) == []
    assert amounts(await listed(south, q="PP-88120431")) == []
    answer = await south.get("/payments", params={"operator_id": str(harness.north.operator_id)})
    assert answer.status_code == 404
    moved: CustomerChanged = harness.mitu.model_copy(
        update={"operator_id": harness.north.operator_id, "version": 2}
    )
    await harness.say(moved)
    kept = await listed(south)
    assert amounts(kept) == [9_000]
    assert kept["items"][0]["customer"] is None
    assert 9_000 not in amounts(await listed(north))


async def test_row_level_security_holds_without_the_filter(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    till = Till(harness)
    await till.fill(harness)
    async with in_transaction(gateway_pool) as tx:
        await tx.execute("SELECT set_config('app.top', $1, true)", str(harness.south.operator_id))
        rows = await tx.fetch("SELECT id FROM payment")
    assert [row["id"] for row in rows] == [UUID(till.id(4))]


async def test_programs_take_the_list_as_csv(harness: GatewayHarness, client_for: ClientFor) -> None:
    till = Till(harness)
    await till.fill(harness)
    south = await client_for(harness.south, "operator")
    answer = await south.get("/payments", headers={"Accept": "text/csv"})
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["amount_minor"], row["bill_number"], row["customer_code"]) == ("9000", "SOUTH-000001", "S1")


async def test_the_page_opens_on_today_and_shows_what_a_partner_calls_a_payment(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    till = Till(harness)
    await till.fill(harness)
    desk = await signed_in(visitor, client_for, harness)
    opened = await desk.get("/payments")
    assert opened.status_code == 303
    assert "from=" in opened.headers["location"]
    for language in ("en", "bn"):
        desk.cookies.set("desk_language", language)
        for headers in ({}, SWAP):
            for query in (
                "from=",
                "from=&by=paid",
                "q=PP-8812",
                "source=partner",
                "reversed=true",
                "q=nobody",
            ):
                page = await desk.get(f"/payments?{query}", headers=headers)
                assert page.status_code == 200, page.text[:2_000]
                assert ("PP-88120431" in page.text) == (query not in ("reversed=true", "q=nobody"))
        one = await desk.get(f"/payments/{till.id(3)}")
        assert "PP-88120431" in one.text
        assert "NORTH-000004" in one.text


async def test_a_page_can_be_turned_back(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    await Till(harness).fill(harness)
    desk = await signed_in(visitor, client_for, harness)
    desk.cookies.set("desk_rows", "25")
    many = [invoice(harness.abdul, f"NORTH-{place:06d}") for place in range(10, 50)]
    await harness.say_batch(many)
    for place, issued in enumerate(many):
        await harness.say(
            money(issued, 1_000 + place, place + 10, recorded_at=NOON + timedelta(minutes=place))
        )
    first = (await desk.get("/payments?from=")).text
    following = _link(first, "page-next")
    second = (await desk.get(following)).text
    back = _link(second, "page-previous")
    assert _rows((await desk.get(back)).text) == _rows(first)
    assert not set(_rows(first)) & set(_rows(second))


def _link(page: str, name: str) -> str:
    return page.partition(f'id="{name}" href="')[2].partition('"')[0].replace("&amp;", "&")


def _rows(page: str) -> list[str]:
    return [piece.partition('"')[0] for piece in page.split('<tr id="payment-')[1:]]


async def test_the_same_reference_twice_warns_and_refuses_nothing(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    till = Till(harness)
    await till.fill(harness)
    desk = await signed_in(visitor, client_for, harness)
    warned = (await desk.get("/payments/reference?reference=mR-1", headers=SWAP)).text
    assert f"/payments/{till.id(0)}" in warned
    assert f"/payments/{till.id(1)}" in warned
    assert "href" not in (await desk.get("/payments/reference?reference=MR-2", headers=SWAP)).text
    assert 'id="same-reference"' in (await desk.get(f"/payments/{till.id(0)}")).text
    assert 'id="same-reference"' not in (await desk.get(f"/payments/{till.id(4)}")).text
    form = (await desk.get(f"/bills/{till.theirs.invoice_id}/mark-paid", headers=SWAP)).text
    assert "/payments/reference" in form


async def test_the_answer_to_a_payment_names_those_with_the_same_reference(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    till = Till(harness)
    await till.fill(harness)
    path = f"/bills/{till.theirs.invoice_id}/payments"
    body = {"amount_minor": 1_000, "paid_on": "2026-11-20", "reference": "MR-1"}

    async def warned(client: httpx.AsyncClient, version: int) -> set[str]:
        answer = await client.post(path, json=body, headers={"Idempotency-Key": f"the {version}th"})
        assert answer.status_code == 202, answer.text
        ours = await gateway_pool.fetchval("SELECT message_id FROM outbox ORDER BY id DESC LIMIT 1")
        later = NOON + timedelta(days=version)
        said = money(till.theirs, 1_000, version, payment_id=ours, reference="MR-1", recorded_at=later)
        await harness.say(said, because=ours)
        done = (await client.get(answer.headers["location"].removeprefix("/api/v1"))).json()
        warnings = done["resource"]["warnings"]
        assert {(each["code"], each["field"]) for each in warnings} == {("repeated-reference", "reference")}
        return {each["payment_id"] for each in warnings}

    first, second = str(till.id(0)), str(till.id(1))
    assert await warned(await client_for(harness.root, "operator"), 2) == {first, second}
    # What was taken out of reach is not told: only the one that was just recorded here.
    [told] = await warned(await client_for(harness.south, "operator"), 3)
    assert told not in (first, second)
