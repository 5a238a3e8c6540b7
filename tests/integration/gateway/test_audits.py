"""The audit at the desk: asked for by a button, one at a time, told how far it is and what it came to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
import httpx
import pytest
from lxml import html

from cli.audit import projector, promises, settling
from gateway.context import Gateway
from gateway.projection.audits import MOST_FINDINGS, Auditor, Finding, Progress
from gateway.settings import ProjectorSettings
from shared.db import Pool
from shared.migrate import AUDITOR
from tests import patience
from tests.conftest import as_role
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_installation import SWAP, admin

__all__ = ["admin"]


# What the harness says is what its owners have.
OWNED = """
SET session_replication_role = 'replica';
INSERT INTO invoicing.operator (id, code, name, parent_id, path, version)
SELECT id, code, name, parent_id, path, version FROM gateway.operator;
INSERT INTO payments.operator_known (operator_id, code, parent_id, path, version)
SELECT id, code, parent_id, path, version FROM gateway.operator;
INSERT INTO invoicing.package (id, operator_id, name, price_minor, vat_basis_points, version)
SELECT id, operator_id, name, price_minor, vat_basis_points, version FROM gateway.package;
INSERT INTO invoicing.customer
       (id, operator_id, code, name, address, package_id, status, billing_cycle, since, version)
SELECT id, operator_id, code, name, address, package_id, status, billing_cycle, since, version
  FROM gateway.customer;
INSERT INTO payments.customer_known (customer_id, operator_id, code, version)
SELECT id, operator_id, code, version FROM gateway.customer;
"""


@dataclass
class Looking:
    """A look at the promises that ends when the test says so."""

    findings: Sequence[Finding] = ()
    looked: int = 1
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, progress: Progress) -> Sequence[Finding]:
        progress.looked = self.looked
        self.begun.set()
        await self.may_end.wait()
        return self.findings


def settings_for(database_url: str, audit_as: str | None) -> ProjectorSettings:
    return ProjectorSettings(
        database_url=as_role(database_url, "projector"),
        kafka_bootstrap_servers="127.0.0.1:1",
        audit_database_url=as_role(database_url, audit_as) if audit_as else None,
    )


@pytest.fixture
def auditor(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Auditor:
    """What the projector audits with, as the role `auditor`; Kafka is away, so nothing is waited for."""
    monkeypatch.setattr(settling, "SHORTEST_SECONDS", 0.1)
    monkeypatch.setattr(settling, "LOOKS", 1)
    made = projector.auditor_of(settings_for(database_url, AUDITOR))
    assert made is not None
    return made


async def ask(client: httpx.AsyncClient) -> str:
    answer = await client.post("/operations/audit", data={}, headers=SWAP)
    assert answer.status_code == 200, answer.text
    return answer.text


async def count(pool: Pool) -> int:
    return int(await pool.fetchval("SELECT count(*) FROM audit"))


async def execute(database_url: str, statement: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(statement)
    await connection.close()


async def test_an_audit_finds_that_every_promise_holds_and_the_dialog_says_when_and_how_long(
    admin: httpx.AsyncClient, harness: GatewayHarness, database_url: str, auditor: Auditor
) -> None:
    await execute(database_url, OWNED)
    assert not await auditor.step(harness.pool)
    assert "begins in a moment" in await ask(admin)
    assert await auditor.step(harness.pool)
    dialog = (await admin.get("/operations/audit", headers=SWAP)).text
    assert f"{len(promises.NAMES)} promises hold" in dialog
    assert "Asked for by admin.isp@desk.test" in dialog
    assert "ended " in dialog
    assert "hx-trigger" not in dialog
    assert "all promises hold" in (await admin.get("/operations")).text


async def test_a_broken_promise_is_named_with_its_row_and_with_what_to_do_next(
    admin: httpx.AsyncClient, harness: GatewayHarness, database_url: str, auditor: Auditor
) -> None:
    """The harness says operators of which invoicing knows nothing: broken by hand, as it were."""
    await auditor.step(harness.pool)
    await ask(admin)
    assert await auditor.step(harness.pool)
    for language, next_step in (("en", "What to do next"), ("bn", "এরপর কী করবেন")):
        admin.cookies.set("desk_language", language)
        page = html.fromstring((await admin.get("/operations/audit", headers=SWAP)).text)
        text = page.text_content()
        assert "an-operator-is-known-to-all" in text
        assert f"gateway.operator {harness.north.operator_id}" in text
        assert next_step in text
        assert "ispbills view rebuild" in text
    admin.cookies.set("desk_language", "en")
    broken = await harness.pool.fetchval("SELECT broken FROM audit")
    assert f"Audit: {broken} rows break a promise" in (await admin.get("/operations")).text


async def test_who_asks_while_an_audit_is_under_way_is_shown_that_one_at_every_replica(
    admin: httpx.AsyncClient, harness: GatewayHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.projection.audits.NOTE_SECONDS", 0.05)
    looking = Looking()
    first, second = Auditor(57, looking), Auditor(57, looking)
    await first.step(harness.pool)
    await asyncio.gather(*(ask(admin) for _ in range(3)))
    auditing = asyncio.create_task(first.step(harness.pool))
    async with asyncio.timeout(patience.SECONDS):
        await looking.begun.wait()
    assert not await second.step(harness.pool)
    await patience.until(lambda: _noted(harness.pool, 1), "progress is written down")
    page = await ask(admin)
    assert "1 of 57 promises looked at" in page
    assert 'hx-get="/operations/audit/progress?said=looking"' in page
    assert "Audit: 1 of 57" in (await admin.get("/operations")).text  # as after a reload
    assert await count(harness.pool) == 1
    silent = (await admin.get("/operations/audit/progress?said=looking", headers=SWAP)).text
    told = (await admin.get("/operations/audit/progress?said=waiting", headers=SWAP)).text
    assert ("audit-said" in silent, "audit-said" in told) == (False, True)
    looking.may_end.set()
    await auditing
    assert "57 promises hold" in (await admin.get("/operations/audit/progress", headers=SWAP)).text
    await ask(admin)
    assert await count(harness.pool) == 2


async def _noted(pool: Pool, looked: int) -> bool:
    return bool(await pool.fetchval("SELECT EXISTS (SELECT FROM audit WHERE looked = $1)", looked))


async def test_a_projector_that_is_stopped_in_the_middle_says_so_at_once(
    admin: httpx.AsyncClient, harness: GatewayHarness
) -> None:
    looking = Looking(looked=12)
    stopped = Auditor(57, looking)
    await stopped.step(harness.pool)
    await ask(admin)
    auditing = asyncio.create_task(stopped.step(harness.pool))
    async with asyncio.timeout(patience.SECONDS):
        await looking.begun.wait()
    auditing.cancel()
    await asyncio.gather(auditing, return_exceptions=True)
    dialog = (await admin.get("/operations/audit", headers=SWAP)).text
    assert "interrupted after 12 of 57 promises, and says nothing about any of them" in dialog
    assert "hx-trigger" not in dialog


async def test_a_projector_that_was_killed_is_known_by_its_lease_and_another_audit_may_begin(
    admin: httpx.AsyncClient, harness: GatewayHarness, database_url: str
) -> None:
    looking = Looking([("p", "r", "1", "a", "b")])
    killed = Auditor(57, looking)
    await killed.step(harness.pool)
    await ask(admin)
    auditing = asyncio.create_task(killed.step(harness.pool))
    async with asyncio.timeout(patience.SECONDS):
        await looking.begun.wait()
    await execute(database_url, "UPDATE gateway.audit SET lease_until = clock_timestamp()")
    assert "interrupted after" in (await admin.get("/operations/audit", headers=SWAP)).text
    await ask(admin)
    states = await harness.pool.fetch("SELECT state FROM audit ORDER BY asked_at")
    assert [row["state"] for row in states] == ["interrupted", "waiting"]
    looking.may_end.set()
    await auditing  # it woke up again: what it has to say is nobody's any more
    assert await harness.pool.fetchval("SELECT count(*) FROM audit WHERE state = 'looked'") == 0


async def test_only_the_first_rows_are_kept_and_all_are_counted(
    admin: httpx.AsyncClient, harness: GatewayHarness
) -> None:
    looking = Looking([("p", "payments.payment", str(number), "1", "2") for number in range(500)], looked=57)
    looking.may_end.set()
    many = Auditor(57, looking)
    await many.step(harness.pool)
    await ask(admin)
    await many.step(harness.pool)
    dialog = (await admin.get("/operations/audit", headers=SWAP)).text
    assert f"The first {MOST_FINDINGS} of 500; the rest is named by" in dialog
    assert "ispbills audit" in dialog
    assert "ispbills view rebuild" not in dialog


async def test_where_no_process_can_audit_the_dialog_says_so_and_names_the_command(
    admin: httpx.AsyncClient, harness: GatewayHarness, database_url: str
) -> None:
    assert projector.auditor_of(settings_for(database_url, None)) is None
    dialog = await ask(admin)
    assert "No process here can audit" in dialog
    assert "ispbills audit" in dialog
    assert await count(harness.pool) == 0


async def test_an_auditor_that_cannot_sign_in_has_failed_and_says_why(
    admin: httpx.AsyncClient, harness: GatewayHarness, database_url: str
) -> None:
    nobody = projector.auditor_of(settings_for(database_url, "nobody_at_all"))
    assert nobody is not None
    await nobody.step(harness.pool)
    await ask(admin)
    assert await nobody.step(harness.pool)
    dialog = (await admin.get("/operations/audit", headers=SWAP)).text
    assert "The audit failed, and says nothing about the promises." in dialog
    assert "nobody_at_all" in dialog


async def test_only_admins_of_the_root_audit_and_with_the_token_of_their_session_alone(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway: Gateway, client_for: ClientFor
) -> None:
    await Auditor(57, Looking()).step(harness.pool)
    transport = httpx.ASGITransport(app=app_for(gateway))
    for operator, role in ((harness.north, "admin"), (harness.root, "operator")):
        await client_for(operator, role)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as other:
            login = {"email": f"{role}.{operator.code.lower()}@desk.test", "password": PASSWORD}
            session = await other.post("/api/v1/session", json=login)
            other.headers["X-CSRF-Token"] = session.json()["csrf_token"]
            for path in ("/operations/audit", "/operations/audit/progress"):
                assert (await other.get(path, headers=SWAP)).status_code == 403
            assert (await other.post("/operations/audit", data={}, headers=SWAP)).status_code == 403
    token = admin.headers.pop("X-CSRF-Token")
    assert (await admin.post("/operations/audit", data={}, headers=SWAP)).status_code == 403
    assert await count(harness.pool) == 0
    plain = await admin.post("/operations/audit", data={"csrf_token": token})  # without JavaScript
    assert (plain.status_code, plain.headers["location"]) == (303, "/operations/audit")
    assert await count(harness.pool) == 1
    assert "Look again" in (await admin.get("/operations/audit")).text
