"""The makers of each command's outcome: a file in the blob store, or a profile with its logo.

A maker looks up whose letterhead it is, asks for the file of that key, and has it drawn where there is none.
It answers an `End`: what is noted and said in one transaction, for as long as the command is still ours.
"""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.documents import domain, samples, store
from services.documents.domain import Letterhead, LogoRefused, NothingToPrint, Own, StoredLogo
from services.documents.handlers.answers import refused
from services.documents.handlers.profiles import apply_change
from services.documents.rendering.pool import Done, RenderingFailed
from services.documents.rendering.pool import Pool as Processes
from services.documents.rendering.printing import Copied, PrintFile
from services.documents.store import Claimed, File
from shared import blobs, clock
from shared.blobs import BlobMissing
from shared.contracts.documents import (
    ChangeIspProfile,
    DocumentRendered,
    Kind,
    Logo,
    LogoUpload,
    MakePrintFile,
    PreviewIspProfile,
    RenderDocument,
    Rendering,
    RenderReceipt,
    RenderStatement,
)
from shared.contracts.envelope import Message
from shared.db import Pool, Tx
from shared.installation import Place
from shared.values.file_names import file_name

End: TypeAlias = Callable[[Tx], Awaitable[Message]]

PDF = "application/pdf"
MOST_LOGOS_KEPT = 100
FILES_A_PART = 40
# What a command says besides what the file shows.
_NOT_SHOWN = {"actor", "scope", "document_id", "language", "paper", "bulk_action_id", "position", "as_of"}
_SAMPLES = {"invoice": samples.invoice, "receipt": samples.receipt, "statement": samples.statement}
_FOLDERS = {"invoice": "invoices", "receipt": "receipts", "statement": "statements", "preview": "previews"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A document to be drawn: which template, for whom, under whose letterhead as of when."""

    kind: Kind
    template: str
    command: RenderDocument | RenderReceipt | RenderStatement
    asked: Rendering
    subject_id: UUID
    customer_id: UUID | None
    operator_id: UUID
    operator_name: str
    currency: str
    letterhead_of: datetime  # the moment whose profile it shows
    as_of: datetime
    file_name: str


def drawing_of(kind: str, command: dict[str, Any], now: datetime) -> Drawing:
    """A claimed command as the drawing that it asks for."""
    if kind == "invoice":
        return _invoice(RenderDocument.model_validate(command, strict=False), now)
    if kind == "receipt":
        return _receipt(RenderReceipt.model_validate(command, strict=False))
    return _statement(RenderStatement.model_validate(command, strict=False))


def _invoice(command: RenderDocument, now: datetime) -> Drawing:
    bill = command.invoice
    return Drawing(
        kind="invoice",
        template="invoice",
        command=command,
        asked=command,
        subject_id=bill.invoice_id,
        customer_id=bill.customer_id,
        operator_id=bill.operator_id,
        operator_name=bill.operator_name,
        currency=bill.currency,
        letterhead_of=bill.issued_at,
        as_of=command.settlement.as_of if command.settlement else now,
        file_name=file_name(bill.number, bill.customer_name),
    )


def _receipt(command: RenderReceipt) -> Drawing:
    customer = command.customer
    return Drawing(
        kind="receipt",
        template="receipt",
        command=command,
        asked=command,
        subject_id=command.payment_id,
        customer_id=customer.customer_id,
        operator_id=customer.operator_id,
        operator_name=customer.operator_name,
        currency=command.currency,
        letterhead_of=command.recorded_at,
        as_of=command.as_of,
        file_name=file_name(f"Receipt {command.number}", customer.name),
    )


def _statement(command: RenderStatement) -> Drawing:
    customer = command.customer
    return Drawing(
        kind="statement",
        template="statement",
        command=command,
        asked=command,
        subject_id=customer.customer_id,
        customer_id=customer.customer_id,
        operator_id=customer.operator_id,
        operator_name=customer.operator_name,
        currency=command.currency,
        letterhead_of=command.as_of,
        as_of=command.as_of,
        file_name=file_name(f"Statement {customer.code}", f"{customer.name} {command.to_date}"),
    )


@dataclass
class Makers:
    """Everything that makes: the database, the blob store, the rendering processes."""

    pool: Pool
    blob_store: blobs.Store
    processes: Processes
    _logos: OrderedDict[str, bytes] = field(default_factory=OrderedDict)

    async def make(self, claimed: Claimed) -> End:
        """Do what a command asks; raises `RenderingFailed`, `ProcessDied`, `BlobsUnavailable`."""
        if claimed.kind == "isp-profile":
            return await self._profile(ChangeIspProfile.model_validate(claimed.command, strict=False))
        if claimed.kind == "preview":
            return await self._preview(PreviewIspProfile.model_validate(claimed.command, strict=False))
        if claimed.kind == "print-file":
            return await self._print_file(MakePrintFile.model_validate(claimed.command, strict=False))
        drawing = drawing_of(claimed.kind, claimed.command, clock.now())
        letterhead = await store.letterhead_of(
            self.pool, drawing.operator_id, drawing.operator_name, drawing.letterhead_of
        )
        return await self._document(drawing, letterhead, await store.billing_place(self.pool))

    async def _document(self, drawing: Drawing, letterhead: Letterhead, place: Place) -> End:
        """The file of a drawing: the one that is there, or a new one."""
        logo, letterhead = await self._logo_of(letterhead)
        header = _job(drawing, letterhead, place)
        key = f"{_FOLDERS[drawing.kind]}/{drawing.subject_id}/{_digest(header)}.pdf"
        file = await self._there(key)
        if file is None:
            done = await self.processes.run(header, [logo] if logo else [])
            content = done.blobs[0]
            await blobs.put(self.blob_store, key, content)
            file = _file(key, content, done.facts["pages"], drawing.as_of)
        return self._ending(drawing, header, file)

    async def _there(self, key: str) -> File | None:
        """The file of that key, if it is in the blob store as it was written."""
        file = await store.use_file(self.pool, key)
        if file is None:
            return None
        blob = await blobs.head(self.blob_store, key)
        return file if blob is not None and blob.size_bytes == file.size_bytes else None

    async def _logo_of(self, letterhead: Letterhead) -> tuple[bytes | None, Letterhead]:
        """The logo's bytes; a letterhead whose logo is gone goes without one."""
        if letterhead.logo is None:
            return None, letterhead
        key = letterhead.logo.key
        if key not in self._logos:
            try:
                self._logos[key] = await blobs.get(self.blob_store, key)
            except BlobMissing:
                return None, replace(letterhead, logo=None)
            if len(self._logos) > MOST_LOGOS_KEPT:
                self._logos.popitem(last=False)
        return self._logos[key], letterhead

    def _ending(self, drawing: Drawing, header: dict[str, Any], file: File) -> End:
        asked = drawing.asked
        rendered = DocumentRendered.model_validate(
            {
                "document_id": asked.document_id,
                "kind": drawing.kind,
                "subject_id": drawing.subject_id,
                "customer_id": drawing.customer_id,
                "operator_id": drawing.operator_id,
                "bulk_action_id": asked.bulk_action_id,
                "position": asked.position,
                "file_name": drawing.file_name,
                "language": header["language"],
                "paper": header["paper"],
                **dataclasses.asdict(file),
            }
        )

        async def end(tx: Tx) -> Message:
            await store.keep_file(tx, file)
            if asked.bulk_action_id is not None:
                await store.queries.keep_bulk_file(
                    tx,
                    bulk_action_id=asked.bulk_action_id,
                    position=asked.position,
                    document_id=asked.document_id,
                    blob_key=file.blob_key,
                    now=clock.now(),
                )
            return rendered

        return end

    async def _preview(self, asked: PreviewIspProfile) -> End:
        """A sample under the letterhead that a change would make, and its first page as a picture."""
        now, change = clock.now(), asked.change
        place = await store.billing_place(self.pool)
        profiles = await store.own_profiles(self.pool, change.operator_id, now)
        name = profiles[0][1] if profiles else "?"
        logo = None
        content = None
        if change.logo is not None:
            done = await self._judged(change.logo)
            content = done.blobs[0]
            logo = StoredLogo("preview", done.facts["width"], done.facts["height"])
        own = _previewed(profiles[0][2] if profiles else Own(), asked, logo)
        root_name = profiles[-1][1] if profiles else name
        letterhead = domain.letterhead([own, *(each for _, _, each in profiles[1:])], root_name)
        if content is None:
            content, letterhead = await self._logo_of(letterhead)
        language = asked.language or letterhead.language
        sample = _SAMPLES[asked.document](
            asked.model_copy(update={"language": language}), name, place.currency, now
        )
        drawing = replace(
            drawing_of(asked.document, sample.model_dump(mode="json"), now),
            kind="preview",
            asked=asked,
            subject_id=change.operator_id,
            customer_id=None,
        )
        header = _job(drawing, letterhead, place) | {"picture": True}
        done = await self.processes.run(header, [content] if content else [])
        key = f"previews/{change.operator_id}/{asked.document_id}"
        pdf, png = done.blobs
        await blobs.put(self.blob_store, f"{key}.png", png)
        await blobs.put(self.blob_store, f"{key}.pdf", pdf)
        picture = {
            "key": f"{key}.png",
            "media_type": "image/png",
            "size_bytes": len(png),
            "width": done.facts["width"],
            "height": done.facts["height"],
        }
        file = replace(_file(f"{key}.pdf", pdf, done.facts["pages"], now), picture=picture)
        return self._ending(drawing, header, file)

    async def _print_file(self, asked: MakePrintFile) -> End:
        """The files of a bulk action in their order, joined; written to disk, then put in parts."""
        with tempfile.NamedTemporaryFile(prefix="ispbills-print-") as sink:
            joined = PrintFile(sink)
            async for keys in self._bulk_keys(asked.bulk_action_id):
                await self._join(joined, keys)
            joined.finish()
            sink.flush()
            if joined.pages == 0:
                return _saying(refused(NothingToPrint(), asked))
            key = f"print-files/{asked.bulk_action_id}/{asked.document_id}.pdf"
            await blobs.put_file(self.blob_store, key, Path(sink.name))
        return self._printed(asked, joined, key, await store.billing_place(self.pool))

    def _printed(self, asked: MakePrintFile, joined: PrintFile, key: str, place: Place) -> End:
        now = clock.now()
        file = File(
            blob_key=key,
            media_type=PDF,
            size_bytes=joined.size_bytes,
            sha256=joined.digest.hexdigest(),
            crc32=joined.crc32,
            pages=joined.pages,
            as_of=now,
        )
        day = now.astimezone(ZoneInfo(place.time_zone)).date()
        rendered = DocumentRendered.model_validate(
            {
                "document_id": asked.document_id,
                "kind": "print-file",
                "subject_id": asked.bulk_action_id,
                "customer_id": None,
                "operator_id": asked.operator_id,
                "bulk_action_id": asked.bulk_action_id,
                "file_name": file_name("Invoices", str(day)),
                "language": asked.language or "en",
                "paper": asked.paper or "A4",
                **dataclasses.asdict(file),
            }
        )

        async def end(tx: Tx) -> Message:
            await store.keep_file(tx, file)
            return rendered

        return end

    async def _bulk_keys(self, bulk_action_id: UUID) -> AsyncIterator[list[str]]:
        """The keys of a bulk action's files in their order, a few at a time."""
        after: tuple[int, UUID] = (-1, bulk_action_id)
        while rows := await store.bulk_files_after(self.pool, bulk_action_id, after, FILES_A_PART):
            yield [row["blob_key"] for row in rows]
            after = (rows[-1]["position"], rows[-1]["document_id"])

    async def _join(self, joined: PrintFile, keys: Sequence[str]) -> None:
        try:
            files = [await blobs.get(self.blob_store, key) for key in keys]
        except BlobMissing as error:
            detail = (
                "One of the invoices is gone from the place where files are kept. Start the download again."
            )
            raise RenderingFailed("render-failed", detail) from error
        done = await self.processes.run({"job": "copy", "first_number": joined.next_number}, files)
        joined.add(Copied(done.blobs[0], done.facts["offsets"], done.facts["pages"]))

    async def _judged(self, upload: LogoUpload) -> Done:
        """A picture as somebody sent it, judged and written anew; raises `RenderingFailed`."""
        if upload.size_bytes > domain.MOST_LOGO_BYTES:
            size = f"{upload.size_bytes / 1024 / 1024:.1f} MB"
            facts = {"reason": "too-many-bytes", "size": size}
            raise RenderingFailed("logo-refused", f"{size} is over 2 MB.", facts)
        try:
            sent = await blobs.get(self.blob_store, upload.key)
        except BlobMissing as error:
            detail = "The picture did not arrive whole. Choose it again."
            raise RenderingFailed("logo-refused", detail, {"reason": "missing"}) from error
        if hashlib.sha256(sent).hexdigest() != upload.sha256:
            detail = "The picture did not arrive whole. Choose it again."
            raise RenderingFailed("logo-refused", detail, {"reason": "missing"})
        return await self.processes.run({"job": "logo"}, [sent])

    async def _profile(self, command: ChangeIspProfile) -> End:
        """A profile with a new logo, once the picture is in the blob store as we wrote it."""
        upload = command.change.logo
        assert upload is not None, "a change without a logo never waits in line"
        try:
            done = await self._judged(upload)
        except RenderingFailed as failure:
            if failure.code != "logo-refused":
                raise
            return _saying(refused(LogoRefused("logo", failure.detail), command, **failure.facts))
        content = done.blobs[0]
        ending = "png" if done.facts["media_type"] == "image/png" else "jpg"
        key = f"logos/{hashlib.sha256(content).hexdigest()}.{ending}"
        await blobs.put(self.blob_store, key, content)
        logo = Logo(key=key, size_bytes=len(content), file_name=upload.file_name, **done.facts)

        async def end(tx: Tx) -> Message:
            return await apply_change(tx, command, logo)

        return end


def _saying(message: Message) -> End:
    """An end that changes nothing."""

    async def end(tx: Tx) -> Message:
        return message

    return end


def _previewed(own: Own, asked: PreviewIspProfile, logo: StoredLogo | None) -> Own:
    """Return what an operator would say of itself after a change."""
    change = asked.change
    said = {name: value for name, value in change.fields.model_dump().items() if value is not None}
    becomes: dict[str, Any] = said | dict.fromkeys(change.inherit)
    previewed = replace(own, **becomes)
    if logo is not None:
        return replace(previewed, logo=logo, no_logo=False)
    if change.no_logo:
        return replace(previewed, logo=None, no_logo=True)
    return replace(previewed, no_logo=False) if "logo" in change.inherit else previewed


def _job(drawing: Drawing, letterhead: Letterhead, place: Place) -> dict[str, Any]:
    """Return the job of a rendering process."""
    return {
        "job": "document",
        "template": drawing.template,
        "command": drawing.command.model_dump(mode="json"),
        "letterhead": dataclasses.asdict(letterhead),
        "language": drawing.asked.language or letterhead.language,
        "paper": drawing.asked.paper or letterhead.paper,
        "currency": drawing.currency,
        "time_zone": place.time_zone,
    }


def _digest(header: dict[str, Any]) -> str:
    """Return the digest of what the file shows; not of who asked for it, nor of the time."""
    command = {name: value for name, value in header["command"].items() if name not in _NOT_SHOWN}
    if command.get("settlement"):
        command["settlement"] = {**command["settlement"], "as_of": None}
    return domain.digest({**header, "command": command})


def _file(key: str, content: bytes, pages: int, as_of: datetime) -> File:
    return File(
        blob_key=key,
        media_type=PDF,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        crc32=zlib.crc32(content),
        pages=pages,
        as_of=as_of,
    )
