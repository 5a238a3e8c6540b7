"""A small ISP made through the public API: two resellers, a few packages, a month of bills."""

from __future__ import annotations

import secrets
import time
import uuid
from dataclasses import dataclass

import httpx

from tests import patience

CUSTOMERS = 60
RESELLER_PASSWORD = "reseller-of-pallabi"


@dataclass(frozen=True)
class Isp:
    """What tests need to name."""

    period: str
    pallabi: str
    uttara: str
    package: str
    prefix: str
    reseller_email: str
    reseller_password: str = RESELLER_PASSWORD


def fill(client: httpx.Client, email: str, password: str) -> Isp:
    """Make it, and wait until its bills show."""
    answer = client.post("/session", json={"email": email, "password": password})
    answer.raise_for_status()
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    root = client.get("/me").json()["operator_id"]
    prefix = letters(5)
    pallabi = _operator(client, f"P{prefix}", f"Pallabi {prefix}", root)
    uttara = _operator(client, f"U{prefix}", f"Uttara {prefix}", root)
    package = _made(client, "/packages", name=f"Home {prefix}", price_minor=100_000, vat_basis_points=500)
    reseller = f"{prefix.lower()}@pallabi.test"
    _made(
        client, "/users", email=reseller, name="Reseller of Pallabi", password=RESELLER_PASSWORD,
        role="operator", operator_id=pallabi,
    )  # fmt: skip
    _import(client, prefix)
    period = client.get("/settings/billing").json()["billing_from"]
    key = {"Idempotency-Key": str(uuid.uuid4())}
    run = client.post("/billing-runs", json={"period": period}, headers=key)
    assert run.status_code in (201, 202), run.text
    _until_there_are_bills(client, [pallabi, uttara])
    return Isp(period, pallabi, uttara, package["id"], prefix, reseller)


def letters(count: int) -> str:
    """A name that nobody has, without digits: a search for a customer's number would find it by those."""
    return "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(count))


def _operator(client: httpx.Client, code: str, name: str, parent_id: str) -> str:
    return _made(client, "/operators", code=code, name=name, parent_id=parent_id)["id"]


def _made(client: httpx.Client, path: str, **body: object) -> dict[str, str]:
    answer = client.post(path, json=body)
    if answer.status_code == 202:
        return _completed(client, answer.headers["location"])
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


def _completed(client: httpx.Client, location: str) -> dict[str, str]:
    deadline = time.monotonic() + patience.SECONDS
    while time.monotonic() < deadline:
        operation = client.get(location.removeprefix("/api/v1")).json()
        if operation["state"] != "pending":
            assert operation["state"] == "completed", operation
            resource: dict[str, str] = operation["resource"]
            return resource
        time.sleep(0.3)
    raise AssertionError(f"{location} does not end")


def _import(client: httpx.Client, prefix: str) -> None:
    lines = ["code,name,mobile,address,operator,package,status,billing_cycle,since"]
    for number in range(CUSTOMERS):
        side = "P" if number % 2 == 0 else "U"
        lines.append(
            f"{side}{prefix}-{number:03d},Customer {prefix} {number:03d},+8801711{number:06d},House {number},"
            f"{side}{prefix},Home {prefix},active,monthly,2026-01-01"
        )
    answer = client.post(
        "/customers/import",
        content="\n".join(lines).encode(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == 202, answer.text
    _completed(client, answer.headers["location"])


def _until_there_are_bills(client: httpx.Client, operator_ids: list[str]) -> None:
    deadline = time.monotonic() + patience.SECONDS
    while time.monotonic() < deadline:
        found = client.get("/bills", params={"operator_id": operator_ids, "limit": 1}).json()
        if found["totals"]["count"] == CUSTOMERS:
            return
        time.sleep(0.5)
    raise AssertionError("the bills do not show")
