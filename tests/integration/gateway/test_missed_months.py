"""A month that nobody ran is told, with who was not billed; a run of everybody, from above too, ends that."""

from __future__ import annotations

import httpx
import pytest

from gateway.queries import missed_months
from shared import clock
from shared.contracts.catalog import BillingSettingsChanged
from shared.ids import new_id
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, customer, invoice
from tests.integration.gateway.test_pages_answer import SWAP, signed_in
from tests.integration.gateway.test_runs_from_above import run_of_the_isp


@pytest.fixture
def months(harness: GatewayHarness) -> list[str]:
    """The months since billing began."""
    current = clock.today("Asia/Dhaka").strftime("%Y-%m")
    return missed_months.months_between("2026-01", current)


async def missed_by(client: httpx.AsyncClient) -> list[tuple[str, int]]:
    listed = (await client.get("/missed-months")).json()["items"]
    return [(each["period"], each["customers"]) for each in listed]


async def test_a_month_without_a_run_is_missed_with_those_whom_a_run_would_bill(
    harness: GatewayHarness, client_for: ClientFor, months: list[str]
) -> None:
    suspended = customer("N9", harness.north, harness.plan).model_copy(update={"status": "suspended"})
    later = customer("N8", harness.north, harness.plan).model_copy(
        update={"since": clock.today("Asia/Dhaka")}
    )
    await harness.say_batch([suspended, later])
    late = months[-2]
    for period in (each for each in months if each != late):
        await harness.say(run_of_the_isp(harness, period=period))
    await harness.say(invoice(harness.mitu, "SOUTH-000001", period=late))
    root = await client_for(harness.root, "admin")
    assert await missed_by(root) == [(late, 1)]
    total = (await root.get("/missed-months")).json()["items"][0]["total_minor"]
    assert total == 105_000
    unbilled = (await root.get(f"/missed-months/{late}/customers")).json()["items"]
    assert [each["code"] for each in unbilled] == ["N1"]
    assert await missed_by(await client_for(harness.north, "operator")) == [(late, 1)]
    assert await missed_by(await client_for(harness.south, "operator")) == []

    # Run late: it is missed no longer, though the month's bills are not all here yet.
    await harness.say(run_of_the_isp(harness, period=late, kind="requested", state="running"))
    assert await missed_by(root) == []
    assert (await root.get("/missed-months/2026-13/customers")).status_code == 422


async def test_a_dry_run_one_customer_or_another_operator_does_not_make_a_month_run(
    harness: GatewayHarness, client_for: ClientFor, months: list[str]
) -> None:
    for period in months[:-1]:
        await harness.say(run_of_the_isp(harness, period=period))
    last = months[-1]
    await harness.say(run_of_the_isp(harness, period=last, dry_run=True))
    await harness.say(
        run_of_the_isp(harness, period=last, customer_id=harness.abdul.customer_id, kind="requested")
    )
    await harness.say(
        run_of_the_isp(harness, period=last, operator_id=harness.south.operator_id, kind="requested")
    )
    north, root = await client_for(harness.north, "operator"), await client_for(harness.root, "admin")
    assert await missed_by(north) == [(last, 1)]
    assert await missed_by(root) == [(last, 2)]
    assert await missed_by(await client_for(harness.south, "operator")) == []


async def test_runs_and_the_dashboard_name_the_month_and_offer_to_run_it(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, months: list[str]
) -> None:
    for period in months[:-2]:
        await harness.say(run_of_the_isp(harness, period=period))
    desk = await signed_in(visitor, client_for, harness)
    runs = (await desk.get("/runs")).text
    assert runs.count("has not been billed") == 2
    assert f"/runs/new?period={months[-1]}" in runs
    assert "2 months have not been billed" in (await desk.get("/")).text
    old = "2024-03"
    await harness.say(
        BillingSettingsChanged(
            time_zone="Asia/Dhaka", currency="BDT", due_days=10, billing_from=old, link_valid_hours=336,
            default_vat_basis_points=500, version=2,
        )
    )  # fmt: skip
    assert f'<option value="{old}" selected>' in (await desk.get(f"/runs/new?period={old}")).text
    figures = (await desk.get(f"/runs/missed/{months[-1]}", headers=SWAP)).text
    assert "2 customers" in figures
    assert "2,100.00" in figures
    whole = (await desk.get(f"/runs/missed/{months[-1]}")).text
    assert "Abdul Rahman" in whole
    assert "Mitu Rahman" in whole
    assert (await desk.get(f"/runs/missed/{new_id()}")).status_code == 422


async def test_a_missed_month_is_left_out_by_somebody_and_brought_back(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, months: list[str]
) -> None:
    late = months[-2]
    for period in (each for each in months if each != late):
        await harness.say(run_of_the_isp(harness, period=period))
    root, north = await client_for(harness.root, "operator"), await client_for(harness.north, "operator")
    desk = await signed_in(visitor, client_for, harness)
    asked = (await desk.get(f"/runs/leave-month-out?period={late}", headers=SWAP)).text
    assert "Nobody is billed for" in asked
    assert "2 customers" in asked
    left = await root.put(f"/missed-months/{late}/left-out")
    assert (left.status_code, left.json()["period"], left.json()["is_own"]) == (200, late, True)
    assert (await root.put(f"/missed-months/{late}/left-out")).json() == left.json()
    assert (await root.put(f"/missed-months/{months[-1]}/left-out")).json()["type"].endswith("not-missed")
    # Left out for everybody below as well, who see it and cannot bring it back.
    assert (await missed_by(root), await missed_by(north)) == ([], [])
    [below] = (await north.get("/missed-months/left-out")).json()["items"]
    assert below["is_own"] is False
    assert (await north.delete(f"/missed-months/{late}/left-out")).status_code == 404
    runs = (await desk.get("/runs")).text
    assert "has not been billed" not in runs
    assert left.json()["left_by"] in runs
    assert "Bring back" in runs
    assert "Missed month left out" in (await desk.get("/activity")).text
    viewer = await client_for(harness.root, "viewer")
    assert (await viewer.delete(f"/missed-months/{late}/left-out")).status_code == 403
    assert (await root.delete(f"/missed-months/{late}/left-out")).status_code == 204
    assert await missed_by(root) == [(late, 2)]


async def test_a_reseller_leaves_a_month_out_for_itself_alone(
    harness: GatewayHarness, client_for: ClientFor, months: list[str]
) -> None:
    for period in months[:-1]:
        await harness.say(run_of_the_isp(harness, period=period))
    root, north = await client_for(harness.root, "admin"), await client_for(harness.north, "operator")
    assert (await north.put(f"/missed-months/{months[-1]}/left-out")).status_code == 200
    assert await missed_by(north) == []
    assert await missed_by(root) == [(months[-1], 2)]
