"""E-invoices: the XML of EN 16931 inside the PDF, for those who chose it, valid by its schema."""

from __future__ import annotations

import io

from facturx import get_facturx_level, get_facturx_xml_from_pdf, xml_check_xsd
from lxml import etree

from shared.contracts.documents import VoidNote
from tests.integration.documents.harness import ROOT, DocumentsHarness
from tests.integration.documents.papers import AT_TWO, invoice

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


async def test_an_invoice_carries_itself_as_a_program_reads_it(harness: DocumentsHarness) -> None:
    await harness.profile(
        ROOT, name='Shapla "<Net>" & Sons', address="House 27\nMirpur", tax_id="004567891-0101",
        e_invoice="factur-x",
    )  # fmt: skip
    made = await harness.made(invoice())
    name, xml = get_facturx_xml_from_pdf(io.BytesIO(made.content), check_xsd=True)
    assert name == "factur-x.xml"
    tree = etree.fromstring(xml)
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert get_facturx_level(tree) == "en16931"
    texts = {element.tag.removeprefix(RAM): element.text for element in tree.iter() if element.text}
    assert (texts["GrandTotalAmount"], texts["DuePayableAmount"]) == ("1050.00", "450.00")
    assert 'Shapla "<Net>" & Sons' in [element.text for element in tree.iter(f"{RAM}Name")]
    metadata = made.pdf.Root.Metadata.read_bytes()
    for said in (
        b"<fx:ConformanceLevel>EN 16931<",
        b"pdfaid:part",
        b"pdfuaid:part",
        b"pdfaSchema:prefix>fx<",
    ):
        assert said in metadata
    assert metadata.count(b"<pdfaExtension:schemas>") == 1
    files = {(str(file.AFRelationship), str(file.UF)) for file in made.pdf.Root.AF}
    assert files == {("/Alternative", "factur-x.xml")}
    assert made.pdf.check_pdf_syntax() == []


async def test_letters_that_xml_cannot_hold_are_left_out(harness: DocumentsHarness) -> None:
    await harness.profile(ROOT, name="Shapla\x01\x0b Net", address="a\nb\nc\nd\x02\ne", e_invoice="factur-x")
    made = await harness.made(invoice(customer_address="House\x1f 14\u202e"))
    _, xml = get_facturx_xml_from_pdf(io.BytesIO(made.content), check_xsd=True)
    tree = etree.fromstring(xml)
    assert "Shapla Net" in [element.text for element in tree.iter(f"{RAM}Name")]
    assert [element.text for element in tree.iter(f"{RAM}LineThree")] == ["c, d, e"]
    assert [element.text for element in tree.iter(f"{RAM}LineOne")][-1] == "House 14"


async def test_a_void_invoice_and_others_profiles_carry_none(harness: DocumentsHarness) -> None:
    assert "/AF" not in (await harness.made(invoice())).pdf.Root
    await harness.profile(ROOT, e_invoice="factur-x")
    assert (
        "/AF"
        not in (await harness.made(invoice(void=VoidNote(voided_at=AT_TWO, reason="wrong package")))).pdf.Root
    )
