"""Notifications is brought back from a backup; what it had sent since, it does not send again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from cli.audit.promises import look, reading
from devstack.simulators.sms import SmsSimulator
from services.notifications.app import create_service
from services.notifications.settings import Settings
from shared.contracts.notifications import SaveSmsTemplate, SendMessage
from shared.service import Service
from tests.conftest import as_role
from tests.integration.notifications.harness import CLERK, LINK, PALLABI, NotificationsHarness, sealed
from tests.integration.notifications.test_road import PROMISES
from tests.integration.restoring import Installation
from tests.keys import KEYS
from tests.patience import until, until_equal

OWN_TEXT = SaveSmsTemplate(
    actor=CLERK, template="payment-link", operator_id=PALLABI, language="en", text="Pallabi Link: {link}"
)
KNOWN = """
SELECT 'message' AS what, to_jsonb(message) - 'sealed_text' - 'sealed_url' AS of_it FROM message
UNION ALL SELECT 'attempt', to_jsonb(attempt) FROM attempt
UNION ALL SELECT 'gateway', to_jsonb(sms_gateway) - 'sealed' FROM sms_gateway
UNION ALL SELECT 'operator', to_jsonb(operator) FROM operator
UNION ALL SELECT 'ended', to_jsonb(command_end) FROM command_end
UNION ALL SELECT 'dead letter', jsonb_build_object('reason', reason) FROM dead_letter
UNION ALL SELECT 'set aside', to_jsonb(partition_set_aside) FROM partition_set_aside
"""


@dataclass(frozen=True)
class Notifications(Installation):
    """Notifications on a database of its own, with a provider that remembers what it sent."""

    harness: NotificationsHarness

    def service(self) -> Service:
        settings = Settings(
            database_url=as_role(self.database_url, "notifications"),
            kafka_bootstrap_servers=self.kafka,
            sealing_key=KEYS["notifications"],
        )
        return create_service(settings)

    async def asks(self, message: SendMessage) -> None:
        """Ask for a message as the gateway does twice, when it hears no answer to the first."""
        await self.ask(message)
        await self.ask(message)

    async def states(self, messages: Sequence[SendMessage]) -> list[str | None]:
        """What became of messages, by its tables."""
        rows = await self._fetch("SELECT message_id, state FROM message")
        found: dict[UUID, str] = {row["message_id"]: row["state"] for row in rows}
        return [found.get(each.message_id) for each in messages]

    async def until(self, messages: Sequence[SendMessage], states: Sequence[str | None]) -> None:
        """Wait until its tables say so of messages; else tell all that it knows."""
        try:
            await until_equal(list(states), lambda: self.states(messages))
        except AssertionError as late:
            late.add_note(str(await self._fetch(KNOWN)))
            raise

    async def has_said_all(self) -> bool:
        return not await self._fetch("SELECT FROM outbox WHERE topic <> 'notifications.processes'")

    async def has_own_text(self) -> bool:
        rows = await self._fetch("SELECT text FROM sms_template")
        return [row["text"] for row in rows] == [OWN_TEXT.text]

    async def _fetch(self, statement: str) -> list[asyncpg.Record]:
        owner = await asyncpg.connect(self.database_url, server_settings={"search_path": "notifications"})
        try:
            return list(await owner.fetch(statement))
        finally:
            await owner.close()


@pytest.fixture
async def installation(
    harness: NotificationsHarness, database_url: str, kafka: str, tmp_path: Path
) -> Notifications:
    await harness.configure("bulksmsbd")
    await harness.pool.execute("DELETE FROM outbox")
    installation = Notifications(database_url, kafka, tmp_path, harness)
    await installation.hears_from_now_on(installation.service())
    return installation


def to(harness: NotificationsHarness, number: int) -> SendMessage:
    link = sealed({"url": f"{LINK}{number}"}, "link", PALLABI)
    return harness.message(mobile=f"+88017119900{number:02d}", sealed_url=link)


async def test_what_was_sent_since_the_backup_is_known_again_and_not_sent_again(
    installation: Notifications, simulator: SmsSimulator
) -> None:
    harness = installation.harness
    before, since, in_doubt = messages = [to(harness, number) for number in range(3)]

    async with installation.service().running():
        await installation.asks(before)
        await installation.until([before], ["sent"])
        file = await installation.backed_up("notifications")
        await installation.asks(since)
        await installation.ask(OWN_TEXT)
        await installation.until([since], ["sent"])
        simulator.bulksmsbd.traps.break_every = 1  # sent, and nobody is told
        await installation.asks(in_doubt)
        await installation.until([in_doubt], ["unknown"])
        await until(installation.has_said_all, "the world has heard of them")
    await harness.pool.close()
    simulator.bulksmsbd.traps.break_every = 0

    said = await installation.restored(file)

    assert "are known again by what was said of them" in said
    assert await installation.states(messages) == ["sent", "sent", "unknown"]
    async with installation.service().running():
        await until(installation.has_own_text, "the text is heard again")
    given = Counter(sms.to for sms in simulator.bulksmsbd.sent)
    assert [given[each.mobile.removeprefix("+")] for each in messages] == [1, 1, 1]
    async with reading(installation.database_url) as connection:
        assert await look(connection, PROMISES) == set()


async def test_what_an_earlier_test_left_on_the_road_is_not_heard(installation: Notifications) -> None:
    harness = installation.harness
    message = to(harness, 0)
    # That operator's own gateway would be the one to take its messages, and nobody is there.
    nowhere = harness.configuring("http", settings={"url": "http://127.0.0.1:9"}, operator_id=PALLABI)
    await installation.ask(nowhere)
    await installation.hears_from_now_on(installation.service())

    async with installation.service().running():
        await installation.ask(message)
        await installation.until([message], ["sent"])
