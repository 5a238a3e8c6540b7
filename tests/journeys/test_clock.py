"""The 1st of the month arrives by itself."""

from __future__ import annotations

from tests.journeys.stack import Body, Office, own_stack, signed_in
from tests.patience import until

NEW_YEARS_EVE = "2026-12-31T23:59:50+06:00"


async def january_run(office: Office) -> Body | None:
    runs = await office.all("/billing-runs")
    return next(
        (
            run
            for run in runs
            if (run["kind"], run["period"], run["state"]) == ("automatic", "2027-01", "completed")
        ),
        None,
    )


async def test_the_first_of_the_month_bills_everybody_once() -> None:
    with own_stack(29_800) as stack:
        stack.up()
        async with signed_in(stack) as office:
            await make_customers(office)
        stack.down()
        stack.up("--clock", NEW_YEARS_EVE)
        async with signed_in(stack) as office:
            run = await until(lambda: january_run(office), "the run of January")
            assert (run["expected"], run["created"]) == (3, 3)
            await office.ran(run["id"])  # a run ends with its last invoice, which shows a moment later
            bills = (await office.get("/bills", period="2027-01"))["items"]
            assert {bill["issued_on"] for bill in bills} == {"2027-01-01"}
        await stack.audit()


async def make_customers(office: Office) -> None:
    root = next(each for each in await office.all("/operators") if each["parent_id"] is None)
    body = {"name": "Home", "price_minor": 100_000, "vat_basis_points": 500}
    package = await office.post("/packages", body)
    for number in range(3):
        customer = {
            "code": f"C-{number}",
            "name": f"Customer {number}",
            "operator_id": root["id"],
            "package_id": package["id"],
            "since": "2026-01-01",
        }
        await office.post("/customers", customer)
