"""Importing customers: line by line, counted once, and harmless the second time."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from shared import clock
from shared.contracts.catalog import (
    CustomerChanged,
    CustomerLine,
    CustomersImported,
    ImportCustomers,
    LineDefaults,
    UndoImport,
)
from shared.ids import new_id
from tests.integration.invoicing.harness import CLERK, InvoicingHarness


def line(number: int, code: str, **differs: Any) -> CustomerLine:
    fields: dict[str, Any] = {
        "customer_id": new_id(),
        "name": f"Customer {code}",
        "mobile": None,
        "address": "Dhaka",
        "operator": "NORTH",
        "package": "Home 30",
        "status": "active",
        "billing_cycle": "monthly",
        "since": date(2026, 1, 1),
    }
    return CustomerLine(line=number, code=code, **(fields | differs))


def chunk(*lines: CustomerLine, import_id: UUID | None = None, **differs: Any) -> ImportCustomers:
    return ImportCustomers(actor=CLERK, import_id=import_id or new_id(), lines=lines, **differs)


async def report(harness: InvoicingHarness, command: ImportCustomers) -> CustomersImported:
    end = await harness.ask(command)
    assert isinstance(end, CustomersImported)
    return end


def counts(end: CustomersImported) -> tuple[int, int, int, int]:
    return end.created, end.updated, end.unchanged, len(end.refused)


async def test_a_file_imported_again_changes_nothing(harness: InvoicingHarness) -> None:
    lines = [line(n, f"C-{n}") for n in range(2, 502)]
    assert counts(await report(harness, chunk(*lines))) == (500, 0, 0, 0)
    again = [each.model_copy(update={"customer_id": new_id()}) for each in lines]
    assert counts(await report(harness, chunk(*again))) == (0, 0, 500, 0)
    customers = await harness.said_of(CustomerChanged)
    assert len(customers) == 500
    assert {each.customer_id for each in customers} == {each.customer_id for each in lines}


async def test_a_known_code_is_updated_and_keeps_its_id(harness: InvoicingHarness) -> None:
    await report(harness, chunk(first := line(2, "C-1")))
    assert counts(await report(harness, chunk(line(2, "C-1", name="Renamed"), line(3, "C-2")))) == (
        1,
        1,
        0,
        0,
    )
    [updated] = [each for each in await harness.said_of(CustomerChanged) if each.name == "Renamed"]
    assert (updated.customer_id, updated.version) == (first.customer_id, 2)


async def test_wrong_lines_are_refused_with_a_reason_and_the_others_imported(
    harness: InvoicingHarness,
) -> None:
    end = await report(
        harness,
        chunk(
            line(2, "C-1"),
            line(3, "C-1", name="Twice"),
            line(4, "C-2", operator="NOBODY"),
            line(5, "C-3", package="Nothing"),
            line(6, "C-1", operator="SOUTH"),
        ),
    )
    assert (end.created, [(each.line, each.code, each.reason) for each in end.refused]) == (
        2,
        [
            (3, "C-1", "duplicate code"),
            (4, "C-2", "unknown operator “NOBODY”"),
            (5, "C-3", "unknown package “Nothing”"),
        ],
    )


async def test_a_duplicate_is_found_across_the_chunks_of_a_file(harness: InvoicingHarness) -> None:
    import_id = new_id()
    await report(harness, chunk(line(2, "C-1"), import_id=import_id))
    second = await report(harness, chunk(line(502, "C-1", name="Twice"), import_id=import_id))
    assert (counts(second), second.refused[0].reason) == ((0, 0, 0, 1), "duplicate code")


async def test_a_reseller_imports_only_into_its_subtree(harness: InvoicingHarness) -> None:
    end = await report(harness, chunk(line(2, "A"), line(3, "B", operator="SOUTH"), scope=harness.north))
    assert (end.created, [each.reason for each in end.refused]) == (1, ["unknown operator “SOUTH”"])


async def test_of_two_packages_with_one_name_the_nearest_is_meant(harness: InvoicingHarness) -> None:
    await harness.ask(harness.sells(own := new_id(), "Home 30", 90_000, operator_id=harness.north))
    await report(harness, chunk(line(2, "A"), line(3, "B", operator="SOUTH")))
    by_code = {each.code: each.package_id for each in await harness.said_of(CustomerChanged)}
    assert by_code == {"A": own, "B": harness.package}
    await harness.ask(harness.sells(new_id(), "Home 30", 80_000, operator_id=harness.north))
    end = await report(harness, chunk(line(2, "C")))
    assert [each.reason for each in end.refused] == ["several packages of this name"]


async def test_a_redelivered_chunk_answers_once(harness: InvoicingHarness) -> None:
    command, command_id = chunk(line(2, "C-1")), new_id()
    await harness.tell(command, ids=[command_id])
    again = await harness.tell(command, command, ids=[command_id, command_id])
    assert [each.causation_id for each in again] == [command_id]  # the answer, once more, and nothing else
    assert counts(await report(harness, command)) == (0, 0, 1, 0)


async def test_an_import_is_said_in_the_bulk_lane(harness: InvoicingHarness) -> None:
    said = await harness.tell(chunk(line(2, "C-1"), line(3, "C-2")))
    assert [each.lane for each in said] == [1, 1, 1]
    assert isinstance(said[-1].message, CustomersImported)


async def test_an_id_in_use_is_not_given_to_another_code(harness: InvoicingHarness) -> None:
    await report(harness, chunk(first := line(2, "C-1")))
    assert counts(await report(harness, chunk(line(2, "C-2", customer_id=first.customer_id)))) == (1, 0, 0, 0)
    ids = [each.customer_id for each in await harness.said_of(CustomerChanged)]
    assert len(set(ids)) == 2


async def test_a_chunk_without_lines_is_answered(harness: InvoicingHarness) -> None:
    assert counts(await report(harness, chunk())) == (0, 0, 0, 0)


KEEPS: dict[str, Any] = dict.fromkeys(
    ("name", "mobile", "address", "operator", "package", "status", "billing_cycle", "since")
)


async def test_an_empty_cell_keeps_what_a_known_customer_has(harness: InvoicingHarness) -> None:
    known = line(2, "C-1", mobile="+8801711000412", status="suspended", billing_cycle="daily")
    await report(harness, chunk(known))
    assert counts(await report(harness, chunk(line(2, "C-1", **KEEPS)))) == (0, 0, 1, 0)
    changes = KEEPS | {"operator": "NORTH", "mobile": "+8801711000999"}
    assert counts(await report(harness, chunk(line(2, "C-1", **changes)))) == (0, 1, 0, 0)
    [first, second] = sorted(await harness.said_of(CustomerChanged), key=lambda each: each.version)
    assert (second.mobile, second.status, second.billing_cycle) == ("+8801711000999", "suspended", "daily")
    assert second.model_dump(exclude={"mobile", "version"}) == first.model_dump(exclude={"mobile", "version"})


async def test_an_alternate_mobile_is_kept_changed_and_cleared_by_a_file(harness: InvoicingHarness) -> None:
    both = line(2, "C-1", mobile="+8801711000412", alternate_mobile="+8801811000412")
    assert counts(await report(harness, chunk(both))) == (1, 0, 0, 0)
    assert counts(await report(harness, chunk(line(2, "C-1", **KEEPS)))) == (0, 0, 1, 0)
    other = KEEPS | {"alternate_mobile": "+8801811000999"}
    assert counts(await report(harness, chunk(line(2, "C-1", **other)))) == (0, 1, 0, 0)
    clears = KEEPS | {"clear": ("alternate_mobile",)}
    assert counts(await report(harness, chunk(line(2, "C-1", **clears)))) == (0, 1, 0, 0)
    said = sorted(await harness.said_of(CustomerChanged), key=lambda each: each.version)
    assert [each.alternate_mobile for each in said] == ["+8801811000412", "+8801811000999", None]
    assert {each.mobile for each in said} == {"+8801711000412"}


async def test_an_undone_import_gives_the_alternate_mobile_back(harness: InvoicingHarness) -> None:
    await report(harness, chunk(line(2, "C-1", alternate_mobile="+8801811000412")))
    wanted, chunk_id = chunk(line(2, "C-1", alternate_mobile="+8801811000999")), new_id()
    await harness.tell(wanted, ids=[chunk_id])
    assert (await undone(harness, wanted.import_id, chunk_id)).refused == ()
    said = sorted(await harness.said_of(CustomerChanged), key=lambda each: each.version)
    assert [each.alternate_mobile for each in said][-2:] == ["+8801811000999", "+8801811000412"]


async def test_a_new_customer_gets_the_default_for_an_empty_cell(harness: InvoicingHarness) -> None:
    given = KEEPS | {"name": "New", "operator": "NORTH", "package": "Home 30"}
    assert counts(await report(harness, chunk(line(2, "C-9", **given)))) == (1, 0, 0, 0)
    [made] = await harness.said_of(CustomerChanged)
    assert (made.status, made.billing_cycle, made.mobile, made.address) == ("active", "monthly", None, "")
    assert made.since == clock.today("Asia/Dhaka")


async def test_a_new_customer_without_name_operator_or_package_is_told_all_that_is_missing(
    harness: InvoicingHarness,
) -> None:
    end = await report(
        harness, chunk(line(2, "C-1", **KEEPS), line(3, "C-2", **(KEEPS | {"operator": "NORTH"})))
    )
    assert [[reason.field for reason in each.reasons] for each in end.refused] == [
        ["operator"],
        ["package", "name"],
    ]


async def test_what_is_cleared_is_empty_and_nothing_else(harness: InvoicingHarness) -> None:
    await report(harness, chunk(line(2, "C-1", mobile="+8801711000412")))
    cleared = line(2, "C-1", **KEEPS, clear=("mobile", "address"))
    assert counts(await report(harness, chunk(cleared))) == (0, 1, 0, 0)
    [_, after] = sorted(await harness.said_of(CustomerChanged), key=lambda each: each.version)
    assert (after.mobile, after.address, after.name) == (None, "", "Customer C-1")


async def test_operators_and_packages_are_found_whatever_case_and_blanks(harness: InvoicingHarness) -> None:
    end = await report(harness, chunk(line(2, "C-1", operator="north", package="HOME\u00a0 30")))
    assert counts(end) == (1, 0, 0, 0)


async def test_a_code_in_two_operators_needs_the_operators_name(harness: InvoicingHarness) -> None:
    await report(harness, chunk(line(2, "C-1"), line(3, "C-1", operator="SOUTH")))
    end = await report(harness, chunk(line(2, "C-1", **(KEEPS | {"name": "Whose"}))))
    assert [each.reason for each in end.refused] == ["several customers have this code"]
    # A reseller reaches one of the two only.
    reached = chunk(line(2, "C-1", **(KEEPS | {"name": "Ours"})), scope=harness.north)
    assert counts(await report(harness, reached)) == (0, 1, 0, 0)


async def test_one_customer_named_in_two_ways_is_taken_once(harness: InvoicingHarness) -> None:
    await report(harness, chunk(line(2, "C-1")))
    twice = chunk(line(2, "C-1", name="First"), line(3, "C-1", **(KEEPS | {"name": "Second"})))
    end = await report(harness, twice)
    assert (counts(end), end.refused[0].reason) == ((0, 1, 0, 1), "duplicate code")


ELSEWHERE = "the code “C-1” is known at NORTH: say whether it is the same customer (twins)"


async def test_the_same_code_at_another_operator_waits_for_a_decision(harness: InvoicingHarness) -> None:
    await report(harness, chunk(first := line(2, "C-1")))
    south = line(2, "C-1", operator="SOUTH", name="Whose")
    end = await report(harness, chunk(south))
    assert (counts(end), end.refused[0].reason) == ((0, 0, 0, 1), ELSEWHERE)
    assert counts(await report(harness, chunk(south, twins="update"))) == (0, 1, 0, 0)
    newest = max(await harness.said_of(CustomerChanged), key=lambda each: each.version)
    assert (newest.customer_id, newest.name) == (first.customer_id, "Whose")
    assert newest.operator_id == harness.south
    assert counts(await report(harness, chunk(line(2, "C-1"), twins="create"))) == (1, 0, 0, 0)


async def test_a_code_that_lost_its_zeros_or_its_case_waits_for_a_decision(harness: InvoicingHarness) -> None:
    await report(harness, chunk(line(2, "00123"), line(3, "ab-1")))
    end = await report(harness, chunk(line(2, "123"), line(3, "AB-1")))
    assert [each.reasons[0].code for each in end.refused] == ["CodeAlike", "CodeAlike"]
    assert counts(await report(harness, chunk(line(2, "123", name="Same"), twins="update"))) == (0, 1, 0, 0)
    assert "00123" in {each.code for each in await harness.said_of(CustomerChanged) if each.name == "Same"}
    assert counts(await report(harness, chunk(line(2, "123"), twins="create"))) == (1, 0, 0, 0)


async def test_one_file_may_name_a_code_at_two_operators_in_whatever_chunk(harness: InvoicingHarness) -> None:
    import_id = new_id()
    assert counts(await report(harness, chunk(line(2, "C-1"), import_id=import_id))) == (1, 0, 0, 0)
    other = chunk(line(502, "C-1", operator="SOUTH"), import_id=import_id)
    assert counts(await report(harness, other)) == (1, 0, 0, 0)


async def test_defaults_are_for_new_customers(harness: InvoicingHarness) -> None:
    await report(harness, chunk(line(2, "C-1", status="suspended")))
    defaults = LineDefaults(operator="SOUTH", package="Home 30", status="active", billing_cycle="daily")
    known = line(2, "C-1", **(KEEPS | {"mobile": "+8801711000999"}))
    new = line(3, "C-2", **(KEEPS | {"name": "New"}))
    assert counts(await report(harness, chunk(known, new, defaults=defaults))) == (1, 1, 0, 0)
    by_code = {(each.code, each.version): each for each in await harness.said_of(CustomerChanged)}
    kept, made = by_code["C-1", 2], by_code["C-2", 1]
    assert (kept.status, kept.billing_cycle, kept.operator_id) == ("suspended", "monthly", harness.north)
    assert (made.status, made.billing_cycle, made.operator_id) == ("active", "daily", harness.south)


async def test_another_systems_count_from_one_does_not_rename_somebody_elses_customers(
    harness: InvoicingHarness,
) -> None:
    await report(harness, chunk(line(2, "1")))
    stranger = line(2, "1", **(KEEPS | {"name": "Somebody else"}))
    end = await report(harness, chunk(stranger, defaults=LineDefaults(operator="SOUTH", package="Home 30")))
    assert [each.reasons[0].code for each in end.refused] == ["CodeElsewhere"]


async def test_all_faults_of_a_line_are_told_at_once(harness: InvoicingHarness) -> None:
    end = await report(harness, chunk(line(2, "C-1", operator="NOPE", package="Nope", name=None)))
    assert [each.field for each in end.refused[0].reasons] == ["operator", "package"]


async def undone(
    harness: InvoicingHarness, import_id: UUID, chunk_id: UUID, *paying: UUID
) -> CustomersImported:
    undo = UndoImport(actor=CLERK, import_id=new_id(), undoes=import_id, chunk_id=chunk_id, paying=paying)
    end = await harness.ask(undo)
    assert isinstance(end, CustomersImported)
    return end


async def test_an_import_is_taken_back_what_it_made_is_closed_and_what_it_changed_restored(
    harness: InvoicingHarness,
) -> None:
    await report(harness, chunk(line(2, "C-1"), line(3, "C-2")))
    wanted = chunk(
        line(2, "C-1", name="Renamed"), line(3, "C-2", operator="SOUTH"), line(4, "C-3"), twins="update"
    )
    await harness.tell(wanted, ids=[chunk_id := new_id()])
    end = await undone(harness, wanted.import_id, chunk_id)
    assert (end.updated, end.closed, end.refused) == (2, 1, ())
    newest = {
        each.code: each for each in sorted(await harness.said_of(CustomerChanged), key=lambda e: e.version)
    }
    assert newest["C-1"].name == "Customer C-1"
    assert newest["C-2"].operator_id == harness.north
    assert newest["C-3"].status == "closed"
    again = await undone(harness, wanted.import_id, chunk_id)
    assert (again.updated, again.closed, again.refused) == (0, 0, ())
    # The corrected file makes them customers again.
    given = KEEPS | {"name": "Customer C-3", "operator": "NORTH"}
    await report(harness, chunk(line(2, "C-3", **given)))
    assert max(await harness.said_of(CustomerChanged), key=lambda each: each.version).status == "active"


async def test_what_was_changed_or_billed_since_stays_with_a_reason(harness: InvoicingHarness) -> None:
    wanted = chunk(line(2, "C-1"), line(3, "C-2"))
    await harness.tell(wanted, ids=[chunk_id := new_id()])
    await report(harness, chunk(line(2, "C-1", name="Since")))
    await harness.bill("2026-12")
    end = await undone(harness, wanted.import_id, chunk_id)
    assert [(each.code, each.reasons[0].code) for each in end.refused] == [
        ("C-1", "ChangedSince"),
        ("C-2", "BilledSince"),
    ]
    assert (end.updated, end.closed) == (0, 0)


async def newest_of(harness: InvoicingHarness, code: str) -> CustomerChanged:
    said = [each for each in await harness.said_of(CustomerChanged) if each.code == code]
    return max(said, key=lambda each: each.version)


async def test_a_field_that_somebody_changed_since_stays_and_the_others_go_back(
    harness: InvoicingHarness,
) -> None:
    await report(harness, chunk(line(2, "C-1", address="Old street", mobile="+8801711000412")))
    wanted = chunk(line(9, "C-1", name="Renamed", address="New street", mobile="+8801711000999"))
    await harness.tell(wanted, ids=[chunk_id := new_id()])
    # By hand, since: one field of the import's, and one that the import left alone.
    await report(harness, chunk(line(2, "C-1", **(KEEPS | {"address": "By hand", "status": "suspended"}))))
    end = await undone(harness, wanted.import_id, chunk_id)
    assert (end.updated, end.closed, end.partly) == (1, 0, 1)
    assert end.restored == {"name": 1, "mobile": 1}
    [kept] = end.refused
    assert (kept.line, kept.code) == (9, "C-1")
    assert [(each.field, each.code) for each in kept.reasons] == [("address", "ChangedSince")]
    now = await newest_of(harness, "C-1")
    assert (now.name, now.mobile) == ("Customer C-1", "+8801711000412")
    assert (now.address, now.status) == ("By hand", "suspended")


async def test_who_was_put_back_by_hand_is_neither_restored_nor_kept(harness: InvoicingHarness) -> None:
    await report(harness, chunk(line(2, "C-1")))
    wanted = chunk(line(2, "C-1", name="Renamed"))
    await harness.tell(wanted, ids=[chunk_id := new_id()])
    await report(harness, chunk(line(2, "C-1")))
    end = await undone(harness, wanted.import_id, chunk_id)
    assert (end.updated, end.unchanged, end.refused) == (0, 1, ())


async def test_a_customer_whom_money_came_from_since_is_not_closed(harness: InvoicingHarness) -> None:
    wanted = chunk(line(2, "C-1"), line(3, "C-2"))
    await harness.tell(wanted, ids=[chunk_id := new_id()])
    payer = await newest_of(harness, "C-1")
    end = await undone(harness, wanted.import_id, chunk_id, payer.customer_id)
    assert [(each.code, each.reasons[0].code) for each in end.refused] == [("C-1", "PaidSince")]
    assert ((await newest_of(harness, "C-1")).status, (await newest_of(harness, "C-2")).status) == (
        "active",
        "closed",
    )


async def test_an_import_says_whom_it_made_and_changed(harness: InvoicingHarness) -> None:
    await report(harness, chunk(line(2, "C-1")))
    end = await report(harness, chunk(line(2, "C-1", name="Renamed"), line(3, "C-2"), line(4, "C-1")))
    assert sorted(each.version for each in end.changed) == [1, 2]
