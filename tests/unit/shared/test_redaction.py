"""What a log line may say: whoever reads it learns no secret, opens nothing and calls nobody."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

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
    ],
)
def test_ids_places_times_and_amounts_stay_whole(text: str) -> None:
    assert redact(text) == text


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
