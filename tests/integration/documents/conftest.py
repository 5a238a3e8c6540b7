"""Documents on a database and a blob store of the test's own; rendering processes for all tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import boto3
import pytest
import pytest_asyncio
from moto.server import ThreadedMotoServer

from services.documents.rendering.pool import Pool as Processes
from shared import blobs
from shared.blobs import BlobSettings
from tests.conftest import PoolFor
from tests.integration.documents.harness import DocumentsHarness

MEGABYTE = 1024 * 1024


@pytest_asyncio.fixture(scope="session")
async def processes() -> AsyncIterator[Processes]:
    pool = Processes(
        size=1,
        time_limit_seconds=120,
        memory_bytes=1_024 * MEGABYTE,
        recycle_bytes=400 * MEGABYTE,
        jobs_a_process=1_000,
    )
    yield pool
    await pool.close()


@pytest_asyncio.fixture
async def harness(pool_for: PoolFor, tmp_path: Path, processes: Processes) -> DocumentsHarness:
    store = blobs.open_store(BlobSettings(blob_dir=str(tmp_path / "blobs")))
    harness = DocumentsHarness(await pool_for("documents"), store, processes)
    await harness.furnish()
    return harness


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> BlobSettings:
    """An empty bucket behind a server that speaks S3."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test-only")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    boto3.client("s3", endpoint_url=s3_endpoint, region_name="us-east-1").create_bucket(Bucket="files")
    return BlobSettings(blob_url="s3://files/desk", blob_s3_endpoint=s3_endpoint)
