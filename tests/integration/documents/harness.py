"""What tests put into documents, the files that come out, and what its outbox says about them."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import pikepdf
import pypdfium2
from PIL import Image

from services.documents.handlers import BULK, CATALOG, COMMANDS
from services.documents.makers import Makers
from services.documents.rendering.pool import Pool as Processes
from services.documents.senders import Sender, new_sender
from shared import blobs
from shared.contracts import documents
from shared.contracts.documents import (
    ChangeIspProfile,
    DocumentFailed,
    DocumentRendered,
    IspProfileChanged,
    LogoUpload,
    ProfileChange,
    ProfileFields,
)
from shared.contracts.envelope import CommandCompleted, CommandRefused, Envelope, Message, Received
from shared.db import Pool, in_transaction
from shared.ids import new_id
from tests.integration import installation
from tests.integration.documents.papers import CLERK, OPERATOR

ROOT = UUID("019a0000-0000-7000-8000-000000000001")
ZONE = UUID("019a0000-0000-7000-8000-000000000002")
NEIGHBOUR = UUID("019a0000-0000-7000-8000-000000000003")
KINDS: dict[str, type[Message]] = {
    kind.type: kind
    for kind in vars(documents).values()
    if isinstance(kind, type) and issubclass(kind, Message) and hasattr(kind, "type")
} | {kind.type: kind for kind in (CommandRefused, CommandCompleted)}


def received(message: Message, id: UUID | None = None) -> Received[Any]:
    envelope = Envelope(id=id or new_id(), type=message.type, source="test", time=datetime.now(UTC))
    return Received(message, envelope, message.destination(), 0, 0)


@dataclass
class DocumentsHarness:
    """The ISP, its Mirpur Zone, Pallabi Link below it, and a neighbour; a sender that works on demand."""

    pool: Pool
    store: blobs.Store
    processes: Processes
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        self.sender = self.another_sender()

    def another_sender(self, store: blobs.Store | None = None) -> Sender:
        return new_sender(Makers(self.pool, store or self.store, self.processes))

    async def furnish(self) -> None:
        tree = installation.operators(
            (ROOT, "Shapla Net Ltd.", (ROOT,)),
            (ZONE, "Mirpur Zone", (ROOT, ZONE)),
            (OPERATOR, "Pallabi Link", (ROOT, ZONE, OPERATOR)),
            (NEIGHBOUR, "Uttara Net", (ROOT, NEIGHBOUR)),
        )
        for message in (*tree, installation.billing_settings()):
            await self.tell(message)

    async def tell(self, message: Message, id: UUID | None = None) -> UUID:
        """Hand a message to its handler, as Kafka would bring it; answers its id."""
        arrived = received(message, id)
        handlers = BULK if arrived.topic == "documents.bulk" else {**COMMANDS, **CATALOG}
        async with in_transaction(self.pool) as tx:
            await handlers[type(message)]([arrived], tx)
        return arrived.id

    async def work(self, most: int = 1_000) -> int:
        """Let the sender do what waits; answers how many times it did something."""
        for done in range(most):
            if not await self.sender.step(self.pool):
                return done
        return most

    async def ends(self, command_id: UUID) -> list[Message]:
        return await installation.ends_of(self.pool, command_id)

    async def ask(self, command: Message, id: UUID | None = None) -> Message:
        """The one end of a command."""
        command_id = await self.tell(command, id)
        await self.work()
        ends = await self.ends(command_id)
        assert len(ends) == 1, ends
        return ends[0]

    async def made(self, command: Message) -> Made:
        """The file that a command ends in."""
        end = await self.ask(command)
        assert isinstance(end, DocumentRendered), end
        return Made(end, await blobs.get(self.store, end.blob_key))

    async def failure(self, command: Message) -> DocumentFailed:
        end = await self.ask(command)
        assert isinstance(end, DocumentFailed), end
        return end

    async def refusal(self, command: Message) -> CommandRefused:
        end = await self.ask(command)
        assert isinstance(end, CommandRefused), end
        return end

    async def uploaded(self, content: bytes) -> LogoUpload:
        key = f"incoming/{new_id()}"
        await blobs.put(self.store, key, content)
        return LogoUpload(
            key=key, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), file_name="logo.png"
        )

    async def profile(
        self, operator_id: UUID = ROOT, *, logo: bytes | None = None, **change: Any
    ) -> IspProfileChanged:
        end = await self.ask(await self.change(operator_id, logo=logo, **change))
        assert isinstance(end, IspProfileChanged), end
        return end

    async def change(
        self, operator_id: UUID = ROOT, *, logo: bytes | None = None, **change: Any
    ) -> ChangeIspProfile:
        upload = await self.uploaded(logo) if logo is not None else None
        own = {name: change.pop(name) for name in tuple(change) if name in ProfileFields.model_fields}
        wanted = ProfileChange(operator_id=operator_id, fields=ProfileFields(**own), logo=upload, **change)
        return ChangeIspProfile(actor=CLERK, change=wanted)


@dataclass(frozen=True)
class Made:
    """A file as somebody opens it."""

    said: DocumentRendered
    content: bytes

    @cached_property
    def pdf(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.content))

    @property
    def text(self) -> str:
        """What a search finds: the text of every page, its lines joined by blanks."""
        document = pypdfium2.PdfDocument(self.content)
        pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
        document.close()
        return " ".join(" ".join(pages).split())

    def picture(self, page: int = 0, dots_an_inch: int = 72) -> Image.Image:
        document = pypdfium2.PdfDocument(self.content)
        image = document[page].render(scale=dots_an_inch / 72).to_pil().convert("RGB")
        document.close()
        return image

    @property
    def images(self) -> int:
        """How many pictures the first page shows."""
        return len(self.pdf.pages[0].get_images())

    @property
    def size_mm(self) -> tuple[int, int]:
        box = [float(side) for side in self.pdf.pages[0].mediabox]
        return round((box[2] - box[0]) * 25.4 / 72), round((box[3] - box[1]) * 25.4 / 72)

    @property
    def fonts(self) -> set[str]:
        names = set()
        for page in self.pdf.pages:
            for font in page.resources.Font.values():
                names.add(str(font.BaseFont))
                inside = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile2" in inside or "/FontFile3" in inside, font.BaseFont
        return names


def dumped(message: Message) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(message.model_dump_json())
    return said
