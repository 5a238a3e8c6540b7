"""Files of frozen invoices, as documents hears the wish for them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import Command
from shared.contracts.invoicing import InvoiceIssued


class RenderDocument(Command):
    """Render one invoice; the command carries it whole, documents keeps no copy of invoices."""

    type: ClassVar[str] = "document.render.v1"
    topic: ClassVar[str] = "documents.commands"

    document_id: UUID
    invoice: InvoiceIssued

    def key(self) -> str:
        return str(self.invoice.customer_id)
