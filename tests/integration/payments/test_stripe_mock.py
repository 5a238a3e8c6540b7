"""What we ask of Stripe has the shape that its own mock takes, which judges by its published OpenAPI."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import pytest_asyncio

from services.payments.providers.protocol import Attempt, Declined, NoAnswer, Refund
from services.payments.providers.stripe import Stripe
from shared import outgoing
from tests import patience
from tests.tools import tool

ATTEMPT = Attempt(
    reference="r" * 22, amount=105_000, currency="BDT", number="NORTH-000001", customer_name="শারমিন আক্তার",
    mobile="+8801712345678", return_url="https://pay.example.org/paid/" + "r" * 22,
    callback_url="https://pay.example.org/webhooks/stripe", ends_at=datetime.now(UTC) + timedelta(hours=23),
    provider_id="cs_test_123", hint=None,
)  # fmt: skip
REFUND = Refund(
    refund_id="f" * 32, charge_id="pi_123", amount=500, currency="BDT", reason="paid twice", number="r" * 22,
    provider_id="cs_test_123", refund_provider_id=None,
)  # fmt: skip


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A running stripe-mock."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([tool("stripe-mock"), "-http-addr", f"127.0.0.1:{port}"])
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + patience.SECONDS
    while True:
        try:
            httpx.get(url)
            break
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait()


@pytest_asyncio.fixture
async def judged(address: str, monkeypatch: pytest.MonkeyPatch) -> Stripe:
    """Our adapter, calling the mock."""
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "development")
    client = outgoing.open_client(seconds=30.0, is_open=True)
    return Stripe({"secret_key": "sk_test_123", "webhook_secret": "whsec_1"}, address, client)


async def test_every_request_of_ours_has_a_shape_that_stripe_takes(judged: Stripe) -> None:
    await judged.check()
    for call in (judged.open(ATTEMPT), judged.ask(ATTEMPT), judged.refund(REFUND), judged.ask_refund(REFUND)):
        # What the mock answers is canned: another session than ours is no answer to us.
        with suppress(NoAnswer):
            await call


async def test_the_mock_refuses_what_stripe_would(judged: Stripe) -> None:
    with pytest.raises(Declined):
        await judged.refund(replace(REFUND, amount="much"))  # type: ignore[arg-type]
