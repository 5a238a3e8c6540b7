"""Operators, packages, customers and settings: whole states with versions, and named refusals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from shared.contracts.catalog import (
    BillingSettingsChanged,
    ChangeBillingSettings,
    ChangeCustomer,
    ChangeOperator,
    ChangePackage,
    CustomerChanged,
    OperatorChanged,
    PackageChanged,
)
from shared.contracts.envelope import Command, CommandRefused
from shared.ids import new_id
from tests.integration.invoicing.harness import CLERK, InvoicingHarness


async def refusal(harness: InvoicingHarness, command: Command) -> tuple[str, str | None]:
    end = await harness.ask(command)
    assert isinstance(end, CommandRefused), end
    assert (end.service, bool(end.detail)) == ("invoicing", True)
    return end.code, end.field


async def test_an_operator_knows_its_path_from_the_root(harness: InvoicingHarness) -> None:
    child = new_id()
    end = await harness.ask(harness.operator(child, "NORTH-1", harness.north))
    assert isinstance(end, OperatorChanged)
    assert end.path == (harness.root, harness.north, child)
    assert (end.invoice_prefix, end.version) == ("NORTH-1", 1)


async def test_an_operator_code_is_taken_once_in_the_installation(harness: InvoicingHarness) -> None:
    again = harness.operator(new_id(), "NORTH", harness.south)
    assert await refusal(harness, again) == ("code-taken", "code")


async def test_there_is_one_root(harness: InvoicingHarness) -> None:
    assert await refusal(harness, harness.operator(new_id(), "ISP2", None)) == ("root-exists", "parent_id")


async def test_a_creation_that_comes_again_says_the_same_and_changes_nothing(
    harness: InvoicingHarness,
) -> None:
    customer = harness.customer("C-1")
    for command in (
        harness.operator(harness.north, "NORTH", harness.root),
        harness.sells(harness.package, "Home 30", 100_000),
        customer,
        customer,
    ):
        end: Any = await harness.ask(command)
        assert end.version == 1, end


async def test_an_id_names_one_thing_only(harness: InvoicingHarness) -> None:
    await harness.ask(customer := harness.customer("C-1"))
    other = harness.customer("C-2", customer_id=customer.customer_id)
    assert await refusal(harness, other) == ("id-taken", None)
    assert await refusal(harness, harness.operator(harness.north, "OTHER", harness.root)) == (
        "id-taken",
        None,
    )


async def test_a_customer_code_is_taken_once_an_operator(harness: InvoicingHarness) -> None:
    await harness.ask(harness.customer("C-1"))
    assert await refusal(harness, harness.customer("C-1")) == ("code-taken", "code")
    elsewhere = await harness.ask(harness.customer("C-1", operator_id=harness.south))
    assert isinstance(elsewhere, CustomerChanged)


async def test_a_refused_command_leaves_its_neighbours_alone(harness: InvoicingHarness) -> None:
    ids = [new_id() for _ in range(4)]
    said = await harness.tell(
        harness.customer("C-1"),
        harness.customer("C-1"),
        harness.customer("C-2", package_id=new_id()),
        harness.customer("C-3"),
        ids=ids,
    )
    assert [each.causation_id for each in said] == ids
    kinds = [type(each.message) for each in said]
    assert kinds == [CustomerChanged, CommandRefused, CommandRefused, CustomerChanged]


async def test_nothing_outside_the_scope_can_be_seen_or_touched(harness: InvoicingHarness) -> None:
    theirs = harness.customer("S-1", operator_id=harness.south)
    await harness.ask(theirs)
    await harness.ask(harness.sells(their_package := new_id(), "South only", 1, operator_id=harness.south))
    scoped: dict[str, Any] = {"actor": CLERK, "scope": harness.north}
    for command in (
        ChangeCustomer(customer_id=theirs.customer_id, name="x", **scoped),
        ChangeOperator(operator_id=harness.south, name="x", **scoped),
        ChangeOperator(operator_id=harness.root, name="x", **scoped),
        ChangePackage(package_id=their_package, name="x", **scoped),
        harness.customer("N-1", operator_id=harness.south).model_copy(update={"scope": harness.north}),
        harness.customer("N-1", package_id=their_package).model_copy(update={"scope": harness.north}),
        harness.operator(new_id(), "X", harness.south).model_copy(update={"scope": harness.north}),
        harness.operator(new_id(), "X", None).model_copy(update={"scope": harness.north}),
    ):
        assert (await refusal(harness, command))[0] == "not-found"


async def test_what_belongs_to_everybody_is_the_roots_to_change(harness: InvoicingHarness) -> None:
    scoped: dict[str, Any] = {"actor": CLERK, "scope": harness.north}
    for command in (
        ChangePackage(package_id=harness.package, price_minor=1, **scoped),
        ChangeBillingSettings(due_days=1, **scoped),
        harness.sells(new_id(), "For all", 1).model_copy(update={"scope": harness.north}),
    ):
        assert (await refusal(harness, command))[0] == "forbidden"
    end = await harness.ask(
        ChangePackage(package_id=harness.package, price_minor=1, actor=CLERK, scope=harness.root)
    )
    assert isinstance(end, PackageChanged)


async def test_a_change_counts_up_and_a_change_of_nothing_does_not(harness: InvoicingHarness) -> None:
    await harness.ask(customer := harness.customer("C-1"))
    id = customer.customer_id

    async def change(**fields: Any) -> CustomerChanged:
        end = await harness.ask(ChangeCustomer(actor=CLERK, customer_id=id, **fields))
        assert isinstance(end, CustomerChanged)
        return end

    assert (await change(name="New name")).version == 2
    assert (await change(name="New name")).version == 2
    cleared = await change(clear_mobile=True)
    assert (cleared.mobile, cleared.version) == (None, 3)
    other = await change(alternate_mobile="+8801812345678")
    assert (other.alternate_mobile, other.version) == ("+8801812345678", 4)
    assert (await change(name="New name")).alternate_mobile == "+8801812345678"
    gone = await change(clear_alternate_mobile=True)
    assert (gone.alternate_mobile, gone.version) == (None, 5)
    moved = await change(operator_id=harness.south, status="suspended")
    assert (moved.operator_id, moved.status, moved.version) == (harness.south, "suspended", 6)


async def test_a_customer_does_not_move_to_where_their_package_is_not_sold(harness: InvoicingHarness) -> None:
    await harness.ask(harness.sells(own := new_id(), "North only", 100, operator_id=harness.north))
    await harness.ask(customer := harness.customer("C-1", package_id=own))
    move = ChangeCustomer(actor=CLERK, customer_id=customer.customer_id, operator_id=harness.south)
    assert await refusal(harness, move) == ("not-found", "package_id")


@pytest.mark.parametrize("kind", [ChangeOperator, ChangePackage, ChangeCustomer])
async def test_what_does_not_exist_is_not_found(harness: InvoicingHarness, kind: type[Command]) -> None:
    field = {"ChangeOperator": "operator_id", "ChangePackage": "package_id", "ChangeCustomer": "customer_id"}
    command = kind.model_validate({"actor": CLERK, field[kind.__name__]: new_id(), "name": "x"})
    assert await refusal(harness, command) == ("not-found", None)


async def test_settings_come_with_the_installation_and_keep_what_is_not_named(
    harness: InvoicingHarness,
) -> None:
    [first] = await harness.said_of(BillingSettingsChanged)
    assert (first.time_zone, first.currency, first.billing_from) == ("Asia/Dhaka", "BDT", "2026-12")
    end = await harness.ask(ChangeBillingSettings(actor=CLERK, due_days=15))
    assert isinstance(end, BillingSettingsChanged)
    assert (end.due_days, end.link_valid_hours, end.version) == (15, 336, 2)
    same = await harness.ask(ChangeBillingSettings(actor=CLERK, due_days=15))
    assert isinstance(same, BillingSettingsChanged)
    assert same.version == 2


async def test_a_time_zone_is_one_of_the_worlds(harness: InvoicingHarness) -> None:
    wrong = ChangeBillingSettings(actor=CLERK, time_zone="Asia/Atlantis")
    assert await refusal(harness, wrong) == ("unknown-time-zone", "time_zone")


async def test_the_currency_is_fixed_by_the_first_invoice(harness: InvoicingHarness) -> None:
    said = await harness.tell(ChangeBillingSettings(actor=CLERK, currency="USD"))
    [package] = [each.message for each in said if isinstance(each.message, PackageChanged)]
    assert (package.currency, package.version) == ("USD", 2)
    await harness.ask(harness.customer("C-1"))
    await harness.bill("2026-12")
    back = ChangeBillingSettings(actor=CLERK, currency="BDT")
    assert await refusal(harness, back) == ("currency-fixed", "currency")


async def test_a_price_changes_only_the_invoices_to_come(harness: InvoicingHarness) -> None:
    await harness.ask(harness.customer("C-1"))
    await harness.bill("2026-12")
    await harness.ask(ChangePackage(actor=CLERK, package_id=harness.package, price_minor=1, name="Home 1"))
    [row] = await harness.pool.fetch("SELECT total_minor, package_name FROM invoice")
    assert (row["total_minor"], row["package_name"]) == (105_000, "Home 30")


async def test_answers_travel_in_the_lane_of_their_command(harness: InvoicingHarness) -> None:
    said = await harness.tell(harness.customer("C-1"))
    assert [each.lane for each in said] == [0]
    assert UUID(said[0].key)
