"""Two resellers side by side: of one, everything that the desk can name, and the words that give it away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from shared.contracts.notifications import MessageUnknown
from shared.contracts.payments import (
    CheckoutChanged,
    PaymentHeld,
    PaymentLinkCreated,
    ReminderRuleChanged,
)
from shared.ids import new_id
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness, customer, invoice, package, paid
from tests.integration.gateway.online import link, message, payment_gateway, sms_gateway
from tests.integration.gateway.test_closings import closed
from tests.integration.gateway.test_partners import partner
from tests.integration.gateway.test_runs_from_above import run_of_the_isp

WORDS = (
    "Operator SOUTH", "SOUTH-0", "Secretive Customer", "south.desk", "southwell", "8801799887766", "Their own"
)  # fmt: skip
# An admin of the whole ISP alone comes so far: for anybody else no such id is known.
TABLES = """
SELECT relname
  FROM pg_class
 WHERE relnamespace = 'gateway'::regnamespace AND relkind = 'r' AND relname <> ALL ($1)
"""
ABOUT = """
SELECT held::text
  FROM gateway.{table} AS held
 WHERE EXISTS (SELECT FROM unnest($1::text[]) AS word WHERE position(word IN held::text) > 0)
"""
# What a walk does to itself: when its token and its session were used.
OF_THE_WALK = ("api_token", "user_session")
UUID_LENGTH = 36
OF_THE_WHOLE = ("letter_id", "standing_id")


@dataclass
class Neighbour:
    """What there is of the other reseller, by the names that routes give it."""

    ids: dict[str, str] = field(default_factory=dict)

    def fill(self, path: str) -> str:
        """Return a route's address with the neighbour's ids in it."""
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}:str}}", value)
        return path

    @asynccontextmanager
    async def unharmed(self, database_url: str) -> AsyncIterator[None]:
        """Hold that no row about the neighbour is changed meanwhile, added or lost, in whatever table."""
        before = await self._rows(database_url)
        yield
        after = await self._rows(database_url)
        assert after == before, sorted(set(after) ^ set(before))

    async def _rows(self, database_url: str) -> list[str]:
        connection = await asyncpg.connect(database_url)
        try:
            tables = await connection.fetch(TABLES, list(OF_THE_WALK))
            about = [*{value for value in self.ids.values() if len(value) == UUID_LENGTH}, *WORDS]
            found = [
                f"{table}: {row[0]}"
                for (table,) in tables
                for row in await connection.fetch(ABOUT.format(table=table), about)
            ]
            # A bulk action says of an id beyond its asker's reach that there is no such bill.
            return sorted(row for row in found if ",failed,not-found," not in row)
        finally:
            await connection.close()


async def settle(harness: GatewayHarness, client_for: ClientFor) -> Neighbour:
    """Let the neighbour bill, be paid, be written to and work at the desk."""
    ids: dict[str, Any] = {
        **await _billed_and_paid(harness),
        **await _set_up(harness),
        "operator_id": harness.south.operator_id,
        "period": "2026-12",
        "provider": "sandbox",
        "token": "no-address-of-ours",
        "link_id": new_id(),
        "document_id": new_id(),
        **{name: new_id() for name in OF_THE_WHOLE},
    }
    neighbour = Neighbour({name: str(value) for name, value in ids.items()})
    neighbour.ids |= await _worked(neighbour.ids, await client_for(harness.south, "admin"))
    return neighbour


async def _billed_and_paid(harness: GatewayHarness) -> dict[str, Any]:
    own_plan = package("Their own plan").model_copy(update={"operator_id": harness.south.operator_id})
    theirs = customer("S9", harness.south, own_plan, name="Secretive Customer").model_copy(
        update={"mobile": "+8801799887766"}
    )
    bill, owed = invoice(theirs, "SOUTH-000001"), invoice(theirs, "SOUTH-000002", "2026-11")
    money = paid(bill, 5_000)
    south = harness.south.operator_id
    run = run_of_the_isp(harness, operator_id=south, requested_by="admin@south.desk")
    held = PaymentHeld(
        held_id=new_id(), source="provider:bkash", payment_id="SOUTH-0-TRX", operator_id=south,
        amount_minor=5_000, currency="BDT", reason="amount-mismatch", received_at=NOW, state="held",
        customer_id=theirs.customer_id, invoice_id=bill.invoice_id, checkout_id=new_id(), version=1,
    )  # fmt: skip
    checkout = CheckoutChanged(
        checkout_id=new_id(), link_id=new_id(), invoice_id=bill.invoice_id, customer_id=theirs.customer_id,
        operator_id=south, provider="bkash", reference="SOUTH-0-REF", amount_minor=105_000, currency="BDT",
        state="unknown", created_at=NOW, version=1,
    )  # fmt: skip
    sent, made = message(MessageUnknown, bill, "unknown", provider="http"), link(PaymentLinkCreated, owed)
    day = closed(harness, operator_id=south, note="Their own note", closed_by="boss@south.desk")
    for said in (own_plan, theirs, bill, owed, money, run, held, checkout, sent, made, day):
        await harness.say(said)
    return {
        "bill_id": bill.invoice_id, "customer_id": theirs.customer_id, "package_id": own_plan.package_id,
        "payment_id": money.payments[0].payment_id, "run_id": run.run_id, "held_id": held.held_id,
        "checkout_id": checkout.checkout_id, "message_id": sent.message_id, "closing_id": day.closing_id,
    }  # fmt: skip


async def _set_up(harness: GatewayHarness) -> dict[str, Any]:
    south = harness.south.operator_id
    of_theirs = partner(south, name="southwell")
    rule = ReminderRuleChanged(
        rule_id=new_id(), operator_id=south, days=-3, template="reminder", enabled=True,
        exclude_operator_ids=(), version=1,
    )  # fmt: skip
    sms = sms_gateway(harness.south, changed_by="admin@south.desk")
    for said in (of_theirs, rule, sms, payment_gateway(harness.south)):
        await harness.say(said)
    return {"partner_id": of_theirs.partner_id, "rule_id": rule.rule_id, "gateway_id": sms.gateway_id}


async def _worked(ids: dict[str, str], admin: httpx.AsyncClient) -> dict[str, str]:
    """Do at the desk what leaves something behind there; return the ids."""

    async def made(path: str, **sent: Any) -> dict[str, Any]:
        answer = await admin.post(path, headers={"Idempotency-Key": uuid4().hex}, **sent)
        assert answer.is_success, (path, answer.text)
        body: dict[str, Any] = answer.json()
        return body

    me = (await admin.get("/me")).json()
    view = await made("/saved-views", json={"name": "Their own view", "query": "overdue=true"})
    hook = await made(
        "/webhooks", json={"url": "https://hooks.south.desk.example/bills", "types": ["bill.paid"]}
    )
    selection = {"bill_ids": [ids["bill_id"]]}
    parameters = {"paid_on": "2026-11-20", "method": "cash"}
    action = await made(
        "/bulk-actions", json={"action": "mark_paid", "selection": selection, "parameters": parameters}
    )
    imported = await made(
        "/customers/import",
        content=b"code,name\nS9,Secretive Customer\n",
        params={"columns": "code:code,name:name"},
    )
    tokens = (await admin.get("/tokens")).json()["items"]
    return {
        "view_id": view["id"],
        "webhook_id": hook["id"],
        "action_id": action["id"],
        "import_id": imported["id"],
        "operation_id": imported["id"],
        "file_id": imported["id"],
        "token_id": tokens[0]["id"],
        "user_id": (me.get("user") or me)["id"],
    }
