"""Bodies: strict, bounded, and refused field by field."""

from __future__ import annotations

import json

import pytest

from gateway.problems import Problem
from gateway.schemas import billing_settings as settings_schemas
from gateway.schemas import bills as bill_schemas
from gateway.schemas import cursors, fields
from gateway.schemas import customers as customer_schemas
from gateway.schemas import packages as package_schemas
from gateway.schemas import payments as payment_schemas
from gateway.schemas import users as user_schemas


def _fields(kind: type, raw: bytes) -> set[str]:
    with pytest.raises(Problem) as refused:
        fields.read(kind, raw)
    assert refused.value.status == 422
    return {name for name, _ in refused.value.errors}


@pytest.mark.parametrize(
    "amount", ["12.0", '"12"', "true", "NaN", "null", "0", "-1", "9007199254740992", "1e3", "[]"]
)
def test_an_amount_is_a_whole_positive_number_of_minor_units(amount: str) -> None:
    assert _fields(payment_schemas.Payment, b'{"amount_minor": ' + amount.encode() + b"}") & {
        "amount_minor",
        "body",
    }


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"x"', b'{"amount_minor": 1}x'])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    assert _fields(payment_schemas.Payment, raw) == {"body"}


def test_each_wrong_field_is_named() -> None:
    raw = b'{"amount_minor": 1, "note": "a\\u0000b", "reference": "' + b"x" * 501 + b'", "colour": 1}'
    assert _fields(payment_schemas.Payment, raw) == {"note", "reference", "colour"}


def test_a_filter_takes_one_value_or_many() -> None:
    one = fields.read(bill_schemas.Filter, b'{"status": "paid"}').wanted()
    many = fields.read(bill_schemas.Filter, b'{"status": ["paid", "void"]}').wanted()
    assert one.statuses == ("paid",)
    assert many.statuses == ("paid", "void")


def test_a_cursor_of_another_list_or_a_spoilt_one_is_refused() -> None:
    cursor = cursors.seal("secret", "bills", "2026-12-01", "x")
    assert cursors.unseal("secret", "bills", cursor, 2) == ["2026-12-01", "x"]
    for spoilt in (cursor[:-2], "x", "", "é" * 8, cursor.swapcase()):
        with pytest.raises(Problem):
            cursors.unseal("secret", "bills", spoilt, 2)
    with pytest.raises(Problem):
        cursors.unseal("secret", "customers", cursor, 2)


def test_null_changes_nothing_but_takes_a_mobile_away() -> None:
    for kind in (
        customer_schemas.CustomerChange,
        package_schemas.PackageChange,
        user_schemas.UserChange,
        settings_schemas.BillingSettings,
    ):
        names = set(kind.model_fields) - kind.CLEARABLE
        assert _fields(kind, json.dumps(dict.fromkeys(names)).encode()) == names
    assert fields.read(customer_schemas.CustomerChange, b'{"mobile": null}').model_fields_set == {"mobile"}


def test_a_change_takes_days_and_ids_as_json_writes_them() -> None:
    body = b'{"since": "2026-01-01", "package_id": "01a20745-3e06-750e-93ab-6a4f485e4867"}'
    change = fields.read(customer_schemas.CustomerChange, body)
    assert (str(change.since), str(change.package_id)[:8]) == ("2026-01-01", "01a20745")


def test_a_payment_takes_the_day_as_json_writes_it_and_no_number_for_one() -> None:
    read = payment_schemas.Payment
    body = fields.read(read, b'{"amount_minor": 5, "paid_on": "2026-11-26"}')
    assert str(body.paid_on) == "2026-11-26"
    for day in (b"20261126", b'"1767225600"', b'"2026-02-31"', b"true"):
        with pytest.raises(Problem):
            fields.read(read, b'{"amount_minor": 5, "paid_on": ' + day + b"}")
