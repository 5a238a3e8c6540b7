"""A checkout is begun: our own record first, then the provider's page; an open one is used again."""

from __future__ import annotations

import asyncio
import secrets
import string
from dataclasses import dataclass
from datetime import timedelta

from services.payments import store
from services.payments.handlers.links import link_state
from services.payments.handlers.settling import checkout_changed, ended
from services.payments.providers.protocol import Declined, NoAnswer
from services.payments.senders import SecretsLost, Tills
from services.payments.store import Row
from shared import clock, outbox
from shared.contracts.payments import PaymentLinkOpened
from shared.db import Pool, in_transaction
from shared.ids import new_id
from shared.outbox import Said

_ALPHABET = string.ascii_letters + string.digits
REFERENCE_LENGTH = 22  # above 2^128, and within what every provider takes
_LIFETIME = timedelta(hours=24)
_STRIPES_LIFETIME = timedelta(hours=23, minutes=30)  # it refuses more than a day, by its own clock
_FIRST_LOOK = timedelta(minutes=1)
_PATIENCE_SECONDS = 12.0


def new_reference() -> str:
    """Return what a provider knows one attempt by; nobody can guess it."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(REFERENCE_LENGTH))


@dataclass(frozen=True)
class Till:
    """The desk at which checkouts are begun."""

    tills: Tills

    async def begin(self, pool: Pool, link: Row, facts: Row, gateway: Row, amount: int, language: str) -> str:
        """Return the page on which this amount is paid; raises Declined, NoAnswer."""
        row = await self._new(pool, link, facts, gateway, amount, language)
        if row is None:
            known = await self._known(pool, link, gateway, amount)
            if known is not None:
                return known
            return await self.begin(pool, link, facts, gateway, amount, language)
        try:
            opened = await self.tills.provider_of(gateway).open(self.tills.attempt(row, facts))
        except (Declined, NoAnswer, SecretsLost) as error:
            async with in_transaction(pool) as tx:
                await ended(tx, row["checkout_id"], "failed", str(error) or type(error).__name__)
            if isinstance(error, SecretsLost):
                raise NoAnswer("no secrets") from error
            raise
        async with in_transaction(pool) as tx:
            row = await store.checkouts.opened(tx, row, opened.provider_id, opened.redirect_url)
            await outbox.say(tx, [Said(checkout_changed(row))])
        return opened.redirect_url

    async def _new(
        self, pool: Pool, link: Row, facts: Row, gateway: Row, amount: int, language: str
    ) -> Row | None:
        """Our own record of the attempt, and that the link was opened; None where one is open already."""
        now = clock.now()
        lifetime = _STRIPES_LIFETIME if gateway["provider"] == "stripe" else _LIFETIME
        async with in_transaction(pool) as tx:
            checkout = {
                "checkout_id": new_id(),
                "link_id": link["link_id"],
                "invoice_id": link["invoice_id"],
                "further_invoice_ids": link["further_invoice_ids"],
                "customer_id": link["customer_id"],
                "operator_id": facts["operator_id"],
                "gateway_id": gateway["gateway_id"],
                "provider": gateway["provider"],
                "reference": new_reference(),
                "amount_minor": amount,
                "currency": facts["currency"],
                "language": language,
                "now": now,
                "next_look_at": now + _FIRST_LOOK,
                "ends_at": now + lifetime,
            }
            row = await store.checkouts.open_new(tx, checkout)
            first = await store.links.open_first(tx, link["link_id"])
            if first is not None:
                await outbox.say(tx, [Said(link_state(first, PaymentLinkOpened))])
            return row

    async def _known(self, pool: Pool, link: Row, gateway: Row, amount: int) -> str | None:
        """The page of the checkout that is open, once it has one; None when there is none any more."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while True:
            row = await store.checkouts.reusable(pool, link["link_id"], gateway["gateway_id"], amount)
            if row is None:
                return None
            if row["redirect_url"] is not None:
                page: str = row["redirect_url"]
                return page
            await store.checkouts.give_up_reuse(pool, row["checkout_id"])
            if asyncio.get_running_loop().time() > deadline:
                raise NoAnswer("still being opened")
            await asyncio.sleep(0.2)
