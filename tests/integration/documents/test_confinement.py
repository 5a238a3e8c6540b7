"""The rendering process reaches nothing: no network, no files, no memory without end, no secrets."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.documents.rendering.pool import Pool as Processes
from services.documents.rendering.pool import ProcessDied, RenderingFailed
from shared.contracts.documents import RenderDocument, Rendering, ReversalNote, VoidNote
from tests.integration.documents.harness import ROOT, DocumentsHarness
from tests.integration.documents.papers import AT_TWO, bill, invoice, line, paid, receipt, statement


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody should ever talk to, and what it heard."""
    heard: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            heard.append(str(address))
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
    server.close()


def payloads(address: str) -> list[str]:
    return [
        f"<img src='{address}/a'>",
        f"<link rel=stylesheet href='{address}/b'><style>@import url({address}/c)</style>",
        f"<object data='{address}/d'></object><iframe src='{address}/e'/>",
        f"url({address}/f)",
        f"</td></tr></table><img src='{address}/g'>",
        f"<!DOCTYPE x [<!ENTITY y SYSTEM '{address}/h'>]>&y;",
        f"{{{{ cycler.__init__.__globals__.os.popen('curl {address}/i').read() }}}}",
        "<link rel=attachment href='file:///etc/passwd'>",
    ]


def full_commands(address: str) -> list[Rendering]:
    """Every kind of document with every field filled; new fields are poisoned without being named here."""
    void = VoidNote(
        voided_at=AT_TWO, reason="twice", reissued_number="PLB-1", reissued_on=AT_TWO.date(),
        reissued_total_minor=100,
    )  # fmt: skip
    taken_back = ReversalNote(reversed_at=AT_TWO, reason="cheque returned")
    return [
        invoice(replaces="PLB-004187", pay_url=f"{address}/pay/a'onload='b"),
        invoice(void=void, settlement=None),
        receipt(portal_url=f"{address}/portal/x"),
        receipt(reversal=taken_back, paper="58mm"),
        statement(portal_url=f"{address}/j'onload='x"),
    ]


def poisoned(command: Rendering, payload: str) -> Rendering:
    """The command with each text that its contract leaves open in place of what it said."""
    fields = command.model_dump(mode="json")
    for holder, place in list(texts_of(fields)):
        kept = holder[place]
        for text in (payload, payload[:95], kept):
            holder[place] = text
            if is_valid(type(command), fields):
                break
    return type(command).model_validate(fields, strict=False)


def texts_of(value: Any) -> Iterator[tuple[Any, Any]]:
    for place, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, str):
            yield value, place
        elif isinstance(each, dict | list):
            yield from texts_of(each)


def is_valid(kind: type[Rendering], fields: dict[str, Any]) -> bool:
    try:
        kind.model_validate(fields, strict=False)
    except ValidationError:
        return False
    return True


def test_a_poisoned_command_is_poisoned_in_every_text() -> None:
    command = poisoned(full_commands("http://a.example")[0], "<img src='http://a.example'>")
    said = json.dumps(command.model_dump(mode="json"))
    for fine in ("Nusrat", "Home 30", "House 14", "MR-5521", "cash", "Pallabi", "PLB-"):
        assert fine not in said


async def test_no_field_makes_it_fetch_anything(
    harness: DocumentsHarness, canary: tuple[str, list[str]]
) -> None:
    address, heard = canary
    for payload in payloads(address):
        short = payload[:95]
        await harness.profile(
            ROOT, name=payload, address=payload, phone=short, email=short, tax_id=short, footer=payload,
            e_invoice="factur-x",
        )  # fmt: skip
        for command in full_commands(address):
            made = await harness.made(poisoned(command, payload))
            assert command.paper == "58mm" or payload[:12] in made.text
            if isinstance(command, RenderDocument) and command.void is None:
                assert {str(file.UF) for file in made.pdf.Root.AF} == {"factur-x.xml"}
    assert heard == []


ESCAPES = {
    "connect": "import socket; socket.create_connection(('127.0.0.1', 1))",
    "look up": "import socket; socket.getaddrinfo('example.org', 80)",
    "start": "import subprocess; subprocess.run(['true'])",
    "shell": "import os; os.system('true')",
    "write": "open('/tmp/written-by-a-rendering', 'w')",
    "read": "open('/etc/passwd')",
    "unlock": "import os; os.open('/etc/hostname', os.O_RDONLY)",
}


@pytest.mark.parametrize("attempt", ESCAPES)
def test_a_rendering_process_may_not(attempt: str) -> None:
    code = f"""
from pathlib import Path
import sys, socket, subprocess
from services.documents.rendering.locks import NotAllowedHere, lock
lock(2 ** 31, (Path(sys.prefix), Path(sys.base_prefix)))
try:
    {ESCAPES[attempt]}
except NotAllowedHere:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "refused", done.stderr[-500:]


def test_the_fetcher_refuses_every_address() -> None:
    code = """
from services.documents.rendering.sheets import NothingOutside
fetcher = NothingOutside({"logo:a": b"x"})
assert fetcher.fetch("logo:a").read() == b"x"
for address in ("http://127.0.0.1/", "file:///etc/passwd", "ftp://x/", "data:text/plain,x", "logo:b"):
    try:
        fetcher.fetch(address)
    except PermissionError:
        continue
    raise SystemExit(address)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:] + done.stdout


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


async def test_a_rendering_process_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCUMENTS_DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    pool = Processes(
        size=1, time_limit_seconds=60, memory_bytes=2**30, recycle_bytes=2**30, jobs_a_process=10
    )
    with pytest.raises(RenderingFailed):
        await pool.run({"job": "logo"}, [b"no logo"])
    environment = environment_of(pool._idle[0].process.pid)
    await pool.close()
    assert b"secret" not in environment


async def test_what_takes_too_much_memory_fails_alone() -> None:
    pool = Processes(
        size=1, time_limit_seconds=60, memory_bytes=700 * 2**20, recycle_bytes=2**30, jobs_a_process=10
    )
    with pytest.raises((RenderingFailed, ProcessDied)):
        await pool.run({"job": "copy", "first_number": 3}, [bytes(600 * 2**20)])
    with pytest.raises(RenderingFailed, match="It is a GIF file"):
        await pool.run({"job": "logo"}, [b"GIF89a"])
    await pool.close()


async def test_a_process_is_replaced_after_its_share_of_jobs_or_memory() -> None:
    for limits in ({"recycle_bytes": 2**30, "jobs_a_process": 2}, {"recycle_bytes": 1, "jobs_a_process": 99}):
        pool = Processes(size=1, time_limit_seconds=60, memory_bytes=2**30, **limits)
        for _ in range(limits["jobs_a_process"] if limits["recycle_bytes"] > 1 else 1):
            with pytest.raises(RenderingFailed):
                await pool.run({"job": "logo"}, [b"GIF89a"])
        assert pool._idle == []
        await pool.close()


async def test_a_hundred_lines_and_a_name_without_end_still_come(harness: DocumentsHarness) -> None:
    long = bill(*(line("W" * 500) for _ in range(20)), customer_name="ক" * 200)
    made = await harness.made(
        invoice(invoice=long, customer_address="x" * 2_000, settlement=paid(1, 104_999))
    )
    assert made.said.pages > 1
