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
