"""Held payments: where one goes, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from pydantic import model_validator

from gateway.schemas.fields import Body, Row, Shape, moment, text


def held_payment(row: Row) -> Body:
    """Money that waits to be placed."""
    return {
        "id": str(row["id"]),
        "source": row["source"],
        "payment_id": row["payment_id"],
        "amount_minor": row["amount_minor"],
        "currency": row["currency"],
        "reason": row["reason"],
        "received_at": moment(row["received_at"]),
        "state": row["state"],
        "our_payment_id": text(row["our_payment_id"]),
    }


class Place(Shape):
    """Where held money goes: exactly one of the two."""

    bill_id: UUID | None = None
    customer_id: UUID | None = None

    @model_validator(mode="after")
    def names_one(self) -> Place:
        if (self.bill_id is None) == (self.customer_id is None):
            raise ValueError("name exactly one of bill_id and customer_id")
        return self
