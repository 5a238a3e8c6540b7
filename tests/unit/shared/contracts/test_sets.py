"""The two readers of a set of invoices, the contract's and the quick one, say the same of whatever comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.cloudevents import Poison, parse
from shared.contracts import sets
from shared.contracts.invoicing import InvoicesIssued
from shared.contracts.sets import InvoiceSet

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "golden" / f"{InvoicesIssued.type}.json").read_text()
)
PLACES = (
    *((name,) for name in GOLDEN),
    *(("invoices", place, name) for place in (0, 1) for name in GOLDEN["invoices"][0]),
    *(("packages", 0, name) for name in GOLDEN["packages"][0]),
    *(("operators", 0, name) for name in GOLDEN["operators"][0]),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=205)
VALUES = st.one_of(
    TEXTS,
    st.sampled_from(["a\x00b", "\\u0000", "x" * 200, "x" * 201, "", "019a0000-0000-7000-8000-00000000000g"]),
    st.uuids().map(str),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([None, True, [], {}, [{}], "2026-02-30", "2026-12-01", 1.0]),
)


def changed(at: tuple[Any, ...], value: Any, *, left_out: bool) -> bytes:
    """The golden set with something else at a place, or with nothing there."""
    whole = json.loads(json.dumps(GOLDEN))
    part = whole
    for step in at[:-1]:
        part = part[step]
    if left_out:
        del part[at[-1]]
    else:
        part[at[-1]] = value
    return json.dumps(whole).encode()


def answer(kind: type[Any], value: bytes) -> Any:
    try:
        said = parse(kind, value)
    except Poison:
        return "refused"
    if isinstance(said, InvoicesIssued):
        return [row.model_dump(mode="json") for row in said.invoices], said.model_dump(exclude={"invoices"})
    rows = [{name: getattr(row, name) for name in row.__struct_fields__} for row in said.rows]
    return rows, said.shared.model_dump()


@given(st.sampled_from(PLACES), VALUES, st.booleans())
def test_both_readers_take_and_refuse_the_same(at: tuple[Any, ...], value: Any, left_out: bool) -> None:
    record = changed(at, value, left_out=left_out)
    assert answer(InvoiceSet, record) == answer(InvoicesIssued, record)


@given(st.binary(max_size=50))
def test_both_readers_refuse_what_is_no_set_at_all(value: bytes) -> None:
    assert answer(InvoiceSet, value) == answer(InvoicesIssued, value) == "refused"


def test_a_field_of_the_next_release_is_ignored_in_a_row_too() -> None:
    record = changed(("invoices", 0, "from_the_future"), [1], left_out=False)
    assert answer(InvoiceSet, record) == answer(InvoicesIssued, record) != "refused"


def test_what_is_nested_too_deep_is_refused_and_has_no_parts() -> None:
    value = b'{"invoices":' + b"[" * 100_000
    assert answer(InvoiceSet, value) == "refused"
    assert sets.split(value) == ()


def test_a_set_that_is_taken_apart_and_joined_is_the_same() -> None:
    value = json.dumps(GOLDEN).encode()
    parts = sets.split(value)
    assert [len(InvoiceSet.read(part).rows) for part in parts] == [1, 1]
    assert json.loads(sets.join(parts)) == GOLDEN


@given(st.lists(TEXTS.filter(lambda text: "\x00" not in text), min_size=1, max_size=5))
def test_joined_texts_come_apart_as_they_were(texts: list[str]) -> None:
    whole = sets.joined({"texts": texts})
    assert whole["texts"].split(whole["separator"]) == texts
