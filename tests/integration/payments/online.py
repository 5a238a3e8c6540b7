"""Paying online in a test: simulated providers over HTTP, the public app, and the senders, step by step."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from services.payments.providers import Outside
from services.payments.providers.sns import Certificates
from services.payments.public import create_app
from services.payments.public.counter import Counter
from services.payments.senders import CheckoutAsker, GatewayChecker, RefundSender, Tills
from shared import clock, outgoing
from shared.contracts.envelope import Message
from shared.contracts.payments import ConfigurePaymentGateway, CreatePaymentLink, PaymentLinkCreated
from shared.ids import new_id
from shared.sealing import public_key_of, seal
from tests import sns
from tests.integration.payments.harness import CLERK, OFFICE, SEALING_KEY, PaymentsHarness

SECRET = "whsec-test"
MOBILE = "+8801712345678"


class Online:
    """Payments whose bills can be paid online."""

    def __init__(self, harness: PaymentsHarness, database_url: str) -> None:
        self.harness = harness
        self.database_url = database_url
        self.client = outgoing.open_client(seconds=40, is_open=True)
        self.tills = Tills(OFFICE, Outside(self.client, "http://pay.test/sandbox/pay"))
        self.asker = CheckoutAsker(self.tills)
        self.certificates = Certificates(self.client)
        counter = Counter(self.tills, self.certificates, lambda: harness.pool)
        self.browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(counter)), base_url="http://pay.test"
        )

    async def close(self) -> None:
        await self.browser.aclose()
        await self.client.aclose()

    def configures(
        self, provider: str, secrets: Mapping[str, str] | None, operator_id: UUID | None = None, **more: Any
    ) -> ConfigurePaymentGateway:
        operator_id = operator_id or self.harness.root
        sealed = None
        if secrets is not None:
            key = public_key_of(SEALING_KEY)
            sealed = seal(
                key, secrets, service="payments", operator_id=operator_id, provider=provider, at=clock.now()
            )
        return ConfigurePaymentGateway(
            actor=CLERK,
            gateway_id=new_id(),
            provider=provider,
            operator_id=operator_id,
            sealed=sealed,
            **more,
        )

    async def configure(
        self, provider: str, secrets: Mapping[str, str] | None, operator_id: UUID | None = None, **more: Any
    ) -> Message:
        """Set a gateway up; the end of the command."""
        command, id = self.configures(provider, secrets, operator_id, **more), new_id()
        before = await self.harness.last()
        await self.harness.tell(command, ids=[id])
        while await GatewayChecker(self.tills).step(self.harness.pool):
            pass
        ends = [each.message for each in await self.harness.said(after=before) if each.causation_id == id]
        assert len(ends) == 1, ends
        return ends[0]

    async def sandbox(self) -> None:
        await self.configure("sandbox", {"webhook_secret": SECRET})

    async def link(self, customer_id: UUID, invoice_id: UUID, **more: Any) -> str:
        """A link for a bill; its token."""
        command = CreatePaymentLink(
            actor=CLERK, link_id=new_id(), invoice_id=invoice_id, customer_id=customer_id, **more
        )
        end = await self.harness.ask(command)
        assert isinstance(end, PaymentLinkCreated), end
        return OFFICE.links.token(end.link_id)

    async def bill(self, total: int = 105_000, code: str = "C-1", **more: Any) -> tuple[UUID, UUID, str]:
        """A customer with a bill and a link to it."""
        customer = await self.harness.customer(code, mobile=MOBILE)
        invoice = await self.harness.billed(customer, total, **more)
        return customer, invoice, await self.link(customer, invoice)

    async def checkout(self, token: str, provider: str, **form: Any) -> str:
        """Begin to pay; where the provider's page is."""
        answer = await self.browser.post(f"/pay/{token}/checkout", data={"provider": provider, **form})
        assert answer.status_code == 303, (answer.status_code, answer.text)
        return answer.headers["location"]

    async def row(self, **where: Any) -> dict[str, Any]:
        """The newest checkout."""
        rows = await self.harness.pool.fetch("SELECT * FROM checkout ORDER BY created_at DESC")
        return dict(rows[0])

    async def look(self, *, later_minutes: float = 0) -> None:
        """What the janitor does, after so many minutes."""
        if later_minutes:
            await self.meddle(
                "UPDATE checkout SET next_look_at = next_look_at - make_interval(secs => $1),"
                " created_at = created_at - make_interval(secs => $1),"
                " ends_at = ends_at - make_interval(secs => $1),"
                " heard_at = heard_at - make_interval(secs => $1),"
                " leased_until = leased_until - make_interval(secs => $1)",
                later_minutes * 60.0,
            )
        while (row := await self.asker.claim(self.harness.pool)) is not None:
            await self.asker.handle(self.harness.pool, row)

    async def meddle(self, statement: str, *arguments: Any) -> None:
        """Change what the service itself may not, as if time had passed."""
        connection = await asyncpg.connect(
            self.database_url, server_settings={"search_path": "payments,public"}
        )
        await connection.execute(statement, *arguments)
        await connection.close()

    async def send_refunds(self) -> None:
        """What the sender of refunds does, whenever it is due."""
        await self.meddle("UPDATE gateway_refund SET next_look_at = '2020-01-01'")
        await RefundSender(self.tills).step(self.harness.pool)

    async def call_back(
        self,
        reference: str,
        amount: int = 105_000,
        *,
        secret: str = SECRET,
        at: int | None = None,
        **more: Any,
    ) -> httpx.Response:
        """The sandbox's callback."""
        said = {
            "id": more.pop("id", None) or str(new_id()),
            "reference": reference,
            "status": "paid",
            "amount_minor": amount,
            "currency": "BDT",
        } | more
        body = json.dumps(said).encode()
        return await self.post_signed(body, secret, at)

    async def notify(self, body: bytes) -> httpx.Response:
        """What SNS posts for bKash, under a certificate that is known by now."""
        self.certificates.known[sns.CERTIFICATE] = sns.KEY.public_key()
        return await self.browser.post("/webhooks/bkash", content=body)

    async def post_signed(self, body: bytes, secret: str = SECRET, at: int | None = None) -> httpx.Response:
        at = int(time.time()) if at is None else at
        digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Signature": f"t={at},v1={digest}"}
        return await self.browser.post("/webhooks/sandbox", content=body, headers=headers)
