"""What somebody reads who may not install packages: the line to run, and who can run it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# What the script asks; neither Java nor Maven, which it is to miss, nor sudo.
_NAMES = ("sh", "sed", "grep", "tr", "id", "apt-get", "apt-cache")
TOOLS = {name: shutil.which(name, path="/usr/bin:/bin") for name in _NAMES}
NOBODY = 65534


@pytest.fixture
def machine() -> Iterator[Path]:
    """A checkout that everybody may read, and a path with little on it."""
    if not all(TOOLS.values()):
        pytest.skip("this system is no Debian")
    # Not below pytest's own folder, which only its owner may enter.
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("devstack/system_packages.sh", "devstack/kafka/pom.xml"):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, home / name)
        (home / "bin").mkdir()
        for name, path in TOOLS.items():
            (home / "bin" / name).symlink_to(path or "")
        for each in (home, *home.rglob("*")):
            if not each.is_symlink():
                each.chmod(0o755)
        yield home


def said_to_nobody(machine: Path) -> str:
    """What the script tells an unprivileged user, as an error."""
    is_root = os.geteuid() == 0
    done = subprocess.run(
        [str(TOOLS["sh"]), "devstack/system_packages.sh"],
        cwd=machine,
        env={"PATH": str(machine / "bin"), "HOME": str(machine)},
        capture_output=True,
        text=True,
        user=NOBODY if is_root else None,
        group=NOBODY if is_root else None,
        extra_groups=[] if is_root else None,
    )
    assert done.returncode == 1, done.stderr
    return done.stderr.splitlines()[-1]


def test_without_sudo_it_is_the_line_for_whoever_administers_the_machine(machine: Path) -> None:
    said = said_to_nobody(machine)
    expected = (
        "ask whoever administers this machine to run as root: "
        "apt-get update && apt-get install --no-install-recommends "
    )
    assert said.startswith(expected)
    assert "maven" in said
    assert "jre-headless" in said
    assert "sudo" not in said


def test_with_a_sudo_that_asks_for_a_password_it_is_the_line_to_type(machine: Path) -> None:
    sudo = machine / "bin" / "sudo"
    sudo.write_text("#!/bin/sh\nexit 1\n")
    sudo.chmod(0o755)
    said = said_to_nobody(machine)
    assert said.startswith("please run: sudo apt-get update && sudo apt-get install --no-install-recommends ")
