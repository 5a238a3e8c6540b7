"""Bills: void one, with or without a successor."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem
from gateway.queries.bills import bill_row
from gateway.schemas import bills as bill_schemas
from gateway.schemas.fields import refuse_card_numbers
from gateway.store.statements import Row
from shared.contracts import invoicing
from shared.ids import new_id


def must_be_payable(bill: Row) -> None:
    """Raise 409 for a bill that is void or has no balance left."""
    if bill["status"] == "void":
        raise Problem(409, "bill-void", f"Bill {bill['number']} is void.")
    if bill["balance_minor"] == 0:
        raise Problem(409, "already-paid", f"Bill {bill['number']} has no balance left.")


async def void_bill(
    gateway: Gateway,
    principal: Principal,
    bill_id: UUID,
    read: Callable[[], bill_schemas.Void],
    key: Key | None,
) -> Outcome:
    """Void a bill; with `reissue` one with today's package follows."""
    async with opened(gateway, principal, "void", key) as operation:
        bill = await bill_row(operation.tx, bill_id)
        body = read()
        refuse_card_numbers(reason=body.reason)
        await operation.claim()
        if bill["voided"] and (not body.reissue or bill["reissued_as"] is not None):
            raise Problem(409, "already-void", f"Bill {bill['number']} is void.")
        command = invoicing.VoidInvoice(
            invoice_id=bill_id,
            customer_id=bill["customer_id"],
            reason=body.reason,
            reissue=body.reissue,
            reissue_id=new_id() if body.reissue else None,
            seen_receivable_version=bill["receivable_version"],
            **operation.signature,
        )
        await operation.submit("void", bill_id, command, reissue=body.reissue)
    return operation.outcome
