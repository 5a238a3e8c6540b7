"""Callbacks of providers: signed over the raw body, kept before they are answered, never believed alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import structlog
from litestar import Request, Response, post
from litestar.params import FromPath
from pydantic_core import from_json

from services.payments import store
from services.payments.handlers import settling
from services.payments.providers import sandbox, sns, sslcommerz, stripe
from services.payments.providers.calls import Calls
from services.payments.providers.protocol import Declined, Forged, Heard, NoAnswer
from services.payments.public.counter import Counter, counter_of
from services.payments.senders import SecretsLost
from services.payments.store import Row
from shared import clock
from shared.db import in_transaction
from shared.ids import new_id

log = structlog.get_logger()


@post("/webhooks/{provider:str}", status_code=200)
async def hear(request: Request[Any, Any, Any], provider: FromPath[str]) -> Response[Any]:
    """Take a callback: 401 for what is not the provider's, 503 for what comes before we know of it."""
    counter, body = counter_of(request), await request.body()
    take = _TAKE.get(provider)
    if take is None:
        return answer(404, "not-found")
    try:
        return await take(counter, body, request.headers)
    except Forged as error:
        log.warning("callback refused", provider=provider, reason=str(error))
        return answer(401, "forged")
    except Declined as error:
        return answer(422, "invalid", error.words)
    except NoAnswer:
        return answer(503, "try-again")


def answer(status: int, outcome: str, detail: str | None = None) -> Response[Any]:
    """Return what a provider hears; of what passes by itself, that it should say it again."""
    headers = {"Retry-After": "30"} if status == 503 else {}
    body = {"outcome": outcome} | ({"detail": detail} if detail else {})
    return Response(body, status_code=status, headers=headers)


def _now() -> tuple[datetime, datetime]:
    """The installation's time, and the world's: they differ on a developer's machine alone."""
    return clock.now(), datetime.now(UTC)


async def _secrets(counter: Counter, provider: str) -> list[tuple[Row, Mapping[str, str]]]:
    """The gateways of a provider, with their secrets."""
    opened: list[tuple[Row, Mapping[str, str]]] = []
    for row in await store.gateways.of_provider(counter.pool, provider):
        try:
            opened.append((row, counter.tills.secrets_of(row)))
        except SecretsLost:
            log.error("secrets cannot be opened", gateway_id=str(row["gateway_id"]))
    return opened


async def take_sandbox(counter: Counter, body: bytes, headers: Mapping[str, str]) -> Response[Any]:
    """The sandbox's callback is its charge: settled before it is answered."""
    checkout = await counter.checkout(_reference_in(body), "sandbox")
    signature = headers.get("x-signature", "")
    for gateway, secrets in await _secrets(counter, "sandbox"):
        if checkout is not None and gateway["gateway_id"] != checkout["gateway_id"]:
            continue
        try:
            sandbox.check_signature(signature, body, secrets["webhook_secret"], _now())
        except Forged:
            continue
        heard = sandbox.read_callback(body)
        return (
            answer(503, "unknown-reference")
            if checkout is None
            else await _settle(counter, checkout, heard, body)
        )
    raise Forged("nobody's signature")


async def _settle(counter: Counter, checkout: Row, heard: Heard, body: bytes) -> Response[Any]:
    async with in_transaction(counter.pool) as tx:
        outcome = "paid" if heard.charge else "failed"
        if not await store.checkouts.keep_callback(tx, _kept(checkout, heard, body), outcome):
            return answer(200, "duplicate")
        if heard.charge is not None:
            await settling.charged(tx, checkout["checkout_id"], heard.charge)
        else:
            await settling.ended(tx, checkout["checkout_id"], "failed", "failed")
    return answer(200, "heard")


def _reference_in(body: bytes) -> str:
    """The reference that a body names, before anything of it is believed."""
    try:
        said = from_json(body)
    except ValueError:
        return ""
    reference = said.get("reference") if isinstance(said, dict) else None
    return reference if isinstance(reference, str) else ""


def _kept(checkout: Row, heard: Heard, body: bytes) -> dict[str, Any]:
    return {
        "callback_id": new_id(),
        "provider": checkout["provider"],
        "event_id": heard.event_id,
        "checkout_id": checkout["checkout_id"],
        "body": body,
        "now": clock.now(),
    }


async def _take_sslcommerz(counter: Counter, body: bytes, _headers: Mapping[str, str]) -> Response[Any]:
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200))
    except ValueError as error:
        raise Forged("no form") from error
    for gateway, secrets in await _secrets(counter, "sslcommerz"):
        store = sslcommerz.Sslcommerz(secrets, Calls(counter.tills.outside.client, ""))
        try:
            heard = store.read_callback(fields)
        except Forged:
            continue
        return await _ask(counter, gateway, heard, body)
    raise Forged("nobody's signature")


async def _take_stripe(counter: Counter, body: bytes, headers: Mapping[str, str]) -> Response[Any]:
    for gateway, secrets in await _secrets(counter, "stripe"):
        try:
            heard = stripe.read_callback(body, headers.get("stripe-signature", ""), secrets["webhook_secret"])
        except Forged:
            continue
        return await _ask(counter, gateway, heard, body)
    raise Forged("nobody's signature")


async def _take_bkash(counter: Counter, body: bytes, _headers: Mapping[str, str]) -> Response[Any]:
    fields = await sns.read(body, counter.certificates, _now())
    await _check_topic(counter, fields["TopicArn"])
    if fields["Type"] == "SubscriptionConfirmation":
        await sns.confirm(fields, counter.tills.outside.client)
        return answer(200, "confirmed")
    return await _ask(counter, None, sns.heard(fields), body)


async def _check_topic(counter: Counter, topic_arn: str) -> None:
    """Raise Forged for a topic that none of our accounts has, once all of them say which theirs is.

    Without that any topic of SNS is heard, for all that it does is to have bKash asked.
    """
    pinned = [secrets.get("topic_arn") for _gateway, secrets in await _secrets(counter, "bkash")]
    if pinned and all(pinned) and topic_arn not in pinned:
        raise Forged("a topic of somebody else")


async def _ask(counter: Counter, gateway: Row | None, heard: Heard, body: bytes) -> Response[Any]:
    """Keep what was heard, and have the provider asked; what is about somebody else's payment is let pass."""
    provider = gateway["provider"] if gateway is not None else "bkash"
    checkout = await counter.checkout(heard.reference, provider)
    if checkout is None or (gateway is not None and gateway["gateway_id"] != checkout["gateway_id"]):
        return answer(200, "not-ours")
    async with in_transaction(counter.pool) as tx:
        if not await store.checkouts.keep_callback(tx, _kept(checkout, heard, body), "asked"):
            return answer(200, "duplicate")
        # What was given up or failed may have been paid all the same.
        await store.checkouts.hear_again(tx, checkout["checkout_id"], heard.hint)
    return answer(200, "heard")


_TAKE = {
    "sandbox": take_sandbox,
    "sslcommerz": _take_sslcommerz,
    "stripe": _take_stripe,
    "bkash": _take_bkash,
}
ROUTES = [hear]
