"""The sandbox: a page of our own instead of a provider's, and callbacks under a shared secret."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from services.payments.domain import Charge
from services.payments.providers.protocol import (
    Attempt,
    Declined,
    Forged,
    Heard,
    NotPaid,
    Opened,
    Outcome,
    Refund,
    Refunded,
    RefundOutcome,
    Secrets,
)

SECRETS = ("webhook_secret",)
TOLERANCE_SECONDS = 300
_SIGNATURE = re.compile(r"t=([0-9]{1,12}), ?v1=([0-9a-f]{64})")
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class Callback(BaseModel):
    """Return the sandbox's word on a checkout."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    id: _Name
    reference: _Name
    status: Literal["paid", "failed"]
    amount_minor: Annotated[int, Field(ge=1, le=2**53 - 1)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Sandbox:
    """A gateway that moves no money."""

    executes = False

    def __init__(self, secrets: Secrets, page_url: str) -> None:
        self._secrets, self._page_url = secrets, page_url

    async def check(self) -> None:
        """There is nobody to ask."""

    async def open(self, attempt: Attempt) -> Opened:
        """The page, told which checkout it is for."""
        joint = "&" if "?" in self._page_url else "?"
        return Opened(None, f"{self._page_url}{joint}{urlencode({'reference': attempt.reference})}")

    async def execute(self, attempt: Attempt) -> Outcome:
        """Nothing is carried out by us."""
        return NotPaid()

    async def ask(self, attempt: Attempt) -> Outcome:
        """There is nobody to ask: only a callback says that it was paid."""
        return NotPaid()

    async def refund(self, refund: Refund) -> RefundOutcome:
        """No money was taken, so all of it is back at once."""
        return Refunded(f"sandbox-{refund.refund_id}")

    async def ask_refund(self, refund: Refund) -> RefundOutcome:
        """The same as was answered to the refund itself."""
        return Refunded(f"sandbox-{refund.refund_id}")


def check_signature(header: str, body: bytes, secret: str, now: Iterable[datetime]) -> None:
    """Raise Forged unless the body was signed with the secret within five minutes of one of the times."""
    match = _SIGNATURE.fullmatch(header)
    if match is None:
        raise Forged("no signature")
    at = int(match[1])
    if not hmac.compare_digest(_digest(body, secret, match[1]), match[2]):
        raise Forged("wrong signature")
    if all(abs(each.timestamp() - at) > TOLERANCE_SECONDS for each in now):
        raise Forged("too old")


def sign(body: bytes, secret: str, at: int) -> str:
    """Return the value of `X-Signature` over a body, signed at a time in seconds."""
    return f"t={at},v1={_digest(body, secret, str(at))}"


def _digest(body: bytes, secret: str, at: str) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def read_callback(body: bytes) -> Heard:
    """Return what a callback says, whose signature was checked; raises Declined for what says nothing."""
    try:
        said = Callback.model_validate_json(body)
    except ValidationError as error:
        raise Declined("invalid", str(error.errors()[0]["msg"])) from error
    charge = Charge(said.id, said.amount_minor, said.currency) if said.status == "paid" else None
    return Heard(said.id, said.reference, charge=charge)
