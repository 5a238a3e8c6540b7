"""Every filter lives in the address; an odd one never breaks the page."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain import shifted
from gateway.pages.bill_address import BillAddress
from gateway.pages.web.preferences import own_address


def test_an_address_says_what_it_was_read_from() -> None:
    operator = str(uuid4())
    filters = "status=unpaid&status=partial&overdue=true&period=2026-12&q=nusrat&sort=due_on"
    query = f"operator_id={operator}&{filters}"
    address = BillAddress.of(query)
    assert BillAddress.of(address.to().partition("?")[2]) == address
    assert address.filter().statuses == ("unpaid", "partial")


def test_a_range_takes_the_place_of_the_month() -> None:
    address = BillAddress.of("period=2026-12&from=2026-11-01&to=2026-11-30")
    assert address.period == ""
    assert str(address.filter().issued_from) == "2026-11-01"


def test_changing_a_filter_begins_the_list_anew() -> None:
    assert "cursor" not in BillAddress.of("period=2026-12&cursor=abc").to(statuses=("paid",))


@given(st.text(max_size=300))
def test_no_query_breaks_the_page(query: str) -> None:
    BillAddress.of(query).filter()
    BillAddress.of(query).to()


@given(
    st.sampled_from(["period", "from", "to", "operator_id", "status", "limit", "sort", "cursor"]),
    st.text(max_size=40),
)
def test_no_value_breaks_the_page(name: str, value: str) -> None:
    BillAddress.of(f"{name}={value}").filter()


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert shifted("2026-12", 1) == "2027-01"
    assert shifted("2026-01", -1) == "2025-12"


def test_nobody_is_sent_to_another_site() -> None:
    for address in ("https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "bills"):
        assert own_address(address) == "/bills"
    assert own_address("/bills?q=a") == "/bills?q=a"


def test_a_place_in_the_list_says_which_row_it_begins_with() -> None:
    address = BillAddress.of("period=2026-12&cursor=abc&row=51")
    assert address.row == 51
    assert BillAddress.of(address.to(cursor="def", row=101).partition("?")[2]).row == 101
    assert "row" not in address.to(statuses=("paid",))
    assert BillAddress.of("row=0").odd == (("row", "0"),)


def test_due_dates_that_end_before_they_begin_are_named_and_filter_nothing() -> None:
    address = BillAddress.of("due_from=2026-12-02&due_to=2026-12-01&status=paid")
    assert (address.due_from, address.due_to) == ("", "")
    assert address.odd == (("due", "2026-12-02/2026-12-01"),)
    assert str(BillAddress.of("due_to=2026-12-01").filter().due_to) == "2026-12-01"
