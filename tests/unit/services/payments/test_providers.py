"""Signatures and amounts, by the vectors of the providers' own documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from services.payments.domain import Charge, hold_reason, next_look
from services.payments.providers import sns
from services.payments.providers.calls import decimal_of, minor_of
from services.payments.providers.protocol import Forged, NoAnswer
from services.payments.providers.sslcommerz import check_signature
from tests.sns import HOST, PEM, notification

NOW = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)
FIELDS = {
    "amount": "1000.00", "bank_tran_id": "TESTBANK0001", "base_fair": "0.00", "card_brand": "MOBILEBANKING",
    "card_issuer": "BKash Mobile Banking", "card_issuer_country": "Bangladesh",
    "card_issuer_country_code": "BD", "card_no": "", "card_sub_brand": "Classic",
    "card_type": "BKASH-BKash", "currency": "BDT", "currency_amount": "1000.00", "currency_rate": "1.0000",
    "currency_type": "BDT", "error": "", "risk_level": "0", "risk_title": "Safe", "status": "VALID",
    "store_amount": "975.00", "store_id": "teststore001", "tran_date": "2026-03-31 23:59:30",
    "tran_id": "INV-2026-000123-1", "val_id": "TESTVAL0001", "value_a": "", "value_b": "",
    "value_c": "bill 123 & co", "value_d": "",
}  # fmt: skip
SIGNED = FIELDS | {"verify_key": ",".join(FIELDS), "verify_sign": "c6739ca6f2649a7bf1cca9f51c519558"}


def test_sslcommerz_signs_as_its_vector_says() -> None:
    check_signature(SIGNED, "test-store-pass")
    for wrong in (
        SIGNED | {"amount": "1.00"},
        SIGNED | {"verify_key": "status,tran_id"},
        {name: value for name, value in SIGNED.items() if name != "val_id"},
        SIGNED | {"verify_sign": "ক"},
    ):
        with pytest.raises(Forged):
            check_signature(wrong, "test-store-pass")
    with pytest.raises(Forged):
        check_signature(SIGNED, "another")


@pytest.mark.parametrize(
    ("said", "minor"), [("800.00", 80_000), ("100", 10_000), (Decimal("0.10"), 10), (100, 10_000)]
)
def test_amounts_of_providers_are_read_exactly(said: Any, minor: int) -> None:
    assert minor_of(said) == minor
    assert minor_of(decimal_of(minor)) == minor


@pytest.mark.parametrize("said", ["800.005", "", "NaN", "Infinity", None, "-1", "0", "1e30", [], "x"])
def test_what_is_no_amount_is_no_answer(said: Any) -> None:
    with pytest.raises(NoAnswer):
        minor_of(said)


def test_a_charge_counts_when_it_is_what_was_asked_to_the_unit() -> None:
    assert hold_reason(100, "BDT", Charge("1", 100, "BDT")) is None
    assert hold_reason(100, "BDT", Charge("1", 99, "BDT")) == "amount-mismatch"
    assert hold_reason(100, "BDT", Charge("1", 100, "USD")) == "currency-mismatch"
    assert hold_reason(100, "BDT", Charge("1", 100, "BDT", "Risky")) == "risk-flagged"


def test_a_checkout_is_asked_about_less_and_less_often() -> None:
    ends_at, minutes, now = NOW + timedelta(hours=3), [], NOW
    for _ in range(7):
        now = next_look(NOW, None, ends_at, now)
        minutes.append((now - NOW).total_seconds() / 60)
    assert minutes == [1, 5, 30, 90, 150, 180, 210]
    soon = next_look(NOW, NOW + timedelta(minutes=10), ends_at, NOW + timedelta(minutes=10))
    assert soon - NOW == timedelta(minutes=10, seconds=2)


def certificates(status: int = 200) -> tuple[sns.Certificates, list[str]]:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        headers = {"location": "https://elsewhere.example/cert.pem"} if status == 302 else {}
        return httpx.Response(status, stream=httpx.ByteStream(PEM), headers=headers)

    return sns.Certificates(httpx.AsyncClient(transport=httpx.MockTransport(answer))), asked


@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_notification_is_signed_by_a_certificate_of_its_host(version: str) -> None:
    known, asked = certificates()
    for _ in range(2):
        fields = await sns.read(notification(NOW, version=version), known, [NOW])
    assert sns.heard(fields).reference == "ref-1"
    assert asked == [f"{HOST}/cert.pem"]


@pytest.mark.parametrize(
    "changed",
    [
        {"Message": "{}"},
        {"Signature": "AAAA"},
        {"SignatureVersion": "1"},
        {"SigningCertURL": "https://evil.example/cert.pem"},
        {"SigningCertURL": "http://sns.ap-southeast-1.amazonaws.com/cert.pem"},
        {"SigningCertURL": "https://sns.x.amazonaws.com.evil.example/cert.pem"},
        {"SigningCertURL": "https://sns.x.amazonaws.com@evil.example/cert.pem"},
        {"SigningCertURL": f"{HOST}/cert.pem?x=.pem"},
        {"Type": "Other"},
    ],
)
async def test_a_forged_notification_is_refused_and_no_other_host_is_asked(changed: dict[str, str]) -> None:
    known, asked = certificates()
    with pytest.raises(Forged):
        await sns.read(notification(NOW, **changed), known, [NOW])
    assert all(url == f"{HOST}/cert.pem" for url in asked)


async def test_an_old_notification_is_refused_and_a_redirect_is_not_followed() -> None:
    known, _ = certificates()
    with pytest.raises(Forged):
        await sns.read(notification(NOW), known, [NOW + timedelta(hours=2)])
    moved, asked = certificates(302)
    with pytest.raises(NoAnswer):
        await sns.read(notification(NOW), moved, [NOW])
    assert len(asked) == 1
    with pytest.raises(Forged):
        await sns.read(b"[]", known, [NOW])
