"""A reseller sees the ISP's run that billed their customers, with what it did about these and nobody else."""

from __future__ import annotations

from shared.contracts.invoicing import RunEntry, RunProgressed
from shared.ids import new_id
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness, customer, invoice


def run_of_the_isp(harness: GatewayHarness, *entries: RunEntry, **facts: object) -> RunProgressed:
    """The automatic run: two billed, one of each side, and a few skipped."""
    body: dict[str, object] = {
        "run_id": new_id(), "kind": "automatic", "state": "completed", "period": "2026-12", "dry_run": False,
        "expected": 4, "created": 2, "already_billed": 0, "skipped": {"suspended": 2}, "failed": 0,
        "total_minor": 210_000, "currency": "BDT", "requested_by": "schedule", "operator_id": None,
        "started_at": NOW, "completed_at": NOW,
        "entries": entries, "version": 3, **facts,
    }  # fmt: skip
    return RunProgressed.model_validate(body)


async def test_a_reseller_sees_the_isps_run_with_the_figures_of_their_customers(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    suspended = customer("N9", harness.north, harness.plan)
    entries = [
        RunEntry(customer_id=each.customer_id, code=each.code, outcome="skipped", reason="suspended")
        for each in (suspended, harness.mitu)
    ]
    run = run_of_the_isp(harness, *entries)
    ours, theirs = (
        invoice(each, number).model_copy(update={"run_id": run.run_id})
        for each, number in ((harness.abdul, "NORTH-000001"), (harness.mitu, "SOUTH-000001"))
    )
    await harness.say(suspended, run, ours, theirs)
    north, root = await client_for(harness.north, "operator"), await client_for(harness.root, "admin")

    listed = (await north.get("/billing-runs")).json()["items"]
    assert [each["id"] for each in listed] == [str(run.run_id)]
    figures = {name: listed[0][name] for name in ("expected", "created", "skipped", "failed", "total_minor")}
    assert figures == {
        "expected": 2, "created": 1, "skipped": {"suspended": 1}, "failed": 0, "total_minor": 105_000
    }  # fmt: skip
    assert listed[0]["is_above"]
    assert (await north.get(f"/billing-runs/{run.run_id}")).json()["created"] == 1
    customers = (await north.get(f"/billing-runs/{run.run_id}/customers")).json()["items"]
    assert sorted(each["code"] for each in customers) == ["N1", "N9"]

    whole = (await root.get(f"/billing-runs/{run.run_id}")).json()
    assert (whole["created"], whole["is_above"]) == (2, False)


async def test_a_dry_run_and_another_resellers_run_are_nobody_elses_business(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    tried = run_of_the_isp(harness, dry_run=True)
    beside = run_of_the_isp(harness, operator_id=harness.south.operator_id)
    await harness.say(tried, beside)
    north = await client_for(harness.north, "operator")
    assert (await north.get("/billing-runs")).json()["items"] == []
    assert (await north.get(f"/billing-runs/{beside.run_id}")).status_code == 404
