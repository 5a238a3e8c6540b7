"""What documents look like: each beside a picture that somebody has looked at and approved.

`APPROVE_PICTURES=1 pytest …/test_looks.py` writes them anew; look at them, then commit.
"""

from __future__ import annotations

import io
import os
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image, ImageChops, ImageDraw

from shared.contracts.documents import RenderDocument, RenderReceipt, RenderStatement, ReversalNote, VoidNote
from tests.integration.documents.harness import ROOT, DocumentsHarness
from tests.integration.documents.papers import (
    AT_TWO,
    BENGALI,
    bill,
    invoice,
    line,
    paid,
    receipt,
    statement,
)

APPROVED = Path(__file__).parent / "approved"
DOTS_AN_INCH = 80
# Of what is printed, what may differ: another release of the fonts moves the edges of letters.
TOLERATED_SHARE = 0.03
CLEARLY = 96

DOCUMENT = UUID("019a0000-0000-7000-8000-0000000000ee")
VOID = VoidNote(
    voided_at=AT_TWO,
    reason="package changed before the month began",
    reissued_number="PLB-004200",
    reissued_on=date(2026, 12, 14),
    reissued_total_minor=84_000,
)
TEN_LINES = bill(*(line(f"SME 100 Mbps, branch {number}", 500_000) for number in range(1, 11)))
LONG_NAMES = bill(
    line("Home Unlimited Family Super Saver Fibre 100 Mbps with Static IP and IPTV Bundle", 9_999_999_900),
    customer_name="মোহাম্মদ আব্দুল্লাহ আল মামুন চৌধুরী ওরফে Mohammad Abdullah Al Mamun Chowdhury (Complex)",
    customer_code="SONADANGA-ROAD-17/4711",
)
BENGALI_PROFILE = {
    "name": "শাপলা নেট লিমিটেড",
    "address": "বাড়ি ২৭, রোড ১১, মিরপুর, ঢাকা ১২১৬",
    "footer": "স্বাক্ষর ছাড়াই বৈধ",
}
PICTURES: dict[str, RenderDocument | RenderReceipt | RenderStatement] = {
    "invoice-partly-paid": invoice(),
    "invoice-paid": invoice(settlement=paid(105_000, 0)),
    "invoice-void": invoice(void=VOID, settlement=None),
    "invoice-ten-lines": invoice(invoice=TEN_LINES, settlement=None),
    "invoice-long-names": invoice(invoice=LONG_NAMES, settlement=None),
    "invoice-reissued": invoice(replaces="PLB-004187", settlement=None),
    "invoice-letter": invoice(paper="Letter"),
    "invoice-a5": invoice(paper="A5"),
    "invoice-two-on-a4": invoice(paper="A5x2"),
    "invoice-bengali": invoice(**BENGALI),
    "invoice-bengali-paid": invoice(**(BENGALI | {"settlement": paid(84_000, 0), "paper": "A5"})),
    "receipt-a5": receipt(paper="A5"),
    "receipt-80mm": receipt(paper="80mm"),
    "receipt-58mm": receipt(paper="58mm"),
    "receipt-bengali": receipt(paper="80mm", language="bn"),
    "receipt-reversed": receipt(
        paper="A5", reversal=ReversalNote(reversed_at=AT_TWO, reason="cheque returned"), balance_minor=195_000
    ),
    "statement": statement(),
    "statement-bengali": statement(language="bn"),
}


def sign() -> bytes:
    image = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for box, alpha in (((20, 90, 120, 236), 150), ((136, 90, 236, 236), 150), ((88, 20, 168, 236), 255)):
        draw.ellipse(box, fill=(15, 110, 99, alpha))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize("name", PICTURES)
async def test_it_looks_as_approved(
    harness: DocumentsHarness, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = PICTURES[name].model_copy(update={"document_id": DOCUMENT})
    await dress(harness, command, monkeypatch)
    shown = (await harness.made(command)).picture(dots_an_inch=DOTS_AN_INCH).convert("L")
    path = APPROVED / f"{name}.png"
    if os.environ.get("APPROVE_PICTURES"):
        shown.quantize(16).save(path, optimize=True)
    approved = Image.open(path).convert("L")
    assert shown.size == approved.size
    assert differing_share(shown, approved) <= TOLERATED_SHARE


async def dress(harness: DocumentsHarness, command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ISP's letterhead, from before the document's time."""
    monkeypatch.setattr("shared.clock.now", lambda: AT_TWO.replace(month=1))
    profile: dict[str, Any] = {
        "name": "Shapla Net Ltd.",
        "address": "House 27, Road 11, Mirpur, Dhaka 1216",
        "phone": "+880 9600 000100",
        "email": "billing@shapla.example",
        "tax_id": "004567891-0101",
        "colour": "#0F6E63",
        "footer": "Valid without a signature",
    }
    await harness.profile(
        ROOT, logo=sign(), **(profile | (BENGALI_PROFILE if command.language == "bn" else {}))
    )


def differing_share(shown: Image.Image, approved: Image.Image) -> float:
    """How many pixels differ clearly, of those that are not paper in either."""
    difference = ImageChops.difference(shown, approved)
    differing = sum(difference.histogram()[CLEARLY:])
    printed = sum(ImageChops.darker(shown, approved).histogram()[:200])
    return differing / max(printed, 1)


def test_a_word_in_the_wrong_place_is_a_difference() -> None:
    approved = Image.open(APPROVED / "invoice-bengali.png").convert("L")
    moved = approved.copy()
    moved.paste(approved.crop((60, 120, 400, 230)), (60, 123))
    assert differing_share(moved, approved) > TOLERATED_SHARE
