"""The programs that partners are shown, run as they stand, each with its language's own client."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conformance import WHY_HELD
from devstack.kafka import jars
from tests import patience
from tests.journeys.stack import Body, Office, Stack, value
from tests.patience import until

HOME = Path(__file__).parents[2] / "docs/partners"
NAME = "programs"
MOST_LINES = 10  # that publishing takes, as the page promises


def python(_folder: Path) -> list[str]:
    return [sys.executable, str(HOME / "python/publish.py")]


def java(folder: Path) -> list[str]:
    if shutil.which("javac") is None:
        pytest.skip("a Java compiler is not installed")
    classes = f"{jars.cached()}/*"
    subprocess.run(["javac", "-d", folder, "-cp", classes, HOME / "java/Publish.java"], check=True)
    return ["java", "-cp", f"{folder}:{classes}", "Publish"]


def go(folder: Path) -> list[str]:
    if shutil.which("go") is None:
        pytest.skip("Go is not installed")
    program = folder / "publish"
    command = ["go", "build", "-mod=readonly", "-o", str(program), "."]
    built = subprocess.run(command, cwd=HOME / "go", capture_output=True, text=True)
    if built.returncode:
        pytest.skip(f"its modules cannot be fetched: {built.stderr[-200:]}")
    return [str(program)]


@pytest.fixture(scope="module")
def partner(stack: Stack) -> Body:
    """What the provider hands to a partner's engineer."""
    facts: Body = json.loads(stack.ispbills("partners", "add", NAME, "--operator", "ISP", "--json"))
    assert facts["password"]
    return facts


def environment(partner: Body) -> dict[str, str]:
    return {
        "PARTNER": NAME,
        "PARTNER_SERVERS": partner["bootstrap_servers"],
        "PARTNER_SECURITY_PROTOCOL": partner["security_protocol"],
        "PARTNER_USERNAME": partner["username"],
        "PARTNER_PASSWORD": partner["password"],
    }


@pytest.mark.parametrize("program", [python, java, go], ids=["Python", "Java", "Go"])
async def test_a_partner_publishes_a_payment_and_reads_its_receipt(
    stack: Stack, office: Office, partner: Body, tmp_path: Path, program: Callable[[Path], list[str]]
) -> None:
    command = await asyncio.to_thread(program, tmp_path)
    payment_id = uuid.uuid4().hex
    done = await asyncio.to_thread(
        subprocess.run,
        [*command, payment_id, "C-2", "12345"],
        env=os.environ | environment(partner),
        stdout=subprocess.PIPE,
        text=True,
        timeout=patience.SECONDS,
        check=True,
    )
    receipt = json.loads(done.stdout)
    assert (receipt["payment_id"], receipt["outcome"]) == (payment_id, "recorded")
    recorded = "SELECT amount_minor FROM payments.payment WHERE external_id = $1"
    assert await value(stack, recorded, payment_id) == 12345


async def test_a_partners_sample_is_tried_and_each_receipt_explained(
    stack: Stack, office: Office, partner: Body, tmp_path: Path
) -> None:
    good = {
        "payment_id": uuid.uuid4().hex,
        "amount_minor": 100,
        "currency": "BDT",
        "paid_at": "2026-01-02T10:00:00Z",
        "customer_code": "C-3",
    }
    lines = [
        json.dumps(good),
        json.dumps(good),
        json.dumps(good | {"amount_minor": 200}),
        json.dumps(good | {"payment_id": uuid.uuid4().hex, "customer_code": "nobody"}),
        json.dumps(good | {"payment_id": uuid.uuid4().hex, "amount_minor": 10.5}),
        "\ufeff" + json.dumps(good | {"payment_id": uuid.uuid4().hex}),
        json.dumps(good | {"payment_id": uuid.uuid4().hex, "note": "x" * 2_000_000}),
    ]
    sample = tmp_path / "sample.jsonl"
    sample.write_text("\n".join(lines))
    said = await asyncio.to_thread(stack.ispbills, "partners", "try", NAME, str(sample), "--json", fails=True)
    tried = json.loads(said)
    outcomes = ["recorded", "duplicate", "conflict", "held", "rejected", None, None]
    assert [each["outcome"] for each in tried] == outcomes
    assert [each["line"] for each in tried] == [1, 2, 3, 4, 5, 6, 7]
    assert "amount_minor" in tried[4]["explanation"]
    assert "dead letters (no JSON: " in tried[5]["explanation"]
    assert "megabyte" in tried[6]["explanation"]


async def test_a_sample_is_tried_for_a_partner_that_was_let_in_alone(stack: Stack, tmp_path: Path) -> None:
    sample = tmp_path / "sample.jsonl"
    sample.write_text("{}")
    said = await asyncio.to_thread(stack.ispbills, "partners", "try", "nobody", str(sample), fails=True)
    assert said == "Error: payments knows no partner nobody\n"


def test_the_page_names_each_reason_for_which_money_is_held() -> None:
    page = (HOME.parent / "partners.md").read_text()
    assert [reason for reason in WHY_HELD if f"| `{reason}` |" not in page] == []


async def test_a_partner_is_paused_and_resumed_at_the_command_line_and_its_limit_stands_at_the_desk(
    stack: Stack, office: Office, partner: Body, tmp_path: Path
) -> None:
    told = await asyncio.to_thread(stack.ispbills, "partners", "pause", NAME)
    assert "held" in told
    good = {
        "payment_id": uuid.uuid4().hex,
        "amount_minor": 100,
        "currency": "BDT",
        "paid_at": "2026-01-02T10:00:00Z",
        "customer_code": "C-3",
    }
    sample = tmp_path / "sample.jsonl"
    sample.write_text(json.dumps(good))
    tried = await asyncio.to_thread(stack.ispbills, "partners", "try", NAME, str(sample))
    assert "partner-paused" in tried
    recorded = "SELECT count(*) FROM payments.payment WHERE external_id = $1"
    assert await value(stack, recorded, good["payment_id"]) == 0
    await asyncio.to_thread(stack.ispbills, "partners", "resume", NAME)

    async def is_recorded() -> bool | None:
        return await value(stack, recorded, good["payment_id"]) == 1 or None

    await until(is_recorded, "the held payment to be recorded")
    await asyncio.to_thread(stack.ispbills, "partners", "limit", NAME, "--bytes-per-second", "250000")

    async def is_limited() -> Body | None:
        known = next(each for each in (await office.get("/partners"))["items"] if each["name"] == NAME)
        return known if known["limits"]["bytes_per_second"] == 250_000 else None

    known = await until(is_limited, "the limit to be shown")
    assert known["key_changed_at"] is not None


def test_the_page_shows_parts_of_the_programs_that_are_run() -> None:
    shown = (HOME.parent / "partners.md").read_text().split("```")[1::2]
    blocks = [block for block in shown if not block.startswith("console")]
    programs = {
        "python": (HOME / "python/publish.py").read_text(),
        "java": (HOME / "java/Publish.java").read_text(),
        "go": (HOME / "go/main.go").read_text(),
    }
    # Publishing first, then reading receipts.
    assert [block.partition("\n")[0] for block in blocks] == [*programs, *programs]
    for block in blocks:
        language, _, code = block.partition("\n")
        assert unindented(code).strip() in unindented(programs[language])
    for block in blocks[: len(programs)]:
        assert len(block.strip().splitlines()[1:]) <= MOST_LINES, block


async def test_pythons_program_ends_with_what_kafka_says_against_a_payment(
    stack: Stack, office: Office, partner: Body
) -> None:
    told = environment(partner) | {"PARTNER": "somebody-else"}
    done = await asyncio.to_thread(
        subprocess.run,
        [*python(HOME), uuid.uuid4().hex, "C-2", "12345"],
        env=os.environ | told,
        stderr=subprocess.PIPE,
        text=True,
        timeout=patience.SECONDS,
    )
    assert (done.returncode, "not taken, send it again" in done.stderr) == (1, True), done.stderr


def unindented(code: str) -> str:
    return "\n".join(line.strip() for line in code.splitlines())
