"""Customers to bill, imported as staff would: operators, packages and a CSV file."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from typing import Any

import httpx

OPERATORS = 24
PACKAGES = 8
LINES_A_FILE = 50_000
HEADER = "code,name,mobile,address,operator,package,status,billing_cycle,since"


async def settled(client: httpx.AsyncClient, answer: httpx.Response) -> Any:
    """The resource of a write, however long its operation takes."""
    if answer.status_code != 202:
        answer.raise_for_status()
        return answer.json()
    location = answer.headers["Location"].removeprefix("/api/v1")
    while True:
        operation = (await client.get(location)).raise_for_status().json()
        if operation["state"] == "completed":
            return operation["resource"]
        if operation["state"] == "refused":
            raise RuntimeError(operation["problem"])
        await asyncio.sleep(0.2)


async def open_shop(client: httpx.AsyncClient, billing_from: str) -> None:
    """Resellers and packages, billed since a period."""
    settings = await client.put("/settings/billing", json={"billing_from": billing_from})
    await settled(client, settings)
    root = (await client.get("/operators", params={"limit": 1})).raise_for_status().json()["items"][0]
    for number in range(OPERATORS):
        body = {"code": f"OP{number:02}", "name": f"Reseller {number}", "parent_id": root["id"]}
        await settled(client, await client.post("/operators", json=body))
    for number in range(PACKAGES):
        body = {"name": f"Home {number}", "price_minor": 50_000 + 10_000 * number, "vat_basis_points": 500}
        await settled(client, await client.post("/packages", json=body))


async def add_customers(client: httpx.AsyncClient, first: int, end: int) -> None:
    """Customers by CSV, numbered from `first` up to `end`, spread over all operators and packages."""
    lines = (_line(number) for number in range(first, end))
    while file := list(itertools.islice(lines, LINES_A_FILE)):
        answer = await client.post(
            "/customers/import",
            content="\n".join([HEADER, *file]).encode(),
            headers={"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())},
        )
        report = await settled(client, answer)
        assert report["created"] == len(file), report


def _line(number: int) -> str:
    mobile = f"+88017{number:08}"
    package = f"Home {number % PACKAGES}"
    who = f"C{number:07},Customer {number},{mobile},House {number % 400}"
    return f"{who},OP{number % OPERATORS:02},{package},active,monthly,2020-01-01"
