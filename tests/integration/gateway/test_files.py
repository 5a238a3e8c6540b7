"""Customers files through the API: a workbook is taken as a CSV is, a broken one is the sender's fault."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from openpyxl import Workbook

from gateway.schemas.imports import COLUMNS
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness


def _workbook() -> bytes:
    book = Workbook()
    book.worksheets[0].append(COLUMNS)
    book.worksheets[0].append(
        ["C1", "Rahman", None, "Dhaka", "ISP", "Home", "active", "monthly", "2026-01-01"]
    )
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def test_a_workbook_is_imported_by_the_api(harness: GatewayHarness, client_for: ClientFor) -> None:
    admin = await client_for(harness.root, "admin")
    answer = await admin.post(
        "/customers/import", content=_workbook(), headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize(
    ("content", "status"),
    [(_workbook()[:-500], 422), (b"PK\x03\x04", 422), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 415), (b"", 422)],
    ids=["cut off", "only a beginning", "an old workbook", "nothing"],
)
async def test_a_broken_file_is_a_problem_that_says_what_to_do(
    harness: GatewayHarness, client_for: ClientFor, content: bytes, status: int
) -> None:
    admin = await client_for(harness.root, "admin")
    answer = await admin.post("/customers/import", content=content, headers={"Idempotency-Key": str(uuid4())})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == "file"
