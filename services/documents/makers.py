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
from services.documents.drawings import Drawing, digest_of, drawing_of, job_of
from services.documents.handlers.answers import refused
from services.documents.handlers.profiles import apply_change
from services.documents.rendering.pool import Done, RenderingFailed
from services.documents.rendering.pool import Pool as Processes
from services.documents.rendering.printing import Copied, PrintFile
from services.documents.store import BulkFile, Claimed, File
from shared import blobs, clock
from shared.blobs import BlobMissing
from shared.contracts.documents import (
    ChangeIspProfile,
    DocumentRendered,
    Logo,
    LogoUpload,
    MakePrintFile,
    PreviewIspProfile,
)
from shared.contracts.envelope import Message
from shared.db import Pool, Tx
from shared.installation import Place
from shared.values.file_names import file_name

End: TypeAlias = Callable[[Tx], Awaitable[Message]]

PDF = "application/pdf"
MOST_LOGOS_KEPT = 100
FILES_A_PART = 40
_SAMPLES = {"invoice": samples.invoice, "receipt": samples.receipt, "statement": samples.statement}
_FOLDERS = {"invoice": "invoices", "receipt": "receipts", "statement": "statements", "preview": "previews"}


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
        return await self._document(drawing, letterhead, await store.installation.billing_place(self.pool))

    async def _document(self, drawing: Drawing, letterhead: Letterhead, place: Place) -> End:
        """The file of a drawing: the one that is there, or a new one."""
        logo, letterhead = await self._logo_of(letterhead)
        header = job_of(drawing, letterhead, place)
        key = f"{_FOLDERS[drawing.kind]}/{drawing.subject_id}/{digest_of(header)}.pdf"
        file = await self._there(key)
        if file is None:
            done = await self.processes.run(header, [logo] if logo else [])
            content = done.blobs[0]
            await blobs.put(self.blob_store, key, content)
            file = _file(key, content, done.facts["pages"], drawing.as_of)
        return _ending(drawing, header, file)

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

    async def _preview(self, asked: PreviewIspProfile) -> End:
        """A sample under the letterhead that a change would make, and its first page as a picture."""
        now = clock.now()
        place = await store.installation.billing_place(self.pool)
        letterhead, logo, name = await self._previewed_letterhead(asked, now)
        drawing = _sample_drawing(asked, letterhead, name, place, now)
        header = job_of(drawing, letterhead, place) | {"picture": True}
        done = await self.processes.run(header, [logo] if logo else [])
        return _ending(drawing, header, await self._kept_preview(asked, done, now))

    async def _previewed_letterhead(
        self, asked: PreviewIspProfile, now: datetime
    ) -> tuple[Letterhead, bytes | None, str]:
        """The letterhead after a change, its logo's bytes, and the operator's name."""
        change = asked.change
        profiles = await store.own_profiles(self.pool, change.operator_id, now)
        name = profiles[0][1] if profiles else "?"
        root_name = profiles[-1][1] if profiles else name
        picture = await self._judged(change.logo) if change.logo else None
        logo = StoredLogo("preview", picture.facts["width"], picture.facts["height"]) if picture else None
        own = _previewed(profiles[0][2] if profiles else Own(), asked, logo)
        letterhead = domain.letterhead([own, *(each for _, _, each in profiles[1:])], root_name)
        if picture is not None:
            return letterhead, picture.blobs[0], name
        content, letterhead = await self._logo_of(letterhead)
        return letterhead, content, name

    async def _kept_preview(self, asked: PreviewIspProfile, done: Done, now: datetime) -> File:
        """The file of a preview and its picture, both in the blob store."""
        key = f"previews/{asked.change.operator_id}/{asked.document_id}"
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
        return replace(_file(f"{key}.pdf", pdf, done.facts["pages"], now), picture=picture)

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
        file = _printed_file(key, joined, clock.now())
        return _keeping(file, _printed(asked, file, await store.installation.billing_place(self.pool)))

    async def _bulk_keys(self, bulk_action_id: UUID) -> AsyncIterator[list[str]]:
        """The keys of a bulk action's files in their order, a few at a time."""
        after: tuple[int, UUID] = (-1, bulk_action_id)
        while files := await store.bulk_files_after(self.pool, bulk_action_id, after, FILES_A_PART):
            yield [file.blob_key for file in files]
            after = (files[-1].position, files[-1].document_id)

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


def _keeping(file: File, rendered: DocumentRendered) -> End:
    """An end that notes the file, and its place in the bulk action that asked for it."""

    async def end(tx: Tx) -> Message:
        await store.keep_file(tx, file, rendered.customer_id)
        if rendered.bulk_action_id is not None and rendered.kind != "print-file":
            place = BulkFile(rendered.position, rendered.document_id, file.blob_key)
            await store.keep_bulk_file(tx, rendered.bulk_action_id, place)
        return rendered

    return end


def _ending(drawing: Drawing, header: dict[str, Any], file: File) -> End:
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
    return _keeping(file, rendered)


def _sample_drawing(
    asked: PreviewIspProfile, letterhead: Letterhead, operator_name: str, place: Place, now: datetime
) -> Drawing:
    """The drawing of a sample document, in the language that the letterhead would have."""
    language = asked.language or letterhead.language
    sample = _SAMPLES[asked.document](
        asked.model_copy(update={"language": language}), operator_name, place.currency, now
    )
    return replace(
        drawing_of(asked.document, sample.model_dump(mode="json"), now),
        kind="preview",
        asked=asked,
        subject_id=asked.change.operator_id,
        customer_id=None,
    )


def _printed_file(key: str, joined: PrintFile, now: datetime) -> File:
    return File(
        blob_key=key,
        media_type=PDF,
        size_bytes=joined.size_bytes,
        sha256=joined.digest.hexdigest(),
        crc32=joined.crc32,
        pages=joined.pages,
        as_of=now,
    )


def _printed(asked: MakePrintFile, file: File, place: Place) -> DocumentRendered:
    day = file.as_of.astimezone(ZoneInfo(place.time_zone)).date()
    return DocumentRendered.model_validate(
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
