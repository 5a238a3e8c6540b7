"""The rendering process: reads jobs from its standard input, answers on its standard output, ends with it.

`python -m services.documents.rendering.worker MEMORY_BYTES`
"""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import site
import sys
import sysconfig
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, get_args

from services.documents import samples
from services.documents.domain import Letterhead, StoredLogo
from services.documents.rendering import einvoices, logos, printing, views
from services.documents.rendering.frames import READY, Header, frame, read_frame
from services.documents.rendering.locks import lock
from services.documents.rendering.sheets import TEMPLATES, Sheet, Sheets
from services.documents.rendering.wording import Wording
from shared.contracts.documents import (
    Language,
    PreviewIspProfile,
    ProfileChange,
    RenderDocument,
    RenderReceipt,
    RenderStatement,
)
from shared.contracts.envelope import Actor, Command

Answer: TypeAlias = tuple[Header, list[bytes]]

JOBS_A_COLLECTION = 10
_COMMANDS: dict[str, type[Command]] = {
    "invoice": RenderDocument,
    "receipt": RenderReceipt,
    "statement": RenderStatement,
}
_VIEWS: dict[str, Callable[..., views.View]] = {
    "invoice": views.invoice,
    "receipt": views.receipt,
    "statement": views.statement,
}


def answer(sheets: Sheets, header: Header, blobs: list[bytes]) -> Answer:
    """Do one job: a document (with a picture of its first page where wanted), a logo, pages to print."""
    if header["job"] == "logo":
        return _logo(blobs[0])
    if header["job"] == "copy":
        copied = printing.copy_pages(blobs, header["first_number"])
        return {"offsets": copied.offsets, "pages": copied.pages}, [copied.content]
    sheet = _sheet(sheets, header, blobs)
    if not header.get("picture"):
        return {"pages": sheet.pages}, [sheet.content]
    png, width, height = logos.first_page(sheet.content)
    return {"pages": sheet.pages, "width": width, "height": height}, [sheet.content, png]


def _logo(picture: bytes) -> Answer:
    drawn = logos.draw_anew(picture)
    facts = {
        "media_type": drawn.media_type,
        "width": drawn.width,
        "height": drawn.height,
        "transparent": drawn.transparent,
        "note": drawn.note,
    }
    return facts, [drawn.content]


def _sheet(sheets: Sheets, header: Header, blobs: list[bytes]) -> Sheet:
    """Draw the document of a header; its only blob is the logo of the letterhead."""
    kind = header["template"]
    letterhead = letterhead_of(header["letterhead"])
    command = _COMMANDS[kind].model_validate(header["command"], strict=False)
    wording = Wording(header["language"], header["currency"], header["time_zone"])
    view = _VIEWS[kind](command, letterhead, wording, header["paper"])
    pictures = {view["logo"]: blobs[0]} if view["logo"] and blobs else {}
    if not pictures:
        view["logo"] = None
    xml = None
    if letterhead.e_invoice == "factur-x" and isinstance(command, RenderDocument) and command.void is None:
        xml = einvoices.xml_of(command, letterhead, header["time_zone"])
    return sheets.make(
        kind, view, paper=header["paper"], colour=letterhead.colour, pictures=pictures, xml=xml
    )


def letterhead_of(fields: Header) -> Letterhead:
    """Return the letterhead that a header carries."""
    logo = StoredLogo(**fields["logo"]) if fields["logo"] else None
    return Letterhead(**(fields | {"logo": logo}))


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _warm(sheets: Sheets) -> None:
    """Draw a sample for nobody: templates, style sheets and fonts are found by the first document."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    actor = Actor(kind="system", name="documents")
    for language in get_args(Language):
        asked = PreviewIspProfile(
            actor=actor,
            document_id=samples.NOBODY,
            language=language,
            change=ProfileChange(operator_id=samples.NOBODY),
        )
        sample = samples.invoice(asked, "–", "BDT", now)
        wording = Wording(language, "BDT", "UTC")
        view = views.invoice(sample, Letterhead(name="–", company="–"), wording, "A4")
        sheets.make("invoice", view, paper="A4", pictures={})


def _lock(memory_bytes: int) -> None:
    """Lock this process in, once everything that it will import or read is loaded or named."""
    importlib.import_module("pypdfium2")
    importlib.import_module("pikepdf")
    homes = [sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), *site.getsitepackages()]
    own = (*map(Path, homes), TEMPLATES.parents[3], Path("/usr/share"), Path("/proc/self"))
    lock(memory_bytes, own)


def _answer_or_failure(sheets: Sheets, header: Header, blobs: list[bytes]) -> Answer:
    try:
        return answer(sheets, header, blobs)
    except logos.LogoRefused as refused:
        facts = {"reason": refused.reason, **refused.facts}
        return {"error": "logo-refused", "detail": refused.detail, "facts": facts}, []
    except MemoryError:
        return {"error": "render-failed", "detail": "It takes more memory than it may."}, []
    except Exception as error:
        return {"error": "render-failed", "detail": f"{type(error).__name__}: {error}"[:500]}, []


def main() -> None:
    """Answer jobs until the input ends."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak between our frames
    sheets = Sheets()
    _lock(int(sys.argv[1]))
    _warm(sheets)
    sink.write(READY)
    sink.flush()
    gc.collect()
    gc.freeze()
    gc.disable()
    for number in itertools.count(1):
        if (job := read_frame(source)) is None:
            return
        header, blobs = _answer_or_failure(sheets, *job)
        sink.write(frame(header | {"resident_bytes": _resident_bytes()}, blobs))
        sink.flush()
        # A page's boxes know each other: left to itself, Python looks for them while the next one is made.
        # What outlives a page is kept for the next ones, and need not be looked through again.
        if number % JOBS_A_COLLECTION == 0:
            gc.collect()
            gc.freeze()


if __name__ == "__main__":
    main()
