"""Many at once: in their order, joined for a printer, flat in memory."""

from __future__ import annotations

import io
import resource

import pikepdf
import zxingcpp

from services.documents.rendering.printing import Copied, PrintFile, copy_pages
from shared import blobs
from shared.contracts.documents import DocumentRendered, MakePrintFile
from shared.ids import new_id
from tests.integration.documents.harness import ROOT, DocumentsHarness, Made
from tests.integration.documents.papers import BENGALI, CLERK, PAY_URL, bill, invoice


def print_file(action_id: object) -> MakePrintFile:
    return MakePrintFile.model_validate(
        {"actor": CLERK, "document_id": new_id(), "bulk_action_id": action_id, "operator_id": ROOT}
    )


async def test_the_invoices_of_a_bulk_action_are_joined_in_their_order(harness: DocumentsHarness) -> None:
    action = new_id()
    for position, number in ((2, "PLB-000002"), (1, "PLB-000001"), (3, "PLB-000003")):
        command = invoice(invoice=bill(number=number), bulk_action_id=action, position=position)
        await harness.tell(command)
    await harness.tell(invoice(**BENGALI, bulk_action_id=action, position=4))
    end = await harness.ask(print_file(action))
    assert isinstance(end, DocumentRendered)
    assert (end.kind, end.pages, end.file_name[:9]) == ("print-file", 4, "Invoices ")
    made = Made(end, await blobs.get(harness.store, end.blob_key))
    assert len(made.content) == end.size_bytes
    numbers = [made.text.index(f"PLB-00000{number}") for number in (1, 2, 3)]
    assert numbers == sorted(numbers)
    assert "হোম ২০ এমবিপিএস" in made.text
    assert [code.text for code in zxingcpp.read_barcodes(made.picture(1, 150))] == [PAY_URL]
    assert made.pdf.check_pdf_syntax() == []


async def test_a_bulk_action_without_files_has_nothing_to_print(harness: DocumentsHarness) -> None:
    assert (await harness.refusal(print_file(new_id()))).code == "nothing-to-print"


async def test_a_file_that_is_gone_fails_the_print_file_with_what_to_do(harness: DocumentsHarness) -> None:
    action = new_id()
    made = await harness.made(invoice(bulk_action_id=action))
    await blobs.delete(harness.store, [made.said.blob_key])
    failure = await harness.failure(print_file(action))
    assert (failure.code, failure.kind, failure.subject_id) == ("render-failed", "print-file", action)


async def test_joining_thousands_holds_no_more_than_joining_a_hundred(harness: DocumentsHarness) -> None:
    content = (await harness.made(invoice())).content
    sink = io.BytesIO()
    joined = PrintFile(sink)

    def add(parts: int) -> int:
        for _ in range(parts):
            copied = copy_pages([content] * 20, joined.next_number)
            sink.seek(0)
            sink.truncate()  # what is on disk is not in memory
            joined.add(Copied(copied.content, copied.offsets, copied.pages))
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    after_a_hundred = add(5)
    after_two_thousand = add(95)
    assert after_two_thousand - after_a_hundred < 20_000  # kB
    assert joined.pages == 2_000


async def test_what_is_equal_is_in_the_joined_file_once(harness: DocumentsHarness) -> None:
    content = (await harness.made(invoice())).content
    sink = io.BytesIO()
    joined = PrintFile(sink)
    joined.add(copy_pages([content] * 10, joined.next_number))
    joined.finish()
    assert joined.size_bytes < 2 * len(content)
    assert len(pikepdf.open(io.BytesIO(sink.getvalue())).pages) == 10
