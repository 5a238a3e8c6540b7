"""Files about an erased customer are deleted, and none that names them is made later."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.documents import workers
from shared import blobs, erasure
from shared.blobs import BlobMissing
from shared.contracts.catalog import CustomerErased
from tests.integration.documents import papers
from tests.integration.documents.harness import ROOT, DocumentsHarness


def erased(code: str) -> CustomerErased:
    return CustomerErased(
        customer_id=papers.CUSTOMER, operator_id=ROOT, code=code, erased_at=datetime.now(UTC), version=4
    )


async def forget(harness: DocumentsHarness) -> None:
    await erasure.forgetting(workers.forget_erased(harness.store))(harness.pool)


async def test_their_files_go_with_their_rows(harness: DocumentsHarness) -> None:
    made = [await harness.made(each) for each in (papers.invoice(), papers.receipt(), papers.statement())]
    await harness.tell(erased(papers.bill().customer_code))
    for _ in range(2):
        await forget(harness)
    for each in made:
        with pytest.raises(BlobMissing):
            await blobs.get(harness.store, each.said.blob_key)
    assert await harness.pool.fetchval("SELECT count(*) FROM file") == 0


async def test_what_still_names_them_comes_too_late_and_what_names_a_code_is_made(
    harness: DocumentsHarness,
) -> None:
    code = papers.bill().customer_code
    await harness.tell(erased(code))
    assert (await harness.refusal(papers.invoice())).code == "customer-erased"
    late = papers.bill(customer_name=f"Erased customer {code}", customer_mobile=None)
    made = await harness.made(papers.invoice(invoice=late, customer_address=""))
    assert f"Erased customer {code}" in made.text
