"""The images: a target a process, each with its own code and libraries, run by nobody special."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.tools import tool
from tests.unit.deploy.told import ROOT, SETTINGS, compose

DOCKERFILE = ROOT / "deploy/Dockerfile"
TEXT = DOCKERFILE.read_text()
STAGES = {
    found[2]: (found[1], found[3])
    for found in re.finditer(r"^FROM (\S+) AS (\S+)\n(.*?)(?=^FROM|\Z)", TEXT, re.MULTILINE | re.DOTALL)
}
TARGETS = [*SETTINGS, "migrate"]


def steps(target: str) -> str:
    """The steps of a target and of all that it stands on."""
    text = ""
    while target in STAGES:
        target, own = STAGES[target]
        text = own + text
    return text


def test_hadolint_finds_nothing() -> None:
    # Debian keeps no old versions: a pinned one could not be installed next month.
    done = subprocess.run(
        [tool("hadolint"), "--ignore", "DL3008", DOCKERFILE], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_each_process_is_a_target_that_nobody_special_runs(target: str) -> None:
    assert re.findall(r"^USER (\S+)", steps(target), re.MULTILINE)[-1] == "10001"
    assert compose()[target]["build"]["target"] == target
    command = re.findall(r"^CMD (\[.*\])", steps(target), re.MULTILINE)[-1]
    assert command == ('["migrate"]' if target == "migrate" else f'["serve", "{target}"]')


@pytest.mark.parametrize("target", SETTINGS)
def test_each_process_holds_its_own_code_alone(target: str) -> None:
    copied = re.findall(r"^COPY (\S+) \1$", steps(target), re.MULTILINE)
    own = "gateway" if target in ("gateway", "projector") else f"services/{target}"
    assert sorted(copied) == sorted({"cli", "devstack", "shared", "services/__init__.py", own})


@pytest.mark.parametrize("target", TARGETS)
def test_each_process_has_the_libraries_of_one_lock(target: str) -> None:
    (stage,) = re.findall(r"^COPY --from=libraries-(\w+) /venv /venv", steps(target), re.MULTILINE)
    lock = ROOT / f"deploy/requirements/{stage}.lock"
    assert lock.exists()
    assert "--hash=sha256:" in lock.read_text()
    extra = {"invoicing": "base", "projector": "gateway"}.get(target, target)
    assert stage == extra


def test_what_is_copied_is_there() -> None:
    for source in re.findall(r"^COPY (?!--from)(\S+) ", TEXT, re.MULTILINE):
        assert (ROOT / Path(source)).exists(), source
