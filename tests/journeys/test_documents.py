"""From a bill to its file: gateway, invoicing, documents and back, between real processes."""

from __future__ import annotations

import hashlib

import pypdfium2

from tests.journeys.stack import Office, Stack, value
from tests.patience import until


async def _pdf(office: Office, path: str) -> bytes:
    """The file, however long it takes to be made; a rendering that was too slow is tried again."""

    async def look() -> bytes | None:
        answer = await office.client.get(path)
        assert answer.status_code in (200, 202, 503), answer.text
        return answer.content if answer.status_code == 200 else None

    return await until(look, f"{path} is made")


def _text(pdf: bytes) -> str:
    return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


async def test_a_bill_is_handed_over_as_a_file_that_says_what_was_paid(
    stack: Stack, office: Office, period: str
) -> None:
    await office.run(period)
    bill = (await office.open_bills(period, 1))[0]
    path = f"/bills/{bill['id']}/invoice.pdf"
    pdf = await _pdf(office, path)
    assert bill["number"] in _text(pdf)
    assert bill["customer"]["name"] in _text(pdf)
    again = await office.client.get(path)
    assert hashlib.sha256(again.content).digest() == hashlib.sha256(pdf).digest()
    assert f"{bill['number']} {bill['customer']['name']}.pdf" in again.headers["content-disposition"]
    payment = await office.done(await office.pay(bill))
    paid = await _pdf(office, path)
    assert "PAID" in _text(paid).upper()
    assert paid != pdf
    assert await value(stack, "SELECT count(*) FROM gateway.document WHERE blob_key IS NOT NULL") == 2
    receipt = await _pdf(office, f"/payments/{payment['id']}/receipt.pdf?paper=58mm")
    assert bill["number"] in _text(receipt)
    statement = await _pdf(office, f"/customers/{bill['customer']['id']}/statement.pdf?from={period}-01")
    assert bill["number"] in _text(statement)
