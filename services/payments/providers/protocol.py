"""The protocol of every payment gateway: the questions it is asked, and the answers it may give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from services.payments.domain import Charge


class NoAnswer(Exception):
    """The provider did not answer, or answered nonsense: what it did is not known."""


class Declined(Exception):
    """The provider said no, and did nothing."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code} {words}".strip())
        self.code, self.words = code, words


class CredentialsRefused(Declined):
    """The provider does not know these credentials."""


class Forged(Exception):
    """A callback that is not the provider's, was altered, or is too old."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One checkout as its provider sees it: our own record of it, and where its customer comes back."""

    reference: str
    amount: int
    currency: str
    number: str
    customer_name: str
    mobile: str | None
    return_url: str
    callback_url: str
    ends_at: datetime
    provider_id: str | None = None
    hint: str | None = None  # what a callback named; asked about, never believed


@dataclass(frozen=True, slots=True)
class Opened:
    """The provider's id of a checkout, and the page that it pays on."""

    provider_id: str | None
    redirect_url: str


@dataclass(frozen=True, slots=True)
class NotPaid:
    """Nothing was taken so far; `is_final`: nor will be."""

    problem: str | None = None
    is_final: bool = False
    may_execute_again: bool = False  # the provider says that it was too early


Outcome: TypeAlias = "Sequence[Charge] | NotPaid"


@dataclass(frozen=True, slots=True)
class Heard:
    """The subject of a callback: its own id, our reference, and what to ask for."""

    event_id: str
    reference: str
    hint: str | None = None
    charge: Charge | None = None  # only of a provider that has no query


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund as its provider sees it."""

    refund_id: str
    charge_id: str
    amount: int
    currency: str
    reason: str
    number: str
    provider_id: str | None  # of the checkout
    refund_provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money went back, under this id of the provider's."""

    external_id: str


@dataclass(frozen=True, slots=True)
class RefundPending:
    """It may still go back."""

    provider_id: str | None = None


RefundOutcome: TypeAlias = Refunded | RefundPending


class Provider(Protocol):
    """A payment gateway under one set of credentials. All of it raises NoAnswer, most of it Declined."""

    executes: bool  # whether a checkout is carried out by us once its customer has agreed

    async def check(self) -> None:
        """Ask whether the credentials work; raises CredentialsRefused."""

    async def open(self, attempt: Attempt) -> Opened:
        """Begin a checkout."""

    async def execute(self, attempt: Attempt) -> Outcome:
        """Carry out a checkout, once; afterwards it is only asked about."""

    async def ask(self, attempt: Attempt) -> Outcome:
        """Return the outcome of a checkout."""

    async def refund(self, refund: Refund) -> RefundOutcome:
        """Pay money back, once; raises Declined where nothing went back."""

    async def ask_refund(self, refund: Refund) -> RefundOutcome:
        """Return the outcome of a refund that was not answered; raises Declined where nothing went back."""


Secrets: TypeAlias = Mapping[str, str]
