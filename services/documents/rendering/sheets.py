"""WeasyPrint: a view and a template become a PDF, with everything shared that documents can share.

A document costs what its boxes cost: style sheets are parsed once, fonts are found once, the page is read
as XML (a tenth of the time that HTML takes), a logo is decoded once.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cssselect2
import pydyf
import segno
import weasyprint.draw.text
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.css.counters import CounterStyle
from weasyprint.images import RasterImage
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from services.documents.domain import INK, legible
from services.documents.rendering import shortcuts
from services.documents.rendering.einvoices import FILE_NAME
from services.documents.rendering.printable import printable
from services.documents.rendering.views import View

TEMPLATES = Path(__file__).parent / "templates"
MOST_LOGOS_KEPT = 50
MM = 96 / 25.4
QR_MASK = 3
QR_SCALE = 4
TALL_MM = 3_000

_PAPERS = {
    "A4": ("sheet", "paper-a4"),
    "Letter": ("sheet", "paper-letter"),
    "A5": ("sheet", "paper-a5"),
    "A5x2": ("sheet", "paper-a5", "paper-a5x2"),
    "80mm": ("thermal",),
    "58mm": ("thermal", "thermal-58mm"),
}
_ROLLS = {"80mm": (80, 4), "58mm": (58, 5)}  # width, margin

# Scripts whose letters are drawn in another order, or in other shapes, than they are written.
_SHAPED = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_draw_first_line = weasyprint.draw.text.draw_first_line


def _draw_and_say(stream: Any, textbox: Any, *more: Any) -> Any:
    """Draw a line of text, and where the glyphs alone cannot tell, say what is written.

    Bengali draws a vowel sign before the consonant that it follows: without this, who searches for a name or
    copies it finds letters in the order of the ink.
    """
    if not _SHAPED.search(textbox.text):
        return _draw_first_line(stream, textbox, *more)
    written = pydyf.Dictionary({"ActualText": pydyf.String(textbox.text)})
    stream.begin_marked_content("Span", written)
    try:
        return _draw_first_line(stream, textbox, *more)
    finally:
        stream.end_marked_content()


_compressed = pydyf.Stream.data.fget


def _compressed_once(stream: Any) -> bytes:
    """A stream's bytes: PDF/A wants a file to have an id, for which they would all be made a second time."""
    made: bytes | None = stream.__dict__.get("made")
    if made is None:
        made = stream.made = _compressed(stream)
    return made


class NothingOutside(URLFetcher):  # type: ignore[misc]
    """A fetcher that knows the picture it was given and the codes it draws, and refuses the world."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self.pictures = pictures

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The picture of that name; `PermissionError` for every other address."""
        if url.startswith("qr:"):
            return URLFetcherResponse(url, qr_code(url[3:]), {"Content-Type": "image/png"})
        if (picture := self.pictures.get(url)) is not None:
            return URLFetcherResponse(url, picture, {"Content-Type": "image/png"})
        raise PermissionError(f"documents fetches nothing: {url[:200]}")


def qr_code(address: str) -> bytes:
    """An address as a QR code in grey, which a PDF keeps at a third of the size of colour.

    The mask is given: to try all eight for the most even one took longer than to draw the page's text.
    """
    matrix = segno.make_qr(address, error="m", mask=QR_MASK).matrix
    side = len(matrix)
    modules = Image.frombytes("L", (side, side), bytes(0 if dark else 255 for row in matrix for dark in row))
    image = io.BytesIO()
    modules.resize((side * QR_SCALE, side * QR_SCALE), Image.Resampling.NEAREST).save(
        image, "PNG", compress_level=1
    )
    return image.getvalue()


class _Page(HTML):  # type: ignore[misc]
    """A page that was read as XML, which our templates are; WeasyPrint's own reading of HTML takes longer."""

    def __init__(self, markup: str, fetcher: URLFetcher) -> None:
        self.base_url = None
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(
            ElementTree.fromstring(markup), content_language=None
        )
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_style("user-agent")]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rendered document."""

    content: bytes
    pages: int


class Sheets:
    """The templates, style sheets and fonts of one process."""

    def __init__(self) -> None:
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=printable,
            trim_blocks=True,
            auto_reload=False,
        )
        shortcuts.take()
        weasyprint.draw.text.draw_first_line = _draw_and_say
        pydyf.Stream.data = property(_compressed_once)
        self.fonts = FontConfiguration()
        self.images: dict[str, Any] = {}
        self.logos: dict[str, Any] = {}

    def page(self, template: str, view: View, paper: str) -> str:
        """The markup of a document."""
        name = "receipt-thermal" if paper in _ROLLS and template == "receipt" else template
        blank = {"qr": None, "stamp": None, "voided": None}
        return self.templates.get_template(f"{name}.html").render(view=blank | view).strip()

    def make(
        self,
        template: str,
        view: View,
        *,
        paper: str,
        colour: str = INK,
        pictures: Mapping[str, bytes],
        xml: bytes | None = None,
    ) -> Sheet:
        """A document as PDF/A-3u, tagged; `pictures` are the only files there are, `xml` is its e-invoice."""
        document = self._laid_out(self.page(template, view, paper), paper, colour, pictures)
        if xml is not None:
            _embed(document, xml)
        return Sheet(self._written(document), len(document.pages))

    def _written(self, document: Document) -> bytes:
        content: bytes = document.write_pdf(pdf_variant="pdf/a-3u", pdf_tags=True, cache=self.images)
        return content

    def _laid_out(self, markup: str, paper: str, colour: str, pictures: Mapping[str, bytes]) -> Document:
        self.images = dict(self.logos)
        styles = [self._style(name) for name in _PAPERS[paper]]
        if colour != INK and paper not in _ROLLS:
            styles.append(_coloured(legible(colour)))
        fetcher = NothingOutside(pictures)
        if paper in _ROLLS:
            height = self._measured(markup, styles, _ROLLS[paper], fetcher)
            return self._render(markup, [*styles, _roll(*_ROLLS[paper], height)], fetcher)
        return self._render(markup, styles, fetcher)

    def _measured(self, markup: str, styles: list[CSS], roll: tuple[int, int], fetcher: URLFetcher) -> int:
        """The length of paper that the content takes, in millimetres."""
        width, margin = roll
        tall = self._render(markup, [*styles, _roll(width, margin, TALL_MM)], fetcher)
        content_height: float = tall.pages[0]._page_box.children[0].height
        return round(content_height / MM) + 2 * margin + 1

    def _render(self, markup: str, styles: list[CSS], fetcher: URLFetcher) -> Document:
        document = _Page(markup, fetcher).render(
            font_config=self.fonts,
            stylesheets=styles,
            cache=self.images,
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
            counter_style=CounterStyle(),
        )
        self._keep_logos()
        document.metadata.generate_rdf_metadata = _with_pdf_ua(document.metadata.generate_rdf_metadata)
        return document

    def _keep_logos(self) -> None:
        """Keep the pictures that the next document may show too, and no code that it will not."""
        for address, image in self.images.items():
            if address.startswith("logo:") and isinstance(image, RasterImage) and address not in self.logos:
                if len(self.logos) == MOST_LOGOS_KEPT:
                    self.logos.clear()
                _encode_once(image)
                self.logos[address] = image

    def _style(self, name: str) -> CSS:
        return _style(name)


def _encode_once(image: Any) -> None:
    """Let a picture that many documents show be compressed for the first of them alone."""
    encode, encoded = image.get_x_object, {}

    def get_x_object(*how: Any) -> Any:
        if how not in encoded:
            encoded[how] = encode(*how)
        return _copied(encoded[how])

    image.get_x_object = get_x_object


def _copied(picture: pydyf.Stream) -> pydyf.Stream:
    """A picture's object for another document, which gives it a number of its own."""
    extra = pydyf.Dictionary(picture.extra)
    if "SMask" in extra:
        extra["SMask"] = _copied(extra["SMask"])
    return pydyf.Stream([getattr(part, "data", part) for part in picture.stream], extra)


@lru_cache
def _style(name: str) -> CSS:
    return CSS(string=(TEMPLATES / f"{name}.css").read_text())


@lru_cache(maxsize=200)
def _coloured(colour: str) -> CSS:
    return CSS(string=f".title {{ color: {colour}; }}")


@lru_cache(maxsize=500)
def _roll(width: int, margin: int, height: int) -> CSS:
    return CSS(string=f"@page {{ size: {width}mm {height}mm; margin: {margin}mm; }}")


def _embed(document: Document, xml: bytes) -> None:
    """Put the XML of an e-invoice into its PDF, which says that it is the same invoice in other words.

    Source: Factur-X 1.0, 6.2 (the file and its relationship) and 6.3 (the metadata)
    """
    document.metadata.attachments.append(
        Attachment(string=xml, name=FILE_NAME, description="Factur-X invoice", relationship="Alternative")
    )
    generate = document.metadata.generate_rdf_metadata

    def generate_all(*arguments: Any) -> bytes:
        said: bytes = generate(*arguments)
        bag, words = b"</rdf:Bag></pdfaExtension:schemas>", (TEMPLATES / "factur-x.xmp").read_bytes()
        return said.replace(bag, words + bag).replace(b"</rdf:RDF>", _FACTUR_X + b"</rdf:RDF>")

    document.metadata.generate_rdf_metadata = generate_all


_FACTUR_X = (
    b'<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">'
    b"<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>"
    b"<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>"
)


def _with_pdf_ua(generate: Callable[..., bytes]) -> Callable[..., bytes]:
    """Metadata that name PDF/UA-1 beside PDF/A, which WeasyPrint can say only one of.

    PDF/A wants the words of other standards explained. Source: ISO 14289-1, 5 and ISO 19005-3, 6.6.2.3.3
    """

    def generate_both(*arguments: Any) -> bytes:
        end = b"</rdf:RDF>"
        return generate(*arguments).replace(end, _pdf_ua() + end)

    return generate_both


@lru_cache
def _pdf_ua() -> bytes:
    return (TEMPLATES / "pdf-ua.xmp").read_bytes()
