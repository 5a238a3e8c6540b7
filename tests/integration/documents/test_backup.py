"""Documents is brought back from a backup; letterheads and files of since then are made again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.documents.app import create_service
from services.documents.settings import Settings
from shared import blobs
from shared.ids import new_id
from shared.service import Service
from tests.conftest import as_role
from tests.integration.documents.harness import ROOT, DocumentsHarness
from tests.integration.documents.papers import invoice, receipt
from tests.integration.documents.test_profiles import picture
from tests.integration.restoring import Installation
from tests.patience import until_equal

LETTERHEAD = """
SELECT version || ' ' || valid_from || ' ' || (fields ->> 'footer')
         || CASE WHEN logo IS NULL THEN '' ELSE ' with a logo' END
  FROM isp_profile
 ORDER BY version DESC
 LIMIT 1
"""
SAID_ALL = "SELECT NOT EXISTS (SELECT FROM outbox WHERE topic <> 'documents.processes')"
IS_RENDERED = """
SELECT EXISTS (SELECT FROM command_end WHERE command_id = $1 AND type = 'document.rendered.v1')
"""


@dataclass(frozen=True)
class Documents(Installation):
    """Documents on a database and a blob store of its own."""

    harness: DocumentsHarness

    def service(self) -> Service:
        settings = Settings(
            database_url=as_role(self.database_url, "documents"),
            kafka_bootstrap_servers=self.kafka,
            blob_dir=str(self.folder / "blobs"),
            render_processes=1,
        )
        return create_service(settings)

    async def until(self, statement: str, expected: object, *arguments: UUID) -> None:
        await until_equal(expected, lambda: self._value(statement, *arguments))

    async def letterhead(self) -> str:
        return str(await self._value(LETTERHEAD))

    async def _value(self, statement: str, *arguments: UUID) -> Any:
        owner = await asyncpg.connect(self.database_url, server_settings={"search_path": "documents"})
        try:
            return await owner.fetchval(statement, *arguments)
        finally:
            await owner.close()


@pytest.fixture
async def installation(harness: DocumentsHarness, database_url: str, kafka: str, tmp_path: Path) -> Documents:
    installation = Documents(database_url, kafka, tmp_path, harness)
    await installation.hears_from_now_on(installation.service())
    return installation


async def test_a_letterhead_and_a_file_of_since_the_backup_are_there_again(installation: Documents) -> None:
    harness = installation.harness
    await harness.profile(ROOT, footer="Before")
    bill_id, receipt_id = new_id(), new_id()
    async with installation.service().running():
        await installation.ask(invoice(), bill_id)
        await installation.until(IS_RENDERED, True, bill_id)
        file = await installation.backed_up("documents")
        change = await harness.change(ROOT, footer="Since", logo=picture())
        await installation.ask(change)
        await installation.until(f"SELECT ({LETTERHEAD}) LIKE '2 % Since with a logo'", True)
        before = await installation.letterhead()
        await installation.ask(receipt(), receipt_id)
        await installation.until(IS_RENDERED, True, receipt_id)
        await installation.until(SAID_ALL, True)
    await harness.pool.close()
    assert change.change.logo is not None
    await blobs.delete(harness.store, [change.change.logo.key])  # as sent, it is kept for a day

    await installation.restored(file)

    assert await installation.letterhead() == before, "valid since it was, not since the restore"
    await installation.until(IS_RENDERED, False, receipt_id)
    async with installation.service().running():
        await installation.until(IS_RENDERED, True, receipt_id)
        assert await installation.letterhead() == before
