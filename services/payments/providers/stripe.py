"""Stripe Checkout, through Stripe's own library over our way out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import httpx
import stripe

from services.payments.domain import Charge
from services.payments.providers.protocol import (
    Attempt,
    CredentialsRefused,
    Declined,
    Forged,
    Heard,
    NoAnswer,
    NotPaid,
    Opened,
    Outcome,
    Refund,
    Refunded,
    RefundOutcome,
    RefundPending,
    Secrets,
)
from shared.outgoing import send

HOST = "https://api.stripe.com"
SECRETS = ("secret_key", "webhook_secret")
TOLERANCE_SECONDS = 300
_SECONDS = 20.0
_RISKY = ("elevated", "highest")


class _WayOut(stripe.HTTPClient):
    """Stripe's requests over a client that leads nowhere inside."""

    name = "ispbills"

    def __init__(self, client: httpx.AsyncClient) -> None:
        super().__init__()
        self._client = client

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one request; whatever keeps it from an answer is a connection error to the library."""
        try:
            content = post_data.encode() if isinstance(post_data, str) else post_data
            request = self._client.build_request(method, url, headers=dict(headers), content=content)
            answer = await send(self._client, request, seconds=_SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise stripe.APIConnectionError(repr(error)) from error  # type: ignore[no-untyped-call]
        return answer.content, answer.status, answer.headers

    async def close_async(self) -> None:
        """The client is not ours to close."""


class Stripe:
    """One Stripe account."""

    executes = False

    def __init__(self, secrets: Secrets, base_url: str, client: httpx.AsyncClient) -> None:
        self._secrets = secrets
        self._stripe = stripe.StripeClient(
            secrets["secret_key"],
            base_addresses={"api": base_url.rstrip("/")},
            http_client=_WayOut(client),
            max_network_retries=0,
        )

    async def check(self) -> None:
        """Ask for the balance, which every secret key may see."""
        try:
            await self._stripe.v1.balance.retrieve_async()
        except (stripe.AuthenticationError, stripe.PermissionError) as error:
            raise CredentialsRefused(error.code or "", _words(error)) from error
        except stripe.StripeError as error:
            _give_up(error)

    async def open(self, attempt: Attempt) -> Opened:
        """Create a session under our reference; the same again is the same session."""
        item: Any = {
            "quantity": 1,
            "price_data": {
                "currency": attempt.currency.lower(),
                "unit_amount": attempt.amount,
                "product_data": {"name": f"Internet bill {attempt.number}"},
            },
        }
        try:
            session = await self._stripe.v1.checkout.sessions.create_async(
                {
                    "mode": "payment",
                    "line_items": [item],
                    "client_reference_id": attempt.reference,
                    "success_url": attempt.return_url,
                    "cancel_url": f"{attempt.return_url}?left=cancel",
                    "expires_at": int(attempt.ends_at.timestamp()),
                    "metadata": {"reference": attempt.reference},
                },
                {"idempotency_key": attempt.reference},
            )
        except stripe.StripeError as error:
            _give_up(error)
        if not session.url:
            raise NoAnswer("a session without a page")
        return Opened(session.id, session.url)

    async def execute(self, attempt: Attempt) -> Outcome:
        """Nothing is carried out by us."""
        return await self.ask(attempt)

    async def ask(self, attempt: Attempt) -> Outcome:
        """Retrieve the session, with its charge."""
        if attempt.provider_id is None:
            return NotPaid()
        try:
            session = await self._stripe.v1.checkout.sessions.retrieve_async(
                attempt.provider_id, {"expand": ["payment_intent.latest_charge"]}
            )
        except stripe.StripeError as error:
            _give_up(error)
        return _outcome(_plain(session), attempt)

    async def refund(self, refund: Refund) -> RefundOutcome:
        """Refund a part or all; under the same key the same again is the same refund."""
        try:
            made = await self._stripe.v1.refunds.create_async(
                {
                    "payment_intent": refund.charge_id,
                    "amount": refund.amount,
                    "metadata": {"refund_id": refund.refund_id},
                },
                {"idempotency_key": refund.refund_id},
            )
        except stripe.StripeError as error:
            _give_up(error)
        return _refund_outcome(_plain(made))

    async def ask_refund(self, refund: Refund) -> RefundOutcome:
        """Retrieve the refund, or ask again under its key."""
        if refund.refund_provider_id is None:
            return await self.refund(refund)
        try:
            answered = await self._stripe.v1.refunds.retrieve_async(refund.refund_provider_id)
        except stripe.StripeError as error:
            _give_up(error)
        return _refund_outcome(_plain(answered))


def read_callback(body: bytes, signature: str, secret: str) -> Heard:
    """Check the signature over the raw body; raises Forged, or Declined for what is no event."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_SECONDS)
        event = json.loads(text)
        about = event["data"]["object"]
        reference = about.get("client_reference_id") or (about.get("metadata") or {}).get("reference")
        return Heard(str(event["id"])[:200], str(reference or "")[:200])
    except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
        raise Forged(str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Declined("invalid", "no event of a checkout") from error


def _plain(thing: stripe.StripeObject) -> Mapping[str, Any]:
    plain: dict[str, Any] = thing.to_dict()
    return plain


def _words(error: stripe.StripeError) -> str:
    return (error.user_message or str(error))[:500]


def _give_up(error: stripe.StripeError) -> NoReturn:
    """Raise `Declined` for what Stripe refuses; all else may have happened or not."""
    if isinstance(error, stripe.InvalidRequestError | stripe.CardError | stripe.AuthenticationError):
        raise Declined(error.code or "", _words(error)) from error
    raise NoAnswer(repr(error)) from error


def _outcome(session: Mapping[str, Any], attempt: Attempt) -> Outcome:
    if session.get("client_reference_id") not in (None, attempt.reference):
        raise NoAnswer("an answer about another checkout")
    if session.get("payment_status") != "paid":
        status = str(session.get("status") or "")
        return NotPaid(status or None, is_final=status == "expired")
    intent = session.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, dict) else None
    charge_id = intent.get("id") if isinstance(intent, dict) else intent
    amount = session.get("amount_total")
    if not isinstance(amount, int) or amount <= 0:
        raise NoAnswer("paid, and no amount")
    currency = str(session.get("currency") or "?").upper()
    return (Charge(str(charge_id or session["id"]), amount, currency, _risk(charge)),)


def _risk(charge: Any) -> str | None:
    outcome = charge.get("outcome") if isinstance(charge, dict) else None
    level = outcome.get("risk_level") if isinstance(outcome, dict) else None
    return f"risk {level}" if level in _RISKY else None


def _refund_outcome(refund: Mapping[str, Any]) -> RefundOutcome:
    status = refund.get("status")
    if status == "succeeded":
        return Refunded(str(refund["id"]))
    if status in ("failed", "canceled"):
        raise Declined(str(refund.get("failure_reason") or ""), "the refund failed")
    return RefundPending(str(refund["id"]))
