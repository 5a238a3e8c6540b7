"""`ispbills customers`: the import of the API with a report of each refused line, and the end of one."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import httpx

from cli.users import in_gateway
from devstack.environment import ensure_environment
from gateway.commands import tokens as token_commands
from gateway.store import tokens as token_store
from gateway.store import users as user_store
from shared import clock
from shared.db import Tx

_PAUSE_SECONDS = 0.25


@click.group()
def customers() -> None:
    """Import customers from a CSV file or a workbook; erase one for good."""


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--user", "email", help="In whose name; the first admin of the root unless given.")
@click.option("--columns", help="Ours from theirs: code:CustomerId,name:First name+Last name,…")
@click.option("--defaults", help="Where the file says nothing of a new customer: operator:ISP,…")
@click.option("--values", help="Our values for theirs: package:BRONZE 799=Home 10,status:Y=active,…")
@click.option("--dates", type=click.Choice(["day_first", "month_first", "iso"]), help="The order of dates.")
@click.option("--twins", type=click.Choice(["refuse", "update", "create"]), help="A code known elsewhere.")
@click.option("--header", help="The line that holds the columns' names.")
@click.option("--sheet", help="The workbook's sheet; else the first visible one.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--refused", type=click.Path(dir_okay=False, path_type=Path), help="Where refused.csv goes.")
def import_(
    file: Path, email: str | None, dry_run: bool, refused: Path | None, **options: str | None
) -> None:
    """Import FILE; exits 1 when lines were refused, after naming each."""
    ensure_environment()
    token = in_gateway(lambda tx: _passing_token(tx, email))
    query = {name: value for name, value in options.items() if value is not None}
    try:
        report = _import(file.read_bytes(), token["token"], query, dry_run, refused)
    finally:
        in_gateway(lambda tx: token_store.revoke(tx, token["id"], clock.now()))
    counts = ", ".join(f"{report[name]} {name}" for name in ("created", "updated", "unchanged"))
    refusals = report["read"] - sum(report[name] for name in ("created", "updated", "unchanged"))
    click.echo(f"{'would be: ' if dry_run else ''}{counts}, {refusals} refused")
    for warning in report["warnings"]:
        click.echo(f"line {warning['line']}  {warning['code']}  look twice: {warning['detail']}", err=True)
    for line in report["refused"]:
        reasons = "; ".join(f"{each['field']} {each['detail']}".strip() for each in line["reasons"])
        click.echo(f"line {line['line']}  {line['code']}  {reasons}", err=True)
    if refusals:
        raise SystemExit(1)


async def _passing_token(tx: Tx, email: str | None) -> Mapping[str, Any]:
    owner = await user_store.by_email(tx, email.lower()) if email else await user_store.first_admin(tx)
    if owner is None:
        raise click.ClickException("There is no such user.")
    return await token_commands.issue_token(tx, owner, "customers import")


def _import(
    content: bytes, token: str, query: dict[str, str], dry_run: bool, refused: Path | None
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=os.environ["GATEWAY_PUBLIC_URL"], headers=headers, timeout=120) as gateway:
        answer = gateway.post(
            "/api/v1/customers/import",
            content=content,
            params=query | ({"dry_run": "true"} if dry_run else {}),
            headers={"Content-Type": "text/csv", "Idempotency-Key": secrets.token_hex(16)},
        )
        if not answer.is_success:
            problem = answer.json()
            fields = "; ".join(f"{each['field']}: {each['detail']}" for each in problem.get("errors", []))
            raise click.ClickException(f"{problem['detail']} {fields}")
        if dry_run:
            seen: dict[str, Any] = answer.json()
            return seen
        report = _wait(gateway, answer.headers["Location"])
        if refused:
            lines = gateway.get(f"/api/v1/imports/{answer.json()['id']}/refused.csv").raise_for_status()
            refused.write_bytes(lines.content)
        return report


def _wait(gateway: httpx.Client, location: str) -> dict[str, Any]:
    while True:
        operation = gateway.get(location).raise_for_status().json()
        if operation["state"] == "completed":
            report: dict[str, Any] = operation["resource"]
            return report
        if operation["state"] == "refused":
            raise click.ClickException(operation["problem"]["detail"])
        time.sleep(_PAUSE_SECONDS)


@customers.command()
@click.argument("code")
@click.option("--operator", "operator_code", help="Whose customer, where several have this code.")
@click.option(
    "--confirm", prompt="Erased for good. The code once more", help="The code once more, to be sure."
)
@click.option("--user", "email", help="In whose name; the first admin of the root unless given.")
def erase(code: str, operator_code: str | None, confirm: str, email: str | None) -> None:
    """Erase the personal data of the closed customer CODE for good; the books keep the code."""
    ensure_environment()
    token = in_gateway(lambda tx: _passing_token(tx, email))
    try:
        click.echo(_erase(token["token"], code, operator_code, confirm))
    finally:
        in_gateway(lambda tx: token_store.revoke(tx, token["id"], clock.now()))


def _erase(token: str, code: str, operator_code: str | None, confirm: str) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=os.environ["GATEWAY_PUBLIC_URL"], headers=headers, timeout=120) as gateway:
        found = gateway.get("/api/v1/customers", params={"code": code} | _of(gateway, operator_code))
        customers_found = found.raise_for_status().json()["items"]
        if len(customers_found) != 1:
            wrong = (
                "Several customers have this code: name the --operator."
                if customers_found
                else "Unknown code."
            )
            raise click.ClickException(wrong)
        answer = gateway.post(
            f"/api/v1/customers/{customers_found[0]['id']}/erase",
            json={"code": confirm},
            headers={"Idempotency-Key": secrets.token_hex(16)},
        )
        if not answer.is_success:
            raise click.ClickException(answer.json()["detail"])
        done = _wait(gateway, answer.headers["Location"]) if answer.status_code == 202 else answer.json()
        return str(done["name"])


def _of(gateway: httpx.Client, operator_code: str | None) -> dict[str, str]:
    """Return the filter that names an operator by its code."""
    if operator_code is None:
        return {}
    named = [each["id"] for each in _operators(gateway) if each["code"] == operator_code]
    if not named:
        raise click.ClickException("Unknown operator.")
    return {"operator_id": str(named[0])}


def _operators(gateway: httpx.Client) -> Iterator[dict[str, Any]]:
    """Yield all operators, a page at a time."""
    query: dict[str, str | int] = {"limit": 200}
    while True:
        page = gateway.get("/api/v1/operators", params=query).raise_for_status().json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]
