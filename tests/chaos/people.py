"""People who don't give up, and a payment provider that lies."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from tests.journeys.stack import Body, Office, Stack

SECRET = "the secret of the soak's sandbox"
PATIENCE_SECONDS = 180.0
PASSING = frozenset({502, 503, 504})


class PatientOffice(Office):
    """An office that asks again, under the same key, while the house is away or sheds load."""

    def __init__(self, client: httpx.AsyncClient, retries: Counter[str]) -> None:
        super().__init__(client)
        self.retries = retries

    async def get(self, path: str, **query: Any) -> Body:
        answer = await patiently(self.client, self.retries, "GET", path, params=query)
        assert answer.status_code == 200, answer.text
        body: Body = answer.json()
        return body

    async def send(
        self, method: str, path: str, body: Body | None = None, key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        return await patiently(self.client, self.retries, method, path, json=body, headers=headers)

    async def import_customers(self, content: str) -> httpx.Response:
        """Send a file of customers."""
        headers = {"Content-Type": "text/csv", "Idempotency-Key": uuid.uuid4().hex}
        return await patiently(
            self.client, self.retries, "POST", "/customers/import", content=content, headers=headers
        )


async def patiently(
    client: httpx.AsyncClient, retries: Counter[str], method: str, path: str, **request: Any
) -> httpx.Response:
    """Send until there is an answer that is one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = await client.request(method, path, **request)
            if answer.status_code not in PASSING or time.monotonic() > deadline:
                return answer
            retries[f"again after {answer.status_code}"] += 1
        except httpx.TransportError as error:
            retries[f"again after {type(error).__name__}"] += 1
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.5)


class LyingProvider:
    """Calls back for a checkout of the sandbox: twice, with other amounts, forged, for nobody's checkout."""

    def __init__(
        self,
        stack: Stack,
        retries: Counter[str],
        road: Callable[[], httpx.AsyncBaseTransport | None] = lambda: None,
    ) -> None:
        self.road = road
        self.payments_url: str = stack.addresses["payments_url"]
        self.retries = retries

    async def pay(self, link_url: str, amount_minor: int, chance: random.Random) -> list[str]:
        """Pay by a link, with a lie or two; what was answered as it should not be."""
        async with httpx.AsyncClient(timeout=60, transport=self.road()) as browser:
            begun = await patiently(
                browser, self.retries, "POST", f"{link_url}/checkout", data={"provider": "sandbox"}
            )
            if begun.status_code != 303:
                # Paid, revoked or renewed meanwhile: the page says so.
                return [f"checkout: {begun.status_code}"] if begun.status_code >= 500 else []
            found = re.search(r"[?&]reference=([^&]+)", begun.headers["location"])
            assert found is not None, begun.headers["location"]
            said = {"id": uuid.uuid4().hex, "reference": found[1], "status": "paid"}
            said |= {"amount_minor": amount_minor, "currency": "BDT"}
            return [
                fault for each in self._stories(said, chance) for fault in await self._tell(browser, *each)
            ]

    def _stories(self, said: Body, chance: random.Random) -> list[tuple[Body, bool, tuple[int, ...]]]:
        """What is said, whether it is signed rightly, and the answers that it may have."""
        lies = [
            (said | {"amount_minor": said["amount_minor"] + 100}, True, (200,)),
            (said | {"currency": "USD"}, True, (200,)),
            (said | {"reference": uuid.uuid4().hex, "id": uuid.uuid4().hex}, True, (503,)),
            (said, False, (401,)),
            (said | {"status": "failed", "id": uuid.uuid4().hex}, True, (200,)),
        ]
        truth = (said, True, (200,))
        return [*chance.sample(lies, chance.randrange(3)), truth, truth]

    async def _tell(
        self, browser: httpx.AsyncClient, said: Body, honest: bool, fit: tuple[int, ...]
    ) -> list[str]:
        body = json.dumps(said).encode()
        now = int(time.time())
        signed = hmac.new(SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Signature": f"t={now},v1={signed if honest else '0' * 64}"}
        where = f"{self.payments_url}/webhooks/sandbox"
        request: dict[str, Any] = {"content": body, "headers": headers}
        try:
            if 503 in fit:
                answer = await browser.post(where, **request)
            else:
                answer = await patiently(browser, self.retries, "POST", where, **request)
        except httpx.TransportError:
            return []
        fits = answer.status_code in fit
        return [] if fits else [f"callback {said}: {answer.status_code} {answer.text[:200]}"]
