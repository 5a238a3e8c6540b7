"""SSLCommerz v4: a hosted page for cards, banks and wallets; its validation and query are the truth."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from services.payments.domain import Charge
from services.payments.providers.calls import Calls, decimal_of, minor_of, text_of
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

HOST = "https://securepay.sslcommerz.com"
SECRETS = ("store_id", "store_password")
LIMITS = (10_00, 500_000_00)
_SESSION = "/gwprocess/v4/api.php"
_VALIDATION = "/validator/api/validationserverAPI.php"
_QUERY = "/validator/api/merchantTransIDvalidationAPI.php"
_PAID = ("VALID", "VALIDATED")
# `verify_key` itself is posted: a signature over less than these proves nothing.
_SIGNED = frozenset({"amount", "currency", "status", "tran_id", "val_id"})
_NO_EMAIL = "no-email@customer.invalid"  # required, and most customers have none


class Sslcommerz:
    """One store."""

    executes = False

    def __init__(self, secrets: Secrets, calls: Calls) -> None:
        self._secrets, self._calls = secrets, calls

    async def check(self) -> None:
        """Ask about a transaction that there is not: the store's own id is checked first."""
        status, reply = await self._calls.json("GET", _QUERY, query=self._signed_in(tran_id="none"))
        connected = text_of(reply, "APIConnect").upper()
        if connected in ("INVALID_REQUEST", "FAILED", "INACTIVE") or status in (401, 403):
            raise CredentialsRefused(connected, text_of(reply, "failedreason", "errorReason", "status"))
        if connected != "DONE":
            raise NoAnswer(f"HTTP {status}")

    async def open(self, attempt: Attempt) -> Opened:
        """Begin a session; every text is cut to what the store takes."""
        _, reply = await self._calls.json("POST", _SESSION, form=self._session(attempt))
        page = text_of(reply, "GatewayPageURL", "redirectGatewayURL")
        if text_of(reply, "status").upper() != "SUCCESS":
            words = text_of(reply, "failedreason")
            if not words and "status" not in reply:
                raise NoAnswer("neither page nor reason")
            raise Declined("", words)
        if not page.startswith(("https://", "http://")):
            raise NoAnswer("no page")
        return Opened(text_of(reply, "sessionkey") or None, page)

    async def execute(self, attempt: Attempt) -> Outcome:
        """Nothing is carried out by us."""
        return await self.ask(attempt)

    async def ask(self, attempt: Attempt) -> Outcome:
        """Validate what a callback named; query the transaction where that says nothing."""
        if attempt.hint:
            try:
                charge = await self._validate(attempt, attempt.hint)
            except NoAnswer:
                charge = None
            if charge is not None:
                return (charge,)
        return await self._query(attempt)

    async def _validate(self, attempt: Attempt, val_id: str) -> Charge | None:
        query = self._signed_in(val_id=val_id, v="1", format="json")
        _, reply = await self._calls.json("GET", _VALIDATION, query=query)
        return _charge(reply, attempt)

    async def _query(self, attempt: Attempt) -> Outcome:
        _, reply = await self._calls.json("GET", _QUERY, query=self._signed_in(tran_id=attempt.reference))
        if text_of(reply, "APIConnect").upper() not in ("DONE", ""):
            raise NoAnswer(f"APIConnect {text_of(reply, 'APIConnect')}")
        elements = reply.get("element")
        tries = (
            [each for each in elements if isinstance(each, dict)] if isinstance(elements, list) else [reply]
        )
        charges = [charge for each in tries if (charge := _charge(each, attempt)) is not None]
        if charges:
            return charges
        states = [text_of(each, "status") for each in tries if text_of(each, "status")]
        # A customer may try again in the same session: only the end of its lifetime is final.
        return NotPaid(states[-1] if states else None)

    def read_callback(self, fields: Mapping[str, str]) -> Heard:
        """Check the signature of a notification; raises Forged."""
        check_signature(fields, self._secrets["store_password"])
        if fields.get("store_id") not in (None, self._secrets["store_id"]):
            raise Forged("another store")
        kept = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
        return Heard(
            hashlib.sha256(kept.encode()).hexdigest(), fields["tran_id"], fields.get("val_id") or None
        )

    async def refund(self, refund: Refund) -> RefundOutcome:
        """Refund a part or all of a transaction, under our id."""
        query = self._signed_in(
            bank_tran_id=refund.charge_id,
            refund_trans_id=refund.refund_id[:30],
            refund_amount=decimal_of(refund.amount),
            refund_remarks=refund.reason[:255],
            refe_id=refund.refund_id[:30],
            v="1",
            format="json",
        )
        _, reply = await self._calls.json("GET", _QUERY, query=query)
        status, reference = text_of(reply, "status").lower(), text_of(reply, "refund_ref_id")
        if status == "success":
            return Refunded(reference or refund.refund_id[:30])
        if status == "processing":
            return RefundPending(reference or None)
        if status == "failed":
            raise Declined("", text_of(reply, "errorReason"))
        raise NoAnswer("no status of the refund")

    async def ask_refund(self, refund: Refund) -> RefundOutcome:
        """Ask for a refund by the store's reference; without one, the same again is the same refund."""
        if refund.refund_provider_id is None:
            return await self.refund(refund)
        query = self._signed_in(refund_ref_id=refund.refund_provider_id, v="1", format="json")
        _, reply = await self._calls.json("GET", _QUERY, query=query)
        status = text_of(reply, "status").lower()
        if status in ("refunded", "success"):
            return Refunded(refund.refund_provider_id)
        if status == "cancelled":
            raise Declined("", text_of(reply, "errorReason") or "cancelled")
        return RefundPending(refund.refund_provider_id)

    def _signed_in(self, **more: str) -> dict[str, str]:
        return {
            "store_id": self._secrets["store_id"],
            "store_passwd": self._secrets["store_password"],
            **more,
        }

    def _session(self, attempt: Attempt) -> dict[str, str]:
        return self._signed_in(
            total_amount=decimal_of(attempt.amount),
            currency=attempt.currency,
            tran_id=attempt.reference,
            success_url=attempt.return_url,
            fail_url=f"{attempt.return_url}?left=fail",
            cancel_url=f"{attempt.return_url}?left=cancel",
            ipn_url=attempt.callback_url,
            product_name=f"Internet bill {attempt.number}"[:255],
            product_category="Internet",
            product_profile="non-physical-goods",
            cus_name=attempt.customer_name[:50] or "Customer",
            cus_email=_NO_EMAIL,
            cus_add1="-",
            cus_city="Dhaka",
            cus_postcode="1000",
            cus_country="Bangladesh",
            cus_phone=(attempt.mobile or "")[:20] or "-",
            shipping_method="NO",
            num_of_item="1",
            value_d=attempt.reference,
        )


def check_signature(fields: Mapping[str, str], store_password: str) -> None:
    """Raise Forged unless `verify_sign` is over all fields that matter, with the store's password."""
    names = [name for name in fields.get("verify_key", "").split(",") if name]
    if not frozenset(names) >= _SIGNED or any(name not in fields for name in names):
        raise Forged("fields are missing from the signature")
    signed = {name: fields[name] for name in names}
    signed["store_passwd"] = hashlib.md5(store_password.encode(), usedforsecurity=False).hexdigest()
    text = "&".join(f"{name}={signed[name]}" for name in sorted(signed))
    expected = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    if not hmac.compare_digest(expected.encode(), fields.get("verify_sign", "").encode()):
        raise Forged("wrong signature")


def _charge(reply: Mapping[str, Any], attempt: Attempt) -> Charge | None:
    """Return the charge of this very transaction: in taka as such, else in the currency that was asked."""
    if text_of(reply, "status").upper() not in _PAID or text_of(reply, "tran_id") != attempt.reference:
        return None
    if attempt.currency == "BDT":
        amount, currency = reply.get("amount"), text_of(reply, "currency") or "BDT"
    else:
        amount, currency = reply.get("currency_amount"), text_of(reply, "currency_type")
    charge_id = text_of(reply, "bank_tran_id", "val_id")
    if not charge_id:
        raise NoAnswer("paid, and no bank_tran_id")
    is_risky = text_of(reply, "risk_level") not in ("", "0")
    risk = (text_of(reply, "risk_title") or "flagged") if is_risky else None
    return Charge(charge_id, minor_of(amount), currency, risk)
