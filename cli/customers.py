"""`ispbills customers import FILE`: the same import as over HTTP, with a report of every refused line."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import httpx

from cli.users import in_gateway
from devstack.environment import ensure_environment
from gateway.commands import tokens as token_commands
from gateway.store import statements
from shared import clock
from shared.db import Tx

_PAUSE_SECONDS = 0.25


@click.group()
def customers() -> None:
    """Import customers from a CSV file."""


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--user", "email", help="In whose name; the first admin of the root unless given.")
def import_(file: Path, email: str | None) -> None:
    """Import FILE; exits 1 when lines were refused, after naming each."""
    ensure_environment()
    token = in_gateway(lambda tx: _passing_token(tx, email))
    try:
        report = _import(file.read_bytes(), token["token"])
    finally:
        in_gateway(lambda tx: statements.do(tx, "revoke_token", id=token["id"], now=clock.now()))
    counts = ", ".join(f"{report[name]} {name}" for name in ("created", "updated", "unchanged"))
    click.echo(f"{counts}, {len(report['refused'])} refused")
    for line in report["refused"]:
        click.echo(f"line {line['line']}  {line['code']}  {line['reason']}", err=True)
    if report["refused"]:
        raise SystemExit(1)


async def _passing_token(tx: Tx, email: str | None) -> Mapping[str, Any]:
    owner = (
        await statements.one(tx, "user_by_email", email=email.lower())
        if email
        else await statements.one(tx, "first_admin")
    )
    if owner is None:
        raise click.ClickException("There is no such user.")
    return await token_commands.issue_token(tx, owner, "customers import")


def _import(content: bytes, token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=os.environ["GATEWAY_PUBLIC_URL"], headers=headers, timeout=120) as gateway:
        answer = gateway.post(
            "/api/v1/customers/import",
            content=content,
            headers={"Content-Type": "text/csv", "Idempotency-Key": secrets.token_hex(16)},
        )
        if answer.status_code != 202:
            problem = answer.json()
            fields = "; ".join(each["detail"] for each in problem.get("errors", []))
            raise click.ClickException(f"{problem['detail']} {fields}")
        return _wait(gateway, answer.headers["Location"])


def _wait(gateway: httpx.Client, location: str) -> dict[str, Any]:
    while True:
        operation = gateway.get(location).raise_for_status().json()
        if operation["state"] == "completed":
            report: dict[str, Any] = operation["resource"]
            return report
        if operation["state"] == "refused":
            raise click.ClickException(operation["problem"]["detail"])
        time.sleep(_PAUSE_SECONDS)
