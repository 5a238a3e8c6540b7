"""The invoice as a customer opens it: text, fonts, paper, marks, code; in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import zxingcpp

from shared.contracts.documents import VoidNote
from tests.integration.documents.harness import DocumentsHarness
from tests.integration.documents.papers import AT_TWO, BENGALI, PAY_URL, bill, invoice, line, paid, receipt


async def test_an_invoice_says_who_owes_what_to_whom_and_until_when(harness: DocumentsHarness) -> None:
    await harness.profile(
        name="Shapla Net", address="House 27, Mirpur", tax_id="004567891-0101", footer="Thanks"
    )
    made = await harness.made(invoice())
    for text in (
        "Shapla Net", "Your operator: Pallabi Link", "Invoice", "PLB-004187", "Nusrat Jahan Mim",
        "Customer code PLB-20417", "House 14, Road 6, Pallabi, Dhaka 1216", "+880 1711 000412",
        "December 2026", "1 December 2026", "10 December 2026", "1 – 31 Dec 2026", "Home 30 Mbps", "VAT 5%",
        "1,000.00", "50.00", "1,050.00", "BDT 450.00", "MR-5521", "As of 14 Dec 2026, 14:02",
        "House 27, Mirpur · BIN 004567891-0101", "Thanks", "Page 1 of 1",
    ):  # fmt: skip
        assert text in made.text, text
    assert made.said.file_name == "PLB-004187 Nusrat Jahan Mim.pdf"
    assert (made.said.pages, made.said.size_bytes) == (1, len(made.content))


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_an_amount_of_crores_stands_in_one_piece(harness: DocumentsHarness, language: str) -> None:
    made = await harness.made(
        invoice(invoice=bill(line(net_minor=9_999_999_900)), settlement=None, language=language)
    )
    crores = ("49,99,999.95", "10,49,99,998.95")
    digits = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯") if language == "bn" else {}
    for amount in crores:
        assert amount.translate(digits) in made.text
    sign = "৳" if language == "bn" else "BDT"
    assert f"{sign} {crores[1].translate(digits)}" in made.text


async def test_a_bengali_invoice_is_shaped_and_can_be_searched(harness: DocumentsHarness) -> None:
    made = await harness.made(invoice(**BENGALI))
    for text in ("চালান", "হোম ২০ এমবিপিএস", "৮৪০.০০", "৳ ৪৪০.০০", "১০ ডিসেম্বর ২০২৬"):
        assert text in made.text, text
    assert any("Bengali" in name for name in made.fonts)
    assert made.pdf.Root.Lang == "bn"


async def test_it_is_tagged_archivable_and_carries_subsets_of_its_fonts(harness: DocumentsHarness) -> None:
    made = await harness.made(invoice())
    root = made.pdf.Root
    assert root.MarkInfo.Marked
    assert "/StructTreeRoot" in root
    assert root.Lang == "en"
    with made.pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert metadata["pdfuaid:part"] == "1"
    assert "/OutputIntents" in root
    assert all(name[7:8] == "+" for name in made.fonts), made.fonts
    assert len(made.content) < 60_000


@pytest.mark.parametrize(
    ("paper", "size"),
    [("A4", (210, 297)), ("Letter", (216, 279)), ("A5", (148, 210)), ("A5x2", (297, 210))],
)
async def test_each_paper_has_its_size(harness: DocumentsHarness, paper: str, size: tuple[int, int]) -> None:
    made = await harness.made(invoice(paper=paper))
    assert made.size_mm == size
    assert made.said.pages == 1
    assert made.text.count("BDT 450.00") == (2 if paper == "A5x2" else 1)


async def test_two_halves_that_would_not_fit_become_one_page_each(harness: DocumentsHarness) -> None:
    made = await harness.made(invoice(invoice=bill(*(line(f"Branch {n}") for n in range(10))), paper="A5x2"))
    assert made.text.count("Branch 9") == 1


async def test_the_code_leads_to_the_payment_page(harness: DocumentsHarness) -> None:
    made = await harness.made(invoice())
    codes = zxingcpp.read_barcodes(made.picture(dots_an_inch=150))
    assert [code.text for code in codes] == [PAY_URL]
    without = await harness.made(invoice(pay_url=None))
    assert zxingcpp.read_barcodes(without.picture(dots_an_inch=150)) == []
    assert "Scan to pay" not in without.text


async def test_a_paid_invoice_bears_the_mark_and_asks_for_nothing(harness: DocumentsHarness) -> None:
    made = await harness.made(invoice(settlement=paid(105_000, 0)))
    assert "PAID 14 December 2026" in made.text
    assert "BDT 0.00" in made.text
    assert zxingcpp.read_barcodes(made.picture(dots_an_inch=150)) == []


async def test_a_void_invoice_says_why_and_what_replaced_it(harness: DocumentsHarness) -> None:
    void = VoidNote(
        voided_at=AT_TWO,
        reason="package changed.",
        reissued_number="PLB-004200",
        reissued_on=date(2026, 12, 14),
        reissued_total_minor=84_000,
    )
    made = await harness.made(invoice(void=void, settlement=None))
    assert "VOID" in made.text
    assert "It was made void on 14 December 2026: package changed." in made.text
    assert "It is replaced by PLB-004200, issued 14 December 2026, BDT 840.00." in made.text
    assert zxingcpp.read_barcodes(made.picture(dots_an_inch=150)) == []
    reissued = await harness.made(invoice(replaces="PLB-004187"))
    assert "This invoice replaces PLB-004187, which is void." in reissued.text


async def test_many_lines_go_on_over_pages_with_their_heading(harness: DocumentsHarness) -> None:
    lines = [line(f"Branch {number}", 500_000) for number in range(60)]
    made = await harness.made(invoice(invoice=bill(*lines)))
    assert made.said.pages == 3
    assert "PLB-004187, continued" in made.text
    assert "Page 3 of 3" in made.text
    assert made.text.count("Package") == 3
    assert "3,15,000.00" in made.text


HOSTILE: dict[str, Any] = {
    "customer_name": '<script>alert(1)</script>\u202egnp.exe & "Sons"',
    "customer_code": "]]><!--",
}


async def test_a_hostile_name_or_address_is_text(harness: DocumentsHarness) -> None:
    address = "<img src='http://127.0.0.1:9/x'> {{ 7*7 }} &lt; \x01\x0b" + "W" * 400
    made = await harness.made(invoice(invoice=bill(**HOSTILE), customer_address=address))
    assert "<script>alert(1)</script>" in made.text
    assert "<img src='http://127.0.0.1:9/x'> {{ 7*7 }} &lt;" in made.text
    assert made.said.file_name == "PLB-004187 script alert(1) script gnp.exe & Sons.pdf"


async def test_a_roll_prints_receipts_only(harness: DocumentsHarness) -> None:
    assert (await harness.refusal(invoice(paper="80mm"))).code == "paper-is-a-roll"
    made = await harness.made(receipt(paper="80mm"))
    assert made.size_mm[0] == 80
