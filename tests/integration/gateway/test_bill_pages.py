"""Whichever way a page of bills is read, it holds what a plain statement would, in the same order."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.access import Principal
from gateway.domain import is_overdue
from gateway.queries import bills as queries
from gateway.schemas.filters import BillFilter
from gateway.store import bills
from gateway.store.access import acting_as
from gateway.store.bill_pages import SORTS, pages
from shared.contracts.catalog import CustomerChanged, OperatorChanged, PackageChanged
from shared.db import Pool, Tx
from tests.integration.gateway.harness import (
    GatewayHarness,
    customer,
    invoice,
    operator,
    package,
    paid,
    principal_of,
    voided,
)

TODAY = date(2026, 12, 5)
LIMIT = 11
# What a group is said to cost: none is dear, as it is estimated, and all are.
COSTS = {"by group": 0.0, "as estimated": 1.5, "in order": 10.0**12}
NAMES = ("Abdul Karim", "Abdul Rahman", "Rahima Akter", "Karima Begum", "Nasrin 4711")


@dataclass
class Town:
    """A tree of operators, and bills of four months in every state, many with equal amounts and days."""

    operators: dict[str, OperatorChanged]
    packages: list[UUID]
    customers: list[CustomerChanged]


async def _town(harness: GatewayHarness, seed: int) -> Town:
    chance = random.Random(seed)
    below = [operator("NORTH-1", harness.north), operator("NORTH-2", harness.north)]
    plans = [harness.plan, package("Home 40"), package("Home 60")]
    await harness.say_batch(below)
    await harness.say_batch(plans)
    operators = [harness.root, harness.north, harness.south, *below]
    crowd = [
        _somebody(place, chance.choice(operators[1:]), chance.choice(plans), chance) for place in range(40)
    ]
    await harness.say_batch(crowd)
    await _bill(harness, crowd, chance)
    return Town({each.code: each for each in operators}, [plan.package_id for plan in plans], crowd)


def _somebody(
    place: int, of: OperatorChanged, plan: PackageChanged, chance: random.Random
) -> CustomerChanged:
    mobile, other = (f"+8801{row}{chance.randrange(10**8):08d}" for row in (7, 8))
    each = customer(f"C{place:03d}", of, plan, chance.choice(NAMES))
    return each.model_copy(update={"mobile": mobile, "alternate_mobile": other if place % 5 == 0 else None})


async def _bill(harness: GatewayHarness, crowd: list[CustomerChanged], chance: random.Random) -> None:
    issued = []
    for month in (9, 10, 11, 12):
        for place, each in enumerate(crowd):
            day = date(2026, month, chance.choice((1, 1, 1, 2, 15)))
            total = chance.choice((50_000, 105_000, 105_000, 210_000))
            issued.append(
                invoice(each, f"{month}-{place:06d}", f"2026-{month:02d}").model_copy(
                    update={
                        "issued_on": day,
                        "due_on": day + timedelta(days=chance.choice((0, 10, 10, 40))),
                        "total_minor": total,
                    }
                )
            )
    await harness.say_batch(issued)
    await harness.say_batch([paid(each, chance.choice((20_000, each.total_minor))) for each in issued[::2]])
    await harness.say_batch([voided(each) for each in issued[::9]])


def _filters(town: Town) -> list[BillFilter]:
    return [
        BillFilter(),
        BillFilter(statuses=("unpaid", "partial")),
        BillFilter(statuses=("paid",)),
        BillFilter(statuses=("void", "partial"), period="2026-10"),
        BillFilter(overdue=True),
        BillFilter(overdue=True, statuses=("partial",), package_ids=(town.packages[1],)),
        BillFilter(period="2026-11"),
        BillFilter(package_ids=tuple(town.packages[:2])),
        BillFilter(package_ids=(town.packages[2],), period="2026-12", statuses=("unpaid",)),
        BillFilter(issued_from=date(2026, 10, 2), issued_to=date(2026, 11, 30)),
        BillFilter(due_from=date(2026, 10, 11), due_to=date(2026, 11, 11)),
        BillFilter(issued_from=date(2026, 11, 1), due_to=date(2026, 11, 20), statuses=("unpaid",)),
        BillFilter(period="2025-01"),
        BillFilter(q="karim"),
        BillFilter(q="rahman abdul", statuses=("unpaid", "paid"), period="2026-11"),
        BillFilter(q="10-0000", overdue=True),
    ]


def _reaches(harness: GatewayHarness, town: Town) -> Iterator[tuple[Principal, tuple[UUID, ...], list[UUID]]]:
    """Who asks, for which operators, and whose bills those are."""
    known = town.operators
    everybody = [each.operator_id for each in known.values()]
    north = [each.operator_id for code, each in known.items() if code.startswith("NORTH")]
    only = known["NORTH-2"].operator_id
    yield principal_of(harness.root, "admin"), (), everybody
    yield (
        principal_of(harness.root, "admin"),
        (only, harness.south.operator_id),
        [only, harness.south.operator_id],
    )
    yield principal_of(harness.north, "operator"), (), north
    yield principal_of(harness.north, "operator"), (only,), [only]
    yield principal_of(known["NORTH-1"], "viewer"), (), [known["NORTH-1"].operator_id]


async def _plainly(pool: Pool, wanted: BillFilter, of: list[UUID], sort: str) -> list[dict[str, Any]]:
    """The bills as one plain statement gives them, whatever their status."""
    order = SORTS[sort]
    rows = await pool.fetch(
        f"""SELECT id, customer_id, status, due_on, total_minor, paid_minor, balance_minor
              FROM bill
             WHERE issued_on IS NOT NULL AND operator_id = ANY ($1)
               AND ($2::uuid[] = '{{}}' OR package_id = ANY ($2)) AND ($3::text IS NULL OR period = $3)
               AND ($4::date IS NULL OR issued_on >= $4) AND ($5::date IS NULL OR issued_on <= $5)
               AND ($6::date IS NULL OR due_on >= $6) AND ($7::date IS NULL OR due_on <= $7)
             ORDER BY {order.column} {order.direction}, id {order.direction}""",
        *(of, wanted.package_ids, wanted.period, wanted.issued_from, wanted.issued_to),
        *(wanted.due_from, wanted.due_to),
    )
    return [{**row, "overdue": is_overdue(row["status"], row["due_on"], TODAY)} for row in rows]


def _sort(cost: str, reach: int, place: int) -> str:
    """Return one of the sorts, by turns: each filter meets every sort, and so does each reach."""
    return list(SORTS)[(5 * list(COSTS).index(cost) + reach + place) % len(SORTS)]


def _asked_for(row: dict[str, Any], wanted: BillFilter) -> bool:
    if wanted.overdue and not row["overdue"]:
        return False
    return not wanted.statuses or row["status"] in wanted.statuses


def _added_up(rows: list[Any]) -> dict[tuple[str, bool], tuple[int, ...]]:
    sums: dict[tuple[str, bool], Counter[str]] = {}
    for row in rows:
        group = sums.setdefault((row["status"], row["overdue"]), Counter())
        is_void = row["status"] == "void"
        group["bills"] += row.get("bills", 1)
        for name in ("total_minor", "paid_minor", "balance_minor"):
            group[name] += 0 if is_void else int(row[name])
    names = ("bills", "total_minor", "paid_minor", "balance_minor")
    return {key: tuple(group[name] for name in names) for key, group in sums.items() if group["bills"]}


async def _leaf_through(tx: Tx, selection: bills.Selection, sort: str) -> tuple[list[UUID], list[Any]]:
    """Every page to the last, and what the first says of the sums."""
    read: list[UUID] = []
    after, sums = None, None
    while True:
        rows, said = await bills.listed(tx, selection, sort, LIMIT, after)
        sums = said if sums is None else sums
        read += [row["id"] for row in rows]
        if len(rows) < LIMIT:
            return read, sums
        after = (rows[-1][SORTS[sort].column], rows[-1]["id"])


@pytest.mark.parametrize("cost", COSTS)
async def test_every_sort_filter_and_reach_reads_what_a_plain_statement_would(
    harness: GatewayHarness, gateway_pool: Pool, monkeypatch: pytest.MonkeyPatch, cost: str
) -> None:
    monkeypatch.setattr(bills, "_GROUP", COSTS[cost])
    if cost == "by group":
        monkeypatch.setattr(bills, "_IN_INDEX", 0.0)
    town = await _town(harness, seed=len(cost))
    for reach, (principal, operator_ids, of) in enumerate(_reaches(harness, town)):
        for place, wanted in enumerate(_filters(town)):
            asked = replace(wanted, operator_ids=operator_ids)
            sort = _sort(cost, reach, place)
            async with acting_as(gateway_pool, principal) as tx:
                selection = await queries.select(tx, principal, asked, TODAY)
                read, sums = await _leaf_through(tx, selection, sort)
            plain = await _plainly(harness.pool, wanted, of, sort)
            if found := selection.found:
                known = {*found.customer_ids, *found.bill_ids}
                plain = [row for row in plain if row["id"] in known or row["customer_id"] in known]
            expected = [row["id"] for row in plain if _asked_for(row, wanted)]
            assert read == expected, (principal.role, sort, asked)
            assert _added_up(sums) == _added_up(plain), (principal.role, sort, asked)


@pytest.mark.parametrize("sort", ["total_minor", "-total_minor", "balance_minor", "-balance_minor"])
async def test_a_page_by_amount_looks_at_no_more_bills_than_it_shows_whatever_their_states(
    harness: GatewayHarness, gateway_pool: Pool, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    """Few are owed in part: asked for apart in an index that they share, all the others are passed."""
    monkeypatch.setattr(bills, "_GROUP", COSTS["in order"])
    crowd = [customer(f"C{place:03d}", harness.north, harness.plan) for place in range(300)]
    await harness.say_batch(crowd)
    issued = [invoice(each, f"11-{place:06d}", "2026-11") for place, each in enumerate(crowd)]
    await harness.say_batch(issued)
    await harness.say_batch([paid(each, 20_000) for each in issued[::100]])
    watched = Watched()
    monkeypatch.setattr(bills, "pages", watched)
    admin = principal_of(harness.root, "admin")
    async with acting_as(gateway_pool, admin) as tx:
        selection = await queries.select(tx, admin, BillFilter(), TODAY)
        assert len(await bills.page(tx, selection, sort, LIMIT, None)) == LIMIT
    assert 0 < watched.looked_at <= 4 * LIMIT


class Watched:
    """The statements of pages, and how many bills they looked at."""

    def __init__(self) -> None:
        self.looked_at = 0

    def __getattr__(self, name: str) -> Any:
        statement = getattr(pages, name)

        async def ask(tx: Tx, **parameters: Any) -> AsyncIterator[Any]:
            given = pages.driver_adapter.maybe_order_params(name, parameters)
            ((plan,),) = await tx.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.sql}", *given)
            self.looked_at += _looked_at(plan[0]["Plan"])
            async for row in statement(tx, **parameters):
                yield row

        return ask


def _looked_at(node: dict[str, Any]) -> int:
    rows = int(node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    of_bills = rows if node.get("Relation Name") == "bill" else 0
    return int(of_bills) + sum(_looked_at(each) for each in node.get("Plans", ()))


def _matches(each: CustomerChanged, words: tuple[str, ...]) -> bool:
    """Each word stands in the name, the code or the mobile; one of digits may be of the other mobile."""
    text = "\n".join((each.name.lower(), each.code.lower(), each.mobile or ""))
    digits = next((word for word in words if re.fullmatch(r"[+]?[0-9]{4,}", word)), None)
    others = [word for word in words if word != digits]
    is_other = digits is not None and digits in (each.alternate_mobile or "")
    return all(word in text for word in words) or (is_other and all(word in text for word in others))


async def test_a_search_finds_whoever_bears_each_of_its_words_and_nobody_else(
    harness: GatewayHarness, gateway_pool: Pool
) -> None:
    town = await _town(harness, seed=3)
    one, other = town.customers[7], town.customers[10]
    assert one.mobile is not None
    assert other.alternate_mobile is not None
    local, alternate = one.mobile.removeprefix("+88"), other.alternate_mobile.removeprefix("+88")
    first = one.name.split()[0]
    typed = [
        "karim",
        "rahman abdul",
        "c00",
        "c012",
        "nasrin 4711",
        "4711",
        "017",
        "+88017",
        "zzz",
        "50%",
        "a_d",
    ]
    typed += [local, local[-8:], local[-6:], f"{local[:5]}-{local[5:]}", f"{first} {local}", f"{local} zzz"]
    typed += [
        alternate,
        alternate[-6:],
        f"{other.name} {alternate}",
        f"karim 01 {local[-5:]}",
        f"c0 {local[:6]}",
    ]
    for principal in (principal_of(harness.root, "admin"), principal_of(harness.north, "operator")):
        reach = {
            each.operator_id
            for each in town.operators.values()
            if principal.top is None or each.operator_id == principal.top or each.parent_id == principal.top
        }
        within = [
            each for each in (*town.customers, harness.abdul, harness.mitu) if each.operator_id in reach
        ]
        async with acting_as(gateway_pool, principal) as tx:
            for text in typed:
                search = await queries.search_of(tx, text)
                expected = {
                    each.customer_id for each in within if any(_matches(each, words) for words in search.ways)
                }
                found = await bills.find(tx, principal.top, search)
                assert set(found.customer_ids) == expected, text
