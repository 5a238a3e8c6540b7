"""Documents: frozen invoices, receipts and statements as files, and the ISP profiles that stand above them.

Every rendering has a `document_id` of the asker's choice and ends in `document.rendered.v1` or
`document.failed.v1` on `documents.files`, or in a refusal whose subject is the document's id. Files travel
as keys of the blob store (`shared.blobs`), never as bytes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.envelope import (
    MONEY_MAX,
    Command,
    Count,
    Currency,
    Message,
    Minor,
    Period,
    PositiveMinor,
    Shape,
    ShortText,
    Text,
    Version,
)
from shared.contracts.invoicing import InvoiceIssued

Language = Literal["en", "bn"]
# A5x2: two A5 halves on one A4 sheet, the customer's copy and the office's; the last two are thermal rolls.
Paper = Literal["A4", "Letter", "A5", "A5x2", "80mm", "58mm"]
Kind = Literal["invoice", "receipt", "statement", "preview", "print-file"]
EInvoice = Literal["none", "factur-x"]  # the XML of EN 16931 inside the PDF, as Factur-X has it
ProfileField = Literal[
    "name",
    "logo",
    "address",
    "phone",
    "email",
    "tax_id",
    "colour",
    "footer",
    "language",
    "paper",
    "e_invoice",
]
SignedMinor = Annotated[int, Field(ge=-MONEY_MAX, le=MONEY_MAX)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00]+$", max_length=500)]
BlobKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._/-]*$", max_length=300)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Rendering(Command):
    """The request for a rendering; a language or paper that is not named is the profile's.

    Those of a bulk action travel on `documents.bulk` and are made in the order of `position`, behind what
    a person waits for.
    """

    topic: ClassVar[str] = "documents.commands"

    document_id: UUID
    language: Language | None = None
    paper: Paper | None = None
    bulk_action_id: UUID | None = None
    position: Count = 0

    def destination(self) -> str:
        return "documents.bulk" if self.bulk_action_id else self.topic


class BillPayment(Shape):
    """The part of one payment that settles one bill."""

    paid_on: date
    method: ShortText
    reference: Text | None = None
    amount_minor: PositiveMinor


class Settlement(Shape):
    """The state of a bill's settlement, as the read model had it at `as_of`."""

    as_of: datetime
    paid_minor: Minor
    balance_minor: Minor
    payments: tuple[BillPayment, ...] = Field(default=(), max_length=200)


class VoidNote(Shape):
    """Why an invoice is owed no longer, and the invoice that stands in its place."""

    voided_at: datetime
    reason: Text
    reissued_number: ShortText | None = None
    reissued_on: date | None = None
    reissued_total_minor: Minor | None = None


class RenderInvoice(Command):
    """Hand the frozen invoice over to documents, with what the asker knows of its payments.

    Ends in `document.render.v1`, which carries this command's id as its cause, or in a refusal.
    """

    type: ClassVar[str] = "invoice.render.v1"
    topic: ClassVar[str] = "invoicing.commands"

    invoice_id: UUID
    customer_id: UUID
    document_id: UUID | None = None  # None: the command's own id
    settlement: Settlement | None = None  # None: nothing is known to be paid
    pay_url: Address | None = None  # where online payment is set up
    language: Language | None = None
    paper: Paper | None = None
    bulk_action_id: UUID | None = None
    position: Count = 0

    def key(self) -> str:
        return str(self.customer_id)


class RenderDocument(Rendering):
    """Render one invoice; the command carries it whole, documents keeps no copy of invoices."""

    type: ClassVar[str] = "document.render.v1"

    invoice: InvoiceIssued
    customer_address: Text = ""
    settlement: Settlement | None = None
    pay_url: Address | None = None
    void: VoidNote | None = None
    replaces: ShortText | None = None  # the number of the void invoice in whose place this one stands

    def key(self) -> str:
        return str(self.invoice.customer_id)


class Addressee(Shape):
    """The customer as a receipt or a statement addresses them."""

    customer_id: UUID
    code: ShortText
    name: ShortText
    mobile: ShortText | None = None
    address: Text = ""
    operator_id: UUID
    operator_name: ShortText


class SettledBill(Shape):
    """A bill that a payment settles in part or whole, and what was still open on it afterwards."""

    number: ShortText
    period: Period
    settled_minor: PositiveMinor
    open_minor: Minor


class ReversalNote(Shape):
    """When and why a payment was taken back."""

    reversed_at: datetime
    reason: Text


class RenderReceipt(Rendering):
    """Render the receipt of one payment: amount = what it settles + credit, unless it was reversed."""

    type: ClassVar[str] = "receipt.render.v1"

    payment_id: UUID
    payment_version: Version
    number: ShortText  # what people quote: the payment's reference, or a short form of its id
    customer: Addressee
    amount_minor: PositiveMinor
    currency: Currency
    method: ShortText
    paid_on: date
    recorded_at: datetime
    received_by: ShortText
    settles: tuple[SettledBill, ...] = Field(default=(), max_length=500)
    credit_minor: Minor = 0
    balance_minor: Minor  # what the customer still owes in all
    as_of: datetime
    reversal: ReversalNote | None = None
    portal_url: Address | None = None

    def key(self) -> str:
        return str(self.customer.customer_id)


class StatementEntry(Shape):
    """One movement; `billed_minor` or `paid_minor`, negative where something is taken back."""

    on: date
    kind: Literal["bill", "void", "payment", "reversal", "refund"]
    reference: Text = ""  # a bill's number, a payment's reference
    period: Period | None = None
    method: Text | None = None
    reason: Text | None = None
    reissued: bool = False
    billed_minor: SignedMinor = 0
    paid_minor: SignedMinor = 0


class OpenBill(Shape):
    """A bill with a balance, for the note beside the QR code."""

    number: ShortText
    period: Period
    due_on: date
    balance_minor: PositiveMinor


class RenderStatement(Rendering):
    """Render a customer's account between two days: opening + billed − paid = closing, else it is refused.

    A balance below zero is the customer's credit.
    """

    type: ClassVar[str] = "statement.render.v1"

    customer: Addressee
    currency: Currency
    from_date: date
    to_date: date
    opening_minor: SignedMinor
    entries: tuple[StatementEntry, ...] = Field(default=(), max_length=2_000)
    closing_minor: SignedMinor
    open_bills: tuple[OpenBill, ...] = Field(default=(), max_length=50)
    as_of: datetime
    portal_url: Address | None = None

    def key(self) -> str:
        return str(self.customer.customer_id)


class MakePrintFile(Rendering):
    """Join the files of a bulk action, in the order of their positions, into one to print.

    To be asked once every item has ended; what failed is not in it.
    """

    type: ClassVar[str] = "print-file.make.v1"

    bulk_action_id: UUID
    operator_id: UUID

    def key(self) -> str:
        return str(self.bulk_action_id)


class ProfileFields(Shape):
    """An operator's own words on its documents; None: not its own, the nearest operator above has the say."""

    name: ShortText | None = None
    address: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    tax_id: Text | None = None
    colour: Colour | None = None
    footer: Text | None = None
    language: Language | None = None
    paper: Paper | None = None
    e_invoice: EInvoice | None = None


class LogoUpload(Shape):
    """A picture as somebody sent it, put into the blob store under `incoming/`; judged by its content."""

    key: BlobKey
    size_bytes: Count
    sha256: Sha256
    file_name: Text = ""


class ProfileChange(Shape):
    """A change: what becomes the operator's own (`fields`, `logo`), and the parent's again (`inherit`)."""

    operator_id: UUID
    fields: ProfileFields = ProfileFields()
    inherit: tuple[ProfileField, ...] = ()
    logo: LogoUpload | None = None
    no_logo: bool = False  # its documents bear none, whatever stands above


class ChangeIspProfile(Command):
    """Change an operator's profile for what is issued from now on.

    Ends in `isp-profile.changed.v1`, or in a refusal that says what is wrong with the logo.
    """

    type: ClassVar[str] = "isp-profile.change.v1"
    topic: ClassVar[str] = "documents.commands"

    change: ProfileChange

    def key(self) -> str:
        return str(self.change.operator_id)


class PreviewIspProfile(Rendering):
    """Render a sample as a change would make it, without saving; answers a PDF and its first page as PNG."""

    type: ClassVar[str] = "isp-profile.preview.v1"

    change: ProfileChange
    document: Literal["invoice", "receipt", "statement"] = "invoice"

    def key(self) -> str:
        return str(self.change.operator_id)


class Picture(Shape):
    """A picture in the blob store."""

    key: BlobKey
    media_type: Literal["image/png", "image/jpeg"]
    size_bytes: Count
    width: Count
    height: Count


class Logo(Picture):
    """A logo as it was written anew; `note` says what was done to the file that was sent."""

    file_name: Text = ""
    transparent: bool
    note: Literal["", "made-smaller", "from-cmyk"] = ""


class IspProfileChanged(Message):
    """An operator's profile as it is now: what is its own, and nothing of what it inherits."""

    type: ClassVar[str] = "isp-profile.changed.v1"
    topic: ClassVar[str] = "documents.settings"

    operator_id: UUID
    fields: ProfileFields
    logo: Logo | None
    no_logo: bool = False
    valid_from: datetime
    changed_by: ShortText
    version: Version

    def key(self) -> str:
        return str(self.operator_id)


class DocumentEnd(Message):
    """The end of a rendering: which document of whom."""

    topic: ClassVar[str] = "documents.files"

    document_id: UUID
    kind: Kind
    subject_id: UUID  # the invoice, payment, customer, operator (preview) or bulk action (print file)
    customer_id: UUID | None
    operator_id: UUID
    bulk_action_id: UUID | None = None
    position: Count = 0

    def key(self) -> str:
        return str(self.customer_id or self.document_id)


class DocumentRendered(DocumentEnd):
    """The file is in the blob store, whole; the same content again answers the same key."""

    type: ClassVar[str] = "document.rendered.v1"

    blob_key: BlobKey
    media_type: ShortText
    size_bytes: Count
    sha256: Sha256
    crc32: Count  # what a ZIP's directory says of it
    pages: Count
    file_name: ShortText  # as a person saves it: "SDG-000137 Meghna Traders.pdf"
    language: Language
    paper: Paper
    as_of: datetime
    picture: Picture | None = None  # the first page of a preview


class DocumentFailed(DocumentEnd):
    """No file came of it; asking again under a new id tries again. `detail` is for people."""

    type: ClassVar[str] = "document.failed.v1"

    code: Literal["too-slow", "render-failed", "store-unavailable", "logo-refused"]
    detail: Text
    extra: dict[str, Any] = Field(default_factory=dict)  # what a refused logo is: its size, its format
