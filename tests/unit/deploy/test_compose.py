"""compose.yaml, read as Docker Compose does: by the Compose Specification's schema, every name resolved."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.tools import built
from tests.unit.deploy.told import ROOT

FILE = ROOT / "compose.yaml"
READER = Path(__file__).parent / "composed"


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    """What a person has in .env."""
    made = subprocess.run(["sh", ROOT / "deploy/secrets.sh"], capture_output=True, text=True, check=True)
    return dict(line.split("=", 1) for line in made.stdout.splitlines())


def read(file: Path, secrets: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Read a file with these variables and no others."""
    told = {"PATH": os.environ["PATH"], **secrets}
    return subprocess.run([built(READER), file], capture_output=True, text=True, env=told)


def test_compose_takes_every_key_value_and_name(secrets: dict[str, str]) -> None:
    done = read(FILE, secrets)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "", "a variable that nothing sets"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("restart: always", "restrat: always"),
        ("retries: 30", "retries: [30]"),
        ("condition: service_healthy", "condition: service_well"),
        ("postgres: {condition", "postgers: {condition"),
    ],
)
def test_a_slip_is_seen(secrets: dict[str, str], tmp_path: Path, right: str, wrong: str) -> None:
    text = FILE.read_text()
    assert right in text
    slipped = tmp_path / "compose.yaml"
    slipped.write_text(text.replace(right, wrong, 1))
    done = read(slipped, secrets)
    assert done.returncode == 1
    assert wrong.partition(":")[0] in done.stdout, done.stdout
