"""bKash tokenized checkout: created, agreed to by the customer, executed once, then queried."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from services.payments.domain import Charge
from services.payments.providers.calls import Calls, decimal_of, minor_of, text_of
from services.payments.providers.protocol import (
    Attempt,
    CredentialsRefused,
    Declined,
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
from services.payments.providers.tokens import Token, Tokens

HOST = "https://tokenized.pay.bka.sh"
SECRETS = ("app_key", "app_secret", "username", "password")
OPTIONAL = ("topic_arn",)  # the one SNS topic that notifies of this account
_PREFIX = "/v1.2.0-beta/tokenized/checkout"
_OK = "0000"
# bKash gives up after half a minute; what it did by then is asked.
_EXECUTE_SECONDS = 30.0
_TOKEN_SECONDS = 3_600.0
# Codes that say no for good. Whatever else is said of an execution, its payment may have been completed.
_REFUSED_FOR_GOOD = frozenset(
    {
        *("2001", "2002", "2006", "2007", "2011", "2014", "2023", "2029"),
        *("2031", "2049", "2057", "2063", "2065"),
    }
)
_TOO_EARLY = "2060"  # the customer has not agreed yet
_NEVER_PAID = frozenset({"cancelled", "canceled", "expired", "declined", "failed"})


class Bkash:
    """One merchant's account."""

    executes = True

    def __init__(self, secrets: Secrets, calls: Calls, tokens: Tokens) -> None:
        self._secrets, self._calls, self._tokens = secrets, calls, tokens
        self._credentials = "\n".join([calls.base_url, *(secrets.get(name, "") for name in SECRETS)])

    async def check(self) -> None:
        """Ask for a token, the one that later calls use."""
        await self._tokens.get(self._credentials, self._fetch_token)

    async def open(self, attempt: Attempt) -> Opened:
        """Create a payment, which lives for 24 hours and executes once."""
        reply = await self._call(
            "/create",
            {
                "mode": "0011",
                "payerReference": attempt.number,
                "callbackURL": attempt.return_url,
                "amount": decimal_of(attempt.amount),
                "currency": attempt.currency,
                "intent": "sale",
                "merchantInvoiceNumber": attempt.reference,
            },
        )
        _check(reply)
        payment_id, page = text_of(reply, "paymentID"), text_of(reply, "bkashURL")
        if not payment_id or not page.startswith(("https://", "http://")):
            raise NoAnswer("no paymentID or bkashURL")
        return Opened(payment_id, page)

    async def execute(self, attempt: Attempt) -> Outcome:
        """Execute; a refusal that may hide a completed payment is an open question."""
        reply = await self._call(
            "/execute", {"paymentID": attempt.provider_id or ""}, seconds=_EXECUTE_SECONDS
        )
        code = _code(reply)
        if code not in ("", _OK):
            problem = f"{code} {_words(reply)}".strip()
            if code == _TOO_EARLY:
                return NotPaid(problem, may_execute_again=True)
            return NotPaid(problem, is_final=True) if code in _REFUSED_FOR_GOOD else await self.ask(attempt)
        return _outcome(reply, attempt)

    async def ask(self, attempt: Attempt) -> Outcome:
        """Query the payment's status."""
        reply = await self._call("/payment/status", {"paymentID": attempt.provider_id or ""})
        if _code(reply) not in ("", _OK):
            return NotPaid(f"{_code(reply)} {_words(reply)}".strip())
        return _outcome(reply, attempt)

    async def refund(self, refund: Refund) -> RefundOutcome:
        """Refund a part or all of a transaction."""
        asked = _refund_query(refund) | {
            "amount": decimal_of(refund.amount),
            "sku": refund.number,
            "reason": refund.reason,
        }
        reply = await self._call("/payment/refund", asked, seconds=_EXECUTE_SECONDS)
        code = _code(reply)
        if code not in ("", _OK):
            if code in ("503", "9999", "2003", "2020", "2024"):
                raise NoAnswer(f"{code} {_words(reply)}")
            raise Declined(code, _words(reply))
        return _refund_outcome(reply, refund)

    async def ask_refund(self, refund: Refund) -> RefundOutcome:
        """Ask for the refund of a transaction."""
        reply = await self._call("/payment/refund", _refund_query(refund))
        return RefundPending() if _code(reply) not in ("", _OK) else _refund_outcome(reply, refund)

    async def _call(self, path: str, body: Mapping[str, str], seconds: float = 15.0) -> Mapping[str, Any]:
        """A call under the token; one that is no longer taken is replaced once."""
        for is_again in (False, True):
            token = await self._tokens.get(self._credentials, self._fetch_token)
            headers = {"authorization": token, "x-app-key": self._secrets["app_key"]}
            status, reply = await self._calls.json(
                "POST", _PREFIX + path, headers=headers, body=body, seconds=seconds
            )
            if status not in (401, 403):
                break
            self._tokens.drop(self._credentials, token)
            if is_again:
                raise NoAnswer(f"HTTP {status} {_words(reply)}")
        if status >= 500 or (
            not _code(reply) and "transactionStatus" not in reply and "paymentID" not in reply
        ):
            raise NoAnswer(f"HTTP {status} {_words(reply)}")
        return reply

    async def _fetch_token(self, known: Token | None) -> Token:
        """Refresh the token that there was, or ask for one; about two calls an hour are tolerated."""
        if known is not None and known.refresh:
            try:
                return await self._grant("/token/refresh", {"refresh_token": known.refresh})
            except CredentialsRefused:
                pass  # the refresh token is spent, which says nothing of the credentials
        return await self._grant("/token/grant", {})

    async def _grant(self, path: str, more: Mapping[str, str]) -> Token:
        headers = {"username": self._secrets["username"], "password": self._secrets["password"]}
        body = {"app_key": self._secrets["app_key"], "app_secret": self._secrets["app_secret"], **more}
        status, reply = await self._calls.json("POST", _PREFIX + path, headers=headers, body=body)
        token = text_of(reply, "id_token")
        if status >= 500 or (status == 429 and not token):
            raise NoAnswer(f"HTTP {status} {_words(reply)}")
        if not token or _code(reply) not in ("", _OK):
            if _code(reply) in ("503", "9999"):
                raise NoAnswer(f"{_code(reply)} {_words(reply)}")
            raise CredentialsRefused(_code(reply), _words(reply) or f"HTTP {status}")
        seconds = text_of(reply, "expires_in")
        lasts = float(seconds) if seconds.isdecimal() else _TOKEN_SECONDS
        return Token(token, time.time() + lasts, text_of(reply, "refresh_token") or None)


def _code(reply: Mapping[str, Any]) -> str:
    return text_of(reply, "statusCode", "errorCode", "internalCode")


def _words(reply: Mapping[str, Any]) -> str:
    return text_of(reply, "statusMessage", "errorMessage", "errorMessageEn", "message")


def _check(reply: Mapping[str, Any]) -> None:
    code = _code(reply)
    if code in ("503", "9999"):
        raise NoAnswer(f"{code} {_words(reply)}")
    if code != _OK:
        raise Declined(code, _words(reply))


def _outcome(reply: Mapping[str, Any], attempt: Attempt) -> Outcome:
    """A completed payment of ours is a charge; its invoice field has two names."""
    status = text_of(reply, "transactionStatus")
    if status.lower() != "completed":
        return NotPaid(status or None, is_final=status.lower() in _NEVER_PAID)
    transaction = text_of(reply, "trxID")
    invoice = text_of(reply, "merchantInvoiceNumber", "merchantInvoice")
    payment_id = text_of(reply, "paymentID")
    if not transaction:
        raise NoAnswer("completed, and no trxID")
    if invoice not in ("", attempt.reference) or payment_id not in ("", attempt.provider_id):
        raise NoAnswer("an answer about another payment")
    return (Charge(transaction, minor_of(reply.get("amount")), text_of(reply, "currency") or "?"),)


def _refund_query(refund: Refund) -> dict[str, str]:
    return {"paymentID": refund.provider_id or "", "trxID": refund.charge_id}


def _refund_outcome(reply: Mapping[str, Any], refund: Refund) -> RefundOutcome:
    """Several partial refunds may stand under one transaction: it is ours when the amount is."""
    refund_id = text_of(reply, "refundTrxID")
    is_done = text_of(reply, "transactionStatus").lower() == "completed"
    if refund_id and is_done and minor_of(reply.get("amount")) == refund.amount:
        return Refunded(refund_id)
    return RefundPending(refund_id or None)
