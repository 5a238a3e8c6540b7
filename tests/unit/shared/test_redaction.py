"""What a log line may say: whoever reads it learns no secret, opens nothing and calls nobody."""

from __future__ import annotations

import io
import json
import logging
from datetime import date
from uuid import UUID

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from shared import telemetry
from shared.redaction import HIDDEN, redact, without_secrets

SECRET = "s3cr3t-of-somebody"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://payments:{SECRET}@db/ispbills",
        f"Authorization: Bearer {SECRET}",
        f"GET /pay/{SECRET} failed",
        f"GET https://bills.example.org/portal/{SECRET}?x=1",
        f"GET /links/01980000-0000-7000-8000-000000000001/{SECRET}/portal",
        f"password={SECRET}; host=db",
        f'{{"app_secret": "{SECRET}"}}',
        f"api_key={SECRET}&to=1",
    ],
)
def test_a_text_loses_what_opens_something(text: str) -> None:
    assert SECRET not in redact(text)
    assert HIDDEN in redact(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+8801712345678 is wrong", "+880…78 is wrong"),
        ("to 01712345678", "to 0…78"),
        ("to=8801712345678", "to=880…78"),
        ("(+880 1712-345678)", "(+880…78)"),
        ("+14155550123", "+141…23"),
        ("mobile:01712345678", "mobile:0…78"),
        ('{"mobile":"01712345678"}', '{"mobile":"0…78"}'),
        ("id-01712345678", "id-0…78"),
        ("mobile_01712345678.csv", "mobile_0…78.csv"),
        ("mobile01712345678", "mobile0…78"),
        ("01712345678@example.org", "0…78@example.org"),
        ("[01712345678]", "[0…78]"),
        ("1712345678", "…78"),
        ("mobile=1712345678, 1812345679.", "mobile=…78, …79."),
        ("01712-345678/01812 345 679", "0…78/0…79"),
        ("০১৭১২৩৪৫৬৭৮ ভুল", "০…৭৮ ভুল"),
        ("মোবাইল:+৮৮০১৭১২৩৪৫৬৭৮", "মোবাইল:+৮৮০…৭৮"),
        ("১৭১২৩৪৫৬৭৮", "…৭৮"),
        ("tel:008801712345678", "tel:00880…78"),
        ("?to=%2B8801712345678&text=x", "?to=%2B880…78&text=x"),
        ("2026-11-26 01712345678", "2026-11-26 0…78"),
        ("0199b0a2-7c0e-7d4f-8123-012345678901:01712345678", "0199b0a2-7c0e-7d4f-8123-012345678901:0…78"),
    ],
)
def test_a_mobile_keeps_its_country_and_its_end(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "partner.bkash.payments[3]@1712345678",
        "0199b0a2-7c0e-7d4f-8123-012345678901",
        "2026-11-26T01:02:03.045678+00:00",
        "1234567890123 minor units",
        "invoice ISP-000123",
        "batch of 1000 in 0.123456 s",
        "01712345-1712-7712-8123-801712345678",
        "00-01712345678017123456780171234567-1712345678abcdef-01",
        "00000000000000001712345678abcdef",
        "span 1712345678abcdef",
        "17123456-78ab-7d4f-8123-abcdefabcdef",
        "offset=1712345678",
        '"next_offset": 1712345678',
        "1712345678 minor units",
        "1712345678.00",
        "BDT 1712345678",
        "৳1712345678",
        "took 0.01712345678 s",
        "t=1712345678,v1=ab",
        '"created_at": 1712345678',
        "1764214218123",
        "171234567890 records",
        "2026-01-17 12:34:56.01712345678",
        "2026-01-17T12:34:56+06:00",
        "ISP-2026-0001712345",
        "invoice 1712345678",
    ],
)
def test_ids_places_times_and_amounts_stay_whole(text: str) -> None:
    assert redact(text) == text


@given(
    st.uuids(),
    st.sampled_from(["{}", "id={} failed", "id-{}", "{}.json", "/bills/{}", "UUID('{}')", "{}:{}"]),
)
def test_any_id_stays_whole(some_id: UUID, place: str) -> None:
    for written in (str(some_id), some_id.hex, str(some_id).upper()):
        text = place.replace("{}", written)
        assert redact(text) == text


@given(
    st.from_regex(r"[1১][3-9৩-৯][0-9০-৯]{8}", fullmatch=True),
    st.sampled_from(["+880", "880", "0", "", "৮৮০", "০"]),
    st.sampled_from(["{}", "mobile:{}", "id-{}", "to={}&x=1", "'{}'", "{},{}", "({})", "নম্বর {}।", "x/{}/y"]),
)
def test_no_mobile_stays_whole_wherever_it_stands(national: str, prefix: str, place: str) -> None:
    shown = redact(place.replace("{}", prefix + national))
    assert shown == place.replace("{}", f"{prefix}…{national[-2:]}")


@pytest.mark.parametrize(
    "name",
    [
        "mobile",
        "to",
        "phone",
        "msisdn",
        "alternate_mobile",
        "recipient",
        "customer_mobile",
        "payerMsisdn",
        "Mobile",
    ],
)
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1712345678, "…78"),
        (8801712345678, "880…78"),
        (1712345678.0, "…78.0"),
        ("171234567", "…67"),
        ("+65 9123 4567", "+65…67"),
        (["01712345678", 1812345679], ["0…78", "…79"]),
        (b"01712345678", "0…78"),
        (None, None),
        ("customers", "customers"),
        (date(2026, 11, 27), "2026-11-27"),
        (UUID("0199b0a2-7c0e-7d4f-8123-012345678901"), "0199b0a2-7c0e-7d4f-8123-012345678901"),
    ],
)
def test_a_field_of_a_mobile_is_shortened_whatever_it_holds(name: str, value: object, shown: object) -> None:
    assert without_secrets(None, "info", {"of": {name: value}}) == {"of": {name: shown}}


def test_numbers_in_other_fields_stay_numbers() -> None:
    event = {"offset": 1712345678, "total_minor": 1712345678, "seconds": 1712345678.5, "is_open": True}
    assert without_secrets(None, "info", dict(event)) == event


def test_a_mobile_is_shortened_as_a_key_too() -> None:
    assert without_secrets(None, "info", {"seen": {"01712345678": 2}}) == {"seen": {"0…78": 2}}


def test_fields_are_hidden_by_their_name_however_deep() -> None:
    event = {"event": "saved", "settings": {"provider": "bkash", "app_secret": SECRET, "tries": [SECRET, 3]}}
    shown = without_secrets(None, "info", event | {"X-CSRF-Token": SECRET, "value": SECRET.encode()})
    assert shown["settings"] == {"provider": "bkash", "app_secret": HIDDEN, "tries": [SECRET, 3]}
    assert shown["X-CSRF-Token"] == HIDDEN


def test_a_line_of_the_log_bears_the_trace_and_hides_what_a_traceback_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        telemetry.configure_logging("payments")
        was = telemetry.enter_trace("00-" + "a" * 32 + "-" + "b" * 16 + "-01")
        try:
            raise ValueError(f"cannot reach postgresql://payments:{SECRET}@db for +8801712345678")
        except ValueError:
            structlog.get_logger("new").exception("it failed", command="c-1", operator="o-1")
            logging.getLogger("other").exception("so did another: Bearer %s", SECRET)
        logging.getLogger("httpx").info("HTTP Request: GET https://sms.example.org/?pass=%s", SECRET)
        telemetry.leave_trace(was)
    finally:
        logging.getLogger().handlers, logging.getLogger().level = before
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(lines) == 2
    assert {line["trace_id"] for line in lines} == {"a" * 32}
    assert (lines[0]["command"], lines[0]["operator"], lines[0]["process"]) == ("c-1", "o-1", "payments")
    assert SECRET not in written.getvalue()
    assert "1712345678" not in written.getvalue()
