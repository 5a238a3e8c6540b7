"""A database of a test's own with the command line beside it, which backs it up and brings it back."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError

from shared.contracts.envelope import Message
from shared.contracts.topics import TOPICS
from shared.ids import new_id
from shared.service import Service
from tests import patience
from tests.integration.plumbing.road import send_raw

ROOT = Path(__file__).resolve().parents[2]
PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}


@dataclass(frozen=True)
class Installation:
    """The schemas of one database, the road into them, and the folder where backups go."""

    database_url: str
    kafka: str
    folder: Path

    async def ask(self, command: Message, id: UUID | None = None) -> None:
        """Send a command as the gateway does."""
        headers = [("ce_id", str(id or new_id()).encode()), ("ce_type", command.type.encode())]
        await send_raw(self.kafka, command.destination(), [(command.model_dump_json().encode(), headers)])

    async def hears_from_now_on(self, service: Service) -> None:
        """Have a service that is about to start pass over what earlier tests left for it on this Kafka.

        One that was killed may have read it and not said so: what it was told would be heard here as well.
        """
        for subscription in service.subscriptions:
            if subscription.pattern:
                continue  # a test makes partner topics of its own
            group = f"{service.name}.{subscription.name}"
            places = [
                TopicPartition(name, each) for name in subscription.topics for each in range(PARTITIONS[name])
            ]
            await patience.until(
                partial(self._pass_over, group, places), f"{group} passes over what was left"
            )

    async def _pass_over(self, group: str, places: list[TopicPartition]) -> bool:
        """Put a group to the end of its topics; False while one that was killed counts as its member."""
        reader = AIOKafkaConsumer(bootstrap_servers=self.kafka, group_id=group, enable_auto_commit=False)
        reader.assign(places)
        async with reader:
            try:
                await reader.commit(await reader.end_offsets(places))
            except KafkaError:
                return False
        return True

    async def nothing_said_yet_by(self, service: str) -> None:
        """Take off this Kafka what earlier tests had a service of another database say."""
        places = [
            TopicPartition(topic.name, each)
            for topic in TOPICS
            if topic.name.startswith(f"{service}.")
            for each in range(topic.partitions)
        ]
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        try:
            async with AIOKafkaConsumer(bootstrap_servers=self.kafka) as reader:
                ends = await reader.end_offsets(places)
            await admin.delete_records({place: RecordsToDelete(end) for place, end in ends.items()})
        finally:
            await admin.close()

    async def ispbills(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # A stack of this machine's own would lend the command line its passwords.
        told = {
            "DATABASE_URL": self.database_url,
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "ISPBILLS_STATE_DIR": str(self.folder / "state"),
        }
        command = [sys.executable, "-m", "cli.main", *arguments]
        return await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, env=os.environ | told, capture_output=True, text=True
        )

    async def backed_up(self, service: str) -> str:
        """Back a service up; return the file."""
        said = await self.ispbills("backup", service, "--to", str(self.folder))
        assert said.returncode == 0, said.stderr
        return said.stdout.strip()

    async def restored(self, file: str) -> str:
        """Bring a backup back; return what the command says."""
        said = await self.ispbills("restore", file)
        assert said.returncode == 0, said.stderr
        assert "is as it was" in said.stdout
        return said.stdout
