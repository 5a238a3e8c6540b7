"""Senders to payment gateways: checkouts begun and asked about, credentials checked, refunds.

Rows are claimed under a lease, taken outside, and ended in a transaction of their own. What was begun and not
answered is only ever asked about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from services.payments import store
from services.payments.domain import Charge, next_look
from services.payments.handlers import refunds, settling
from services.payments.handlers.gateways import gateway_changed
from services.payments.handlers.messages import say_with_receipts
from services.payments.office import SERVICE, Office
from services.payments.providers import LIMITS, OPTIONAL, SECRETS, Outside
from services.payments.providers.protocol import (
    Attempt,
    CredentialsRefused,
    Declined,
    NoAnswer,
    NotPaid,
    Outcome,
    Provider,
    Refund,
    Refunded,
    RefundOutcome,
    RefundPending,
)
from services.payments.store import Row
from shared import clock, outbox
from shared.cloudevents import envelope_from_json
from shared.contracts.envelope import CommandRefused
from shared.contracts.payments import ConfigurePaymentGateway
from shared.db import Pool, in_transaction
from shared.outbox import Said
from shared.sealing import NotOurs
from shared.service import Step
from shared.tracing import span

log = structlog.get_logger()

# By then a lost answer of an execution or a refund has long been known to its provider.
_GRACE = timedelta(minutes=10)
_REFUND_LASTS = timedelta(days=7)


class SecretsLost(Exception):
    """The gateway has no secrets any more, or they cannot be opened with the key of today."""


@dataclass(frozen=True)
class Tills:
    """The payment gateways as they are set up, and the way to them."""

    office: Office
    outside: Outside

    def provider_of(self, gateway: Row) -> Provider:
        """Return a gateway's provider under its secrets; raises SecretsLost."""
        return self.outside.provider(gateway["provider"], self.secrets_of(gateway), gateway["base_url"])

    def secrets_of(self, gateway: Row) -> dict[str, str]:
        """Return what a gateway's sealed text holds; raises SecretsLost."""
        if gateway["sealed"] is None:
            raise SecretsLost
        try:
            opened = self.office.open_secrets(gateway["sealed"], gateway["operator_id"], gateway["provider"])
        except NotOurs as error:
            raise SecretsLost from error
        return {name: str(value) for name, value in opened.secret.items()}

    def attempt(self, row: Row, facts: Row | None) -> Attempt:
        """Return a checkout as its provider sees it."""
        url = self.office.public_url
        return Attempt(
            reference=row["reference"],
            amount=row["amount_minor"],
            currency=row["currency"],
            number=facts["number"] if facts else "",
            customer_name=(facts["name"] if facts else None) or "Customer",
            mobile=facts["mobile"] if facts else None,
            return_url=f"{url}/paid/{row['reference']}",
            callback_url=f"{url}/webhooks/{row['provider']}",
            ends_at=row["ends_at"],
            provider_id=row["provider_id"],
            hint=row["hint"],
        )


def limits_of(gateway: Row) -> tuple[int, int | None]:
    """Return what a gateway takes at least and at most: the provider's own limits, or narrower ones."""
    least, most = LIMITS.get(gateway["provider"], (1, None))
    least = max(least, gateway["minimum_minor"] or 1)
    own = gateway["maximum_minor"]
    return least, min(filter(None, (most, own)), default=None)


@dataclass
class CheckoutAsker:
    """Asks about checkouts that are due: after a callback at once, else as the janitor's table says."""

    tills: Tills

    async def claim(self, pool: Pool) -> Row | None:
        """Take the next one that is due, for a minute."""
        return await store.checkouts.claim(pool)

    async def handle(self, pool: Pool, row: Row) -> None:
        """Ask about a checkout, and settle it or put it back, in the trace of whoever spoke of it last."""
        with span("ask about checkout", parent=row["traceparent"]):
            await self._handle(pool, row)

    async def _handle(self, pool: Pool, row: Row) -> None:
        began_at = clock.now()
        try:
            outcome = await self._outcome(pool, row)
        except (NoAnswer, Declined, SecretsLost) as error:
            log.warning("checkout not answered", checkout_id=str(row["checkout_id"]), error=repr(error))
            await self._look_later(pool, row, began_at, None)
            return
        if isinstance(outcome, NotPaid):
            await self._not_paid(pool, row, began_at, outcome)
        else:
            await settle(pool, row, outcome)

    async def _outcome(self, pool: Pool, row: Row) -> Outcome:
        """Carry the checkout out where it is our turn, once; else ask."""
        gateway = await store.gateways.of_checkout(pool, row)
        provider = self.tills.provider_of(gateway)
        attempt = self.tills.attempt(row, None)
        if provider.executes and row["provider_id"] is None:
            return NotPaid()  # never begun: there is nothing to ask about
        is_our_turn = provider.executes and row["execute"] and row["executed_at"] is None
        if is_our_turn and await store.checkouts.begin_execution(pool, row["checkout_id"]):
            outcome = await provider.execute(attempt)
            if isinstance(outcome, NotPaid) and outcome.may_execute_again:
                await store.checkouts.forget_execution(pool, row["checkout_id"])
            return outcome
        return await provider.ask(attempt)

    async def _not_paid(self, pool: Pool, row: Row, began_at: datetime, outcome: NotPaid) -> None:
        """Nothing was taken: over for good, at the end of the provider's lifetime, or not yet."""
        is_over = clock.now() >= row["ends_at"] + _GRACE
        if outcome.is_final or is_over:
            state = "failed" if outcome.is_final else "expired"
            async with in_transaction(pool) as tx:
                await settling.ended(tx, row["checkout_id"], state, outcome.problem)
        else:
            await self._look_later(pool, row, began_at, outcome.problem or "not-paid")

    async def _look_later(self, pool: Pool, row: Row, began_at: datetime, problem: str | None) -> None:
        now, ends_at = clock.now(), row["ends_at"] + _GRACE
        if problem is None and now >= ends_at + timedelta(hours=24):
            async with in_transaction(pool) as tx:
                await settling.ended(tx, row["checkout_id"], "unknown", "outcome-unknown")
            return
        await store.checkouts.look_later(
            pool,
            row,
            next_look_at=next_look(row["created_at"], row["heard_at"], ends_at, now),
            began_at=began_at,
            now=now,
            problem=problem,
        )


async def settle(pool: Pool, row: Row, charges: Sequence[Charge]) -> None:
    """Record what was taken; a second charge of one checkout is held."""
    for charge in charges:
        async with in_transaction(pool) as tx:
            await settling.charged(tx, row["checkout_id"], charge)


def side_by_side(asker: CheckoutAsker, most: int) -> Step:
    """A step that asks about several checkouts at once: one provider that stalls holds nobody else up."""
    at_work: set[asyncio.Task[None]] = set()

    async def step(pool: Pool) -> bool:
        if len(at_work) >= most:
            await asyncio.wait(at_work, return_when=asyncio.FIRST_COMPLETED)
        row = await asker.claim(pool)
        if row is None:
            return False
        task = asyncio.create_task(asker.handle(pool, row))
        at_work.add(task)
        task.add_done_callback(finished)
        return True

    def finished(task: asyncio.Task[None]) -> None:
        at_work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("checkout not asked about", error=repr(error), exc_info=error)

    return step


@dataclass
class GatewayChecker:
    """Asks providers whether new credentials work, and ends the command that brought them."""

    tills: Tills

    async def step(self, pool: Pool) -> bool:
        """Check the next change; False when there is none."""
        change = await store.gateways.claim_change(pool)
        if change is None:
            return False
        with span("check payment gateway", parent=envelope_from_json(change["envelope"]).traceparent):
            await self._check(pool, change)
        return True

    async def _check(self, pool: Pool, change: Row) -> None:
        command = ConfigurePaymentGateway.model_validate(change["command"], strict=False)
        known = await store.gateways.of_operator(pool, command.provider, command.operator_id)
        try:
            secrets, at = self._secrets(command, known)
            row = self._row(command, known, change["gateway_id"]) | {
                "sealed": self.tills.office.seal_secrets(secrets, command.operator_id, command.provider, at)
            }
            unverified = await self._ask(command.provider, secrets, row["base_url"])
        except _Refused as refusal:
            await self._end(pool, change, None, refusal)
            return
        await self._end(pool, change, row | {"unverified": unverified}, None)

    def _secrets(
        self, command: ConfigurePaymentGateway, known: Row | None
    ) -> tuple[dict[str, str], datetime]:
        """The secrets that there are, with those that were sent; raises _Refused."""
        secrets, at = {}, clock.now()
        office = self.tills.office
        place = command.operator_id, command.provider
        try:
            not_before = None
            if known is not None and known["sealed"] and not known["removed"]:
                before = office.open_secrets(known["sealed"], *place)
                secrets, not_before = dict(before.secret), before.at
                at = before.at
            if command.sealed is not None:
                sent = office.open_secrets(command.sealed, *place, not_before)
                secrets, at = secrets | dict(sent.secret), sent.at
        except NotOurs as error:
            raise _Refused("credentials-unreadable", str(error)) from error
        missing = [name for name in SECRETS[command.provider] if not secrets.get(name)]
        if missing:
            raise _Refused("credentials-missing", ", ".join(missing))
        names = (*SECRETS[command.provider], *OPTIONAL.get(command.provider, ()))
        return {name: str(secrets[name]) for name in names if secrets.get(name)}, at

    def _row(self, command: ConfigurePaymentGateway, known: Row | None, gateway_id: Any) -> dict[str, Any]:
        def kept(name: str, default: Any) -> Any:
            said = getattr(command, name)
            return said if said is not None else known[name] if known is not None else default

        is_back = known is not None and known["removed"]
        return {
            "gateway_id": gateway_id,
            "provider": command.provider,
            "operator_id": command.operator_id,
            "enabled": command.enabled is not False if is_back else kept("enabled", True),
            "base_url": kept("base_url", None) or None,
            "minimum_minor": kept("minimum_minor", None),
            "maximum_minor": kept("maximum_minor", None),
        }

    async def _ask(self, provider: str, secrets: dict[str, str], base_url: str | None) -> bool:
        """Whether the provider said nothing; raises _Refused where it said no."""
        try:
            await self.tills.outside.provider(provider, secrets, base_url).check()
        except CredentialsRefused as error:
            raise _Refused("credentials-refused", str(error) or "refused") from error
        except (NoAnswer, Declined) as error:
            log.warning("payment gateway not checked", provider=provider, error=repr(error))
            return True
        return False

    async def _end(
        self, pool: Pool, change: Row, row: dict[str, Any] | None, refusal: _Refused | None
    ) -> None:
        async with in_transaction(pool) as tx:
            if not await store.gateways.end_change(tx, change["command_id"]):
                return  # whoever took it over after the lease has ended it
            because = envelope_from_json(change["envelope"])
            if refusal is not None:
                said: Any = CommandRefused(
                    service=SERVICE,
                    code=refusal.code,
                    detail=refusal.detail,
                    subject=str(change["gateway_id"]),
                )
            else:
                said = gateway_changed(await store.gateways.save(tx, row or {}))
            await outbox.say(tx, [Said(said, because=because)])


class _Refused(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass
class RefundSender:
    """Takes refunds to the gateways that took the money, each once; then only asks."""

    tills: Tills

    async def step(self, pool: Pool) -> bool:
        """Carry the next refund a step on; False when none is due."""
        row = await store.refunds.claim(pool)
        if row is None:
            return False
        with span("send refund", parent=envelope_from_json(row["envelope"]).traceparent):
            await self._take(pool, row)
        return True

    async def _take(self, pool: Pool, row: Row) -> None:
        try:
            outcome = await self._outcome(pool, row)
        except Declined as error:
            await self._fail(pool, row, "refund-refused", str(error) or "refused")
        except (NoAnswer, SecretsLost) as error:
            log.warning("refund not answered", refund_id=str(row["refund_id"]), error=repr(error))
            await self._later(pool, row, RefundPending())
        else:
            if isinstance(outcome, Refunded):
                async with in_transaction(pool) as tx:
                    said = await refunds.finish(tx, row["refund_id"], outcome.external_id)
                    await say_with_receipts(tx, said)
                if not said:
                    await self._later(pool, row, RefundPending())
            else:
                await self._later(pool, row, outcome)

    async def _outcome(self, pool: Pool, row: Row) -> RefundOutcome:
        checkout = await store.checkouts.by_id(pool, row["checkout_id"])
        assert checkout is not None, "a refund is of a checkout"
        gateway = await store.gateways.of_checkout(pool, checkout)
        provider = self.tills.provider_of(gateway)
        refund = Refund(
            refund_id=row["refund_id"].hex,
            charge_id=row["charge_id"],
            amount=row["amount_minor"],
            currency=checkout["currency"],
            reason=row["reason"],
            number=checkout["reference"],
            provider_id=checkout["provider_id"],
            refund_provider_id=row["provider_id"],
        )
        if await store.refunds.begin(pool, row["refund_id"]):
            return await provider.refund(refund)
        return await provider.ask_refund(refund)

    async def _later(self, pool: Pool, row: Row, outcome: RefundPending) -> None:
        now = clock.now()
        created_at = row["created_at"]
        next_look_at = next_look(created_at, created_at, created_at + _REFUND_LASTS, now)
        await store.refunds.ask_later(
            pool, row["refund_id"], next_look_at, outcome.provider_id, "not answered yet"
        )

    async def _fail(self, pool: Pool, row: Row, code: str, detail: str) -> None:
        async with in_transaction(pool) as tx:
            said = await refunds.fail(tx, row["refund_id"], row["customer_id"], code, detail)
            await say_with_receipts(tx, said)
