"""Other people's tools that tests ask: found on the path, else fetched once as packages or Go modules."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ispbills" / "tools"
GO_MODULES = {
    "helm": "helm.sh/helm/v3/cmd/helm@v3.22.0",
    "stripe-mock": "github.com/stripe/stripe-mock@v0.203.0",
}
# Since Debian 13 promtool has a package of its own; the first on offer counts.
DEBIAN_PACKAGES = {
    "promtool": ("promtool", "prometheus"), "prometheus": ("prometheus",), "pgbouncer": ("pgbouncer",),
}  # fmt: skip
FETCH_SECONDS = 900


def tool(name: str) -> str:
    """Return the path of a tool; where it cannot be had, the test is skipped and says so."""
    ours = f"{Path(sys.executable).parent}:{CACHE}:{Path.home() / 'go/bin'}"
    found = shutil.which(name) or shutil.which(name, path=ours)
    if found is None:
        CACHE.mkdir(parents=True, exist_ok=True)
        _fetch(name)
        found = shutil.which(name, path=str(CACHE))
    if found is None:
        pytest.skip(f"{name} is not installed and cannot be fetched here")
    if found == str(CACHE / name) and not _starts(found):
        pytest.skip(f"{name} is not installed, and what was fetched lacks a library here")
    return found


def built(source: Path) -> str:
    """Return the program of a Go module, built once; where it cannot be, the test is skipped and says so."""
    if shutil.which("go") is None:
        pytest.skip("go is not installed")
    program = CACHE / source.name
    newest = max(path.stat().st_mtime for path in source.iterdir())
    if not program.exists() or program.stat().st_mtime < newest:
        CACHE.mkdir(parents=True, exist_ok=True)
        # Under a name of this process's own: another one may be running what is there.
        fresh = program.with_name(f"{program.name}.{os.getpid()}")
        command = ["go", "build", "-mod=readonly", "-o", str(fresh), "."]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"its modules cannot be fetched: {done.stderr[-200:]}")
        fresh.replace(program)
    return str(program)


def module(name: str) -> Path:
    """Return the folder of a Go module, `path@version`; where it cannot be had, the test is skipped."""
    if shutil.which("go") is None:
        pytest.skip("go is not installed")
    done = subprocess.run(
        ["go", "mod", "download", "-json", name], cwd=tempfile.gettempdir(), capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"{name} cannot be fetched: {(done.stdout + done.stderr)[-200:]}")
    return Path(json.loads(done.stdout)["Dir"])


def _starts(program: str) -> bool:
    """Whether what was unpacked finds the libraries that an installation would have brought."""
    return (
        subprocess.run([program, "--version"], capture_output=True, timeout=FETCH_SECONDS).returncode != 127
    )


def _fetch(name: str) -> None:
    try:
        if name in GO_MODULES:
            _run("go", "install", GO_MODULES[name], GOBIN=str(CACHE))
        elif name in DEBIAN_PACKAGES:
            _unpack(name, DEBIAN_PACKAGES[name])
    except (OSError, ValueError, StopIteration, subprocess.SubprocessError):
        return


def _unpack(name: str, packages: Sequence[str]) -> None:
    """Unpacked and not installed: a developer's machine needs no monitoring daemon."""
    with tempfile.TemporaryDirectory() as home:
        offered = (each for each in packages if _is_offered(each))
        _run("apt-get", "download", next(offered), at=home)
        package = next(Path(home).glob("*.deb"))
        _run("dpkg-deb", "-x", str(package), home)
        (program,) = Path(home).glob(f"usr/*bin/{name}")
        shutil.copy(program, CACHE / name)


def _is_offered(package: str) -> bool:
    return subprocess.run(["apt-cache", "show", package], capture_output=True).returncode == 0


def _run(*command: str, at: str | None = None, **environment: str) -> None:
    subprocess.run(
        command,
        cwd=at,
        check=True,
        capture_output=True,
        timeout=FETCH_SECONDS,
        env=os.environ | environment,
    )
