"""The walls stand, and each of them bites when somebody leans on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("shared", "services", "gateway", "cli", "devstack")
LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(house)}
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "static", "templates", "locale")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def test_the_walls_stand(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout[-2_000:]


@pytest.mark.parametrize(
    ("module", "line", "wall"),
    [
        ("shared/outbox.py", "import gateway.settings", "Commands stand on services"),
        (
            "services/invoicing/handlers/runs.py",
            "import services.payments.store",
            "Services never call each other",
        ),
        ("services/payments/domain.py", "import shared.clock", "The domain is pure"),
        ("services/invoicing/domain.py", "import asyncpg", "The domain is pure"),
        ("shared/consumer.py", "import shared.contracts.payments", "Plumbing knows no billing noun"),
        ("gateway/commands/payments.py", "import aiokafka", "Only the relay produces"),
        ("cli/customers.py", "import ispbills_client", "The client of the API is the demo's"),
    ],
)
def test_a_wall_bites(house: Path, module: str, line: str, wall: str) -> None:
    path = house / module
    before = path.read_text()
    path.write_text(f"{before}\n{line}\n")
    try:
        done = lint(house)
    finally:
        path.write_text(before)
    assert done.returncode != 0
    assert any(wall in each and "BROKEN" in each for each in done.stdout.splitlines()), done.stdout[-2_000:]


# Who leans on whom: each of these breaks the order of the gateway's rooms.
LEANING = [
    ("gateway/api/bills.py", "gateway.pages.web.labels", "gateway.api", "gateway.pages"),
    ("gateway/pages/bills.py", "gateway.api.sessions", "gateway.pages", "gateway.api"),
    ("gateway/workers.py", "gateway.pages.bills", "gateway.workers", "gateway.pages"),
    ("gateway/http/csv.py", "gateway.pages.exports", "gateway.http", "gateway.pages"),
    ("gateway/commands/bills.py", "gateway.http.requests", "gateway.commands", "gateway.http"),
    ("gateway/operations/submit.py", "gateway.commands.bills", "gateway.operations", "gateway.commands"),
    ("gateway/projection/handlers.py", "gateway.commands.bills", "gateway.projection", "gateway.commands"),
    ("gateway/projection/handlers.py", "gateway.http.csv", "gateway.projection", "gateway.http"),
    ("gateway/queries/bills.py", "gateway.operations.submit", "gateway.queries", "gateway.operations"),
    ("gateway/store/bills.py", "gateway.queries.bills", "gateway.store", "gateway.queries"),
    ("gateway/context.py", "gateway.store.bills", "gateway.context", "gateway.store"),
    ("gateway/schemas/bills.py", "gateway.store.bills", "gateway.schemas", "gateway.store"),
    ("gateway/access.py", "gateway.schemas.fields", "gateway.access", "gateway.schemas"),
    ("gateway/domain.py", "gateway.access", "gateway.domain", "gateway.access"),
    ("gateway/problems.py", "gateway.domain", "gateway.problems", "gateway.domain"),
]


def test_every_wall_of_the_gateway_bites(house: Path) -> None:
    paths = {house / module for module, *_ in LEANING}
    before = {path: path.read_text() for path in paths}
    for module, imported, *_ in LEANING:
        (house / module).write_text((house / module).read_text() + f"\nimport {imported}\n")
    try:
        said = lint(house).stdout
    finally:
        for path, text in before.items():
            path.write_text(text)
    for _module, _imported, room, above in LEANING:
        assert f"{room} is not allowed to import {above}:" in said, said[-4_000:]


def test_a_module_that_has_no_room_is_noticed(house: Path) -> None:
    stranger = house / "gateway" / "helpers.py"
    stranger.write_text("")
    try:
        done = lint(house)
    finally:
        stranger.unlink()
    assert done.returncode != 0
    assert "helpers" in done.stdout
