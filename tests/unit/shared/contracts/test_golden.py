"""Contracts change by addition: what the last release said still parses, and says the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.cloudevents import Poison, parse
from shared.contracts import catalog, documents, envelope, invoicing, notifications, partner, payments
from shared.contracts.envelope import Message

GOLDEN = Path(__file__).parent / "golden"
MODULES = (catalog, documents, envelope, invoicing, notifications, partner, payments)


def message_kinds() -> dict[str, type[Message]]:
    kinds: dict[str, type[Message]] = {}
    for module in MODULES:
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, Message) and "type" in vars(each):
                kinds[each.type] = each
    return kinds


KINDS = message_kinds()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_message_has_a_golden_file_that_still_parses(kind: str) -> None:
    text = (GOLDEN / f"{kind}.json").read_bytes()
    said = json.loads(parse(KINDS[kind], text).model_dump_json())
    golden = json.loads(text)
    assert _as_far_as(golden, said) == golden


def _as_far_as(golden: object, said: object) -> object:
    """What is said now, without the fields that the last release did not know."""
    if isinstance(golden, dict) and isinstance(said, dict):
        return {name: _as_far_as(value, said.get(name)) for name, value in golden.items()}
    if isinstance(golden, list) and isinstance(said, list) and len(golden) == len(said):
        return [_as_far_as(*pair) for pair in zip(golden, said, strict=True)]
    return said


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_field_of_the_next_release_is_ignored(kind: str) -> None:
    golden = json.loads((GOLDEN / f"{kind}.json").read_text())
    parse(KINDS[kind], json.dumps(golden | {"from_the_future": [1, {"a": None}]}).encode())


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("amount_minor", 12.0),
        ("amount_minor", "12"),
        ("amount_minor", True),
        ("amount_minor", 0),
        ("amount_minor", 2**63),
        ("method", "a\x00b"),
        ("currency", "taka"),
        ("payment_id", "not-a-uuid"),
        ("paid_on", "2026-02-30"),
    ],
)
def test_a_wrong_field_is_poison_that_names_it(field: str, wrong: object) -> None:
    golden = json.loads((GOLDEN / "payment.record.v1.json").read_text())
    with pytest.raises(Poison, match=field):
        parse(payments.RecordPayment, json.dumps(golden | {field: wrong}).encode())
