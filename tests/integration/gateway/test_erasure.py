"""Erasing at the desk: who may, when it is refused, and what is forgotten, in whatever order it is heard."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx

from gateway.projection import handlers
from gateway.store.erasure import forget_erased
from shared import erasure
from shared.contracts.catalog import CustomerErased
from shared.contracts.envelope import Message
from shared.contracts.payments import PaymentRecorded
from shared.db import Pool, in_transaction
from tests import patience
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid, received
from tests.integration.traces import traces_of

MOBILE = "01799887766"
WORDS = ("Abdul Rahman", MOBILE)


def _slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rsplit("/", 1)[1]


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


async def _hear(harness: GatewayHarness, *messages: Message) -> None:
    for message in messages:
        if isinstance(message, CustomerErased):
            async with in_transaction(harness.pool) as tx:
                await handlers.erase_customers([received(message)], tx)
        else:
            await harness.say(message)


def _named(recorded: PaymentRecorded, version: int, **words: str | None) -> PaymentRecorded:
    payment = recorded.payments[0].model_copy(update={**words, "version": version})
    return recorded.model_copy(update={"payments": (payment,)})


async def test_only_an_admin_erases_and_only_whom_nothing_is_open_with(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    path = f"/customers/{harness.abdul.customer_id}/erase"
    operator, admin = await client_for(harness.north, "operator"), await client_for(harness.root, "admin")
    assert (await operator.post(path, json={"code": "N1"}, headers=_key())).status_code == 403
    wrong = await admin.post(path, json={"code": "N2"}, headers=_key())
    assert (wrong.status_code, _slug(wrong)) == (422, "other-code")
    for told, slug in (
        (None, "not-closed"),
        (harness.abdul.model_copy(update={"status": "closed", "version": 2}), "still-owes"),
        (paid(issued, issued.total_minor + 5), "has-credit"),
    ):
        if told is not None:
            await harness.say(told)
        refused = await admin.post(path, json={"code": "N1"}, headers=_key())
        assert (refused.status_code, _slug(refused)) == (409, slug)


async def test_erasing_is_asked_of_invoicing_and_answered_with_what_is_left(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    closed = harness.abdul.model_copy(update={"status": "closed", "version": 2})
    await harness.say(closed)
    admin = await client_for(harness.root, "admin")
    asked = await admin.post(f"/customers/{closed.customer_id}/erase", json={"code": "N1"}, headers=_key())
    assert asked.status_code == 202
    changed = closed.model_copy(
        update={"name": "Erased customer N1", "mobile": None, "address": "", "version": 3}
    )
    erased = CustomerErased(
        customer_id=closed.customer_id,
        operator_id=closed.operator_id,
        code="N1",
        erased_at=datetime.now(UTC),
        version=3,
    )
    await harness.say(changed)
    async with in_transaction(harness.pool) as tx:
        because = received(erased, because=UUID(asked.json()["id"]))
        await handlers.erase_customers([because], tx)
    operation = (await admin.get(asked.headers["location"].removeprefix("/api/v1"))).json()
    assert (operation["state"], operation["resource"]["name"], operation["resource"]["erased"]) == (
        "completed",
        "Erased customer N1",
        True,
    )
    again = await admin.post(f"/customers/{closed.customer_id}/erase", json={"code": "N1"}, headers=_key())
    assert (again.status_code, _slug(again)) == (409, "customer-erased")


async def test_the_view_forgets_in_whatever_order_it_hears(
    harness: GatewayHarness, gateway_pool: Pool
) -> None:
    """Old and new states of four topics, each as it may lag behind the others, and all of it twice."""
    old = harness.abdul.model_copy(update={"mobile": f"+88{MOBILE}", "version": 2})
    issued = invoice(old, "NORTH-000001")
    recorded = _named(paid(issued, issued.total_minor), 1, reference=MOBILE, note="of Abdul Rahman")
    name = {"name": "Erased customer N1", "mobile": None, "address": "", "version": 3}
    topics: list[list[Message]] = [
        [old, old.model_copy(update=name)],
        [
            CustomerErased(
                customer_id=old.customer_id,
                operator_id=old.operator_id,
                code="N1",
                erased_at=datetime.now(UTC),
                version=2,
            )
        ],
        [
            issued,
            issued.model_copy(
                update={"customer_name": "Erased customer N1", "customer_mobile": None, "version": 2}
            ),
        ],
        [recorded, _named(recorded, 2, reference=None, note=None)],
    ]
    for order in itertools.permutations(topics):
        for message in itertools.chain.from_iterable(order):
            await _hear(harness, message)
        for message in (old, issued, recorded):
            await _hear(harness, message)
        await erasure.forgetting(forget_erased)(gateway_pool)
        assert await traces_of(harness.pool, *WORDS) == []
    assert await gateway_pool.fetchval("SELECT count(*) FROM erased_customer WHERE look_at IS NULL") == 1


async def test_commands_and_imports_that_named_them_are_forgotten(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    admin = await client_for(harness.root, "admin")
    content = (
        f"code,name,mobile,operator,package\nN1,Abdul Rahman,{MOBILE},NORTH,Home 20\nN1,Abdul Rahman,,,\n"
    )
    headers = _key() | {"Content-Type": "text/csv"}
    assert (await admin.post("/customers/import", content=content, headers=headers)).status_code == 202
    change = await admin.patch(
        f"/customers/{harness.abdul.customer_id}", json={"name": "Abdul Rahman"}, headers=_key()
    )
    assert change.status_code == 202
    await harness.pool.execute("UPDATE operation SET state = 'completed', completed_at = now()")
    await gateway_pool.execute(
        "UPDATE customer_import_chunk SET created = 0, updated = 1, unchanged = 0, waits = FALSE"
    )
    erased = CustomerErased(
        customer_id=harness.abdul.customer_id,
        operator_id=harness.abdul.operator_id,
        code="N1",
        erased_at=datetime.now(UTC),
        version=2,
    )
    name = {"name": "Erased customer N1", "mobile": None, "address": "", "version": 2}
    await _hear(harness, harness.abdul.model_copy(update=name), erased)
    await erasure.forgetting(forget_erased)(gateway_pool)
    assert await traces_of(harness.pool, *WORDS) == []


async def test_two_replicas_that_hear_of_resellers_and_erasures_crosswise_wait_in_no_circle(
    harness: GatewayHarness,
) -> None:
    gone, also_gone = (
        CustomerErased(
            customer_id=each.customer_id,
            operator_id=each.operator_id,
            code=each.code,
            erased_at=datetime.now(UTC),
            version=2,
        )
        for each in (harness.abdul, harness.mitu)
    )
    async with in_transaction(harness.pool) as tx:
        await handlers.erase_customers([received(gone)], tx)
        async with asyncio.timeout(patience.SECONDS), in_transaction(harness.pool) as beside:
            await handlers.project_operators([received(harness.south)], beside)
            await handlers.erase_customers([received(also_gone)], beside)
        await handlers.project_operators([received(harness.north)], tx)
