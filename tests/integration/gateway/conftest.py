"""The gateway over its real schema: events to project and clients to ask with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import cycle
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest_asyncio

from gateway.app import links_of
from gateway.commands import passwords
from gateway.commands import tokens as token_commands
from gateway.context import Gateway
from gateway.operations.listener import Waiters
from gateway.schemas.portal_links import Portals
from gateway.settings import Settings
from gateway.store import users as user_store
from shared import blobs, clock
from shared.blobs import BlobSettings
from shared.contracts.catalog import OperatorChanged
from shared.db import Pool, in_transaction
from shared.ids import new_id
from shared.sealing import public_key_of
from tests.conftest import PoolFor, as_role
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.harness import GatewayHarness
from tests.keys import KEYS

ClientFor: TypeAlias = Callable[[OperatorChanged, str], Awaitable[httpx.AsyncClient]]

PASSWORD = "correct-horse-battery"
_ADDRESSES = cycle(range(1, 255))


@pytest_asyncio.fixture
async def harness(pool_for: PoolFor) -> GatewayHarness:
    made = GatewayHarness(await pool_for("projector"))
    await made.furnish()
    return made


@pytest_asyncio.fixture
async def gateway_pool(pool_for: PoolFor) -> Pool:
    return await pool_for("gateway")


@pytest_asyncio.fixture
async def gateway(database_url: str, gateway_pool: Pool, tmp_path: Path) -> Gateway:
    settings = Settings(
        database_url=as_role(database_url, "gateway"),
        kafka_bootstrap_servers="127.0.0.1:9",
        public_url="http://desk.test",
        session_secret="a secret of the tests",
        link_key="the link key of the tests",
        payments_public_url="http://pay.test",
        payments_sealing_public_key=public_key_of(KEYS["payments"]),
        notifications_sealing_public_key=public_key_of(KEYS["notifications"]),
        answer_within_seconds=0.3,
    )
    waiters = Waiters(settings.database_url)
    return Gateway(
        settings,
        waiters,
        Portals(settings.public_url, settings.session_secret, links_of(settings)),
        lambda: gateway_pool,
        blobs.open_store(BlobSettings(blob_dir=str(tmp_path / "blobs"))),
    )


@pytest_asyncio.fixture
async def visitor(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in."""
    address = f"198.51.100.{next(_ADDRESSES)}"  # strangers are paced by theirs
    transport = httpx.ASGITransport(app=app_for(gateway), client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test/api/v1") as client:
        yield client


@pytest_asyncio.fixture(scope="session")
async def password_hash() -> str:
    """The hash of the tests' password; slow to make, as it has to be."""
    return await passwords.hash_password(PASSWORD)


@pytest_asyncio.fixture
async def client_for(gateway: Gateway, gateway_pool: Pool, password_hash: str) -> AsyncIterator[ClientFor]:
    """`await client_for(harness.north, "operator")`: a client with a new user's API token."""
    transport = httpx.ASGITransport(app=app_for(gateway))
    opened: list[httpx.AsyncClient] = []

    async def make(operator: OperatorChanged, role: str) -> httpx.AsyncClient:
        user = {
            "id": new_id(),
            "email": f"{role}.{operator.code.lower()}@desk.test",
            "name": "Nasrin",
            "role": role,
            "operator_id": operator.operator_id,
            "password_hash": password_hash,
        }
        async with in_transaction(gateway_pool) as tx:
            await user_store.add_user(tx, user, clock.now())
            token = (await token_commands.issue_token(tx, user, "tests"))["token"]
        client = httpx.AsyncClient(
            transport=transport,
            base_url="http://desk.test/api/v1",
            headers={"Authorization": f"Bearer {token}"},
        )
        opened.append(client)
        return client

    yield make
    for client in opened:
        await client.aclose()
