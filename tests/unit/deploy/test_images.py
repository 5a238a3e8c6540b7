"""The images: a target a process, each with its own code and libraries, run by nobody special."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from cli.serve import _PROCESSES
from tests.tools import tool
from tests.unit.deploy.told import ROOT, SETTINGS, compose

DOCKERFILE = ROOT / "deploy/Dockerfile"
TEXT = DOCKERFILE.read_text()
STAGES = {
    found[2]: (found[1], found[3])
    for found in re.finditer(r"^FROM (\S+) AS (\S+)\n(.*?)(?=^FROM|\Z)", TEXT, re.MULTILINE | re.DOTALL)
}
TARGETS = [*SETTINGS, "migrate"]
OURS = ("shared", "services", "gateway", "cli", "devstack")


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


@pytest.mark.parametrize("target", SETTINGS)
def test_each_process_imports_nothing_that_its_lock_lacks(target: str) -> None:
    (stage,) = re.findall(r"^COPY --from=libraries-(\w+) /venv /venv", steps(target), re.MULTILINE)
    lock = (ROOT / f"deploy/requirements/{stage}.lock").read_text()
    locked = {canonical(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    distributions = packages_distributions()
    for name in libraries(_PROCESSES[target]):
        assert locked & set(map(canonical, distributions[name])), f"{name} is not in {stage}.lock"


def test_whoever_restores_a_service_imports_it() -> None:
    """`restore` asks each service for its consumer groups, and has it hear what others said."""
    lock = (ROOT / "deploy/requirements/migrate.lock").read_text()
    locked = {canonical(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    distributions = packages_distributions()
    for process in SETTINGS:
        for name in libraries(_PROCESSES[process]):
            assert locked & set(map(canonical, distributions[name])), f"{process}: {name}"


def test_the_command_line_has_the_programs_of_the_postgres_that_compose_runs() -> None:
    """An older one than the server is refused by it, and one built without TLS reaches few servers."""
    (release,) = re.findall(r"^FROM postgres:(\d+)-bookworm AS postgres$", TEXT, re.MULTILINE)
    assert compose()["postgres"]["image"] == f"postgres:{release}"
    for program in ("pg_dump", "pg_restore"):
        assert f"/usr/lib/postgresql/{release}/bin/{program} " in steps("migrate")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def libraries(module: str) -> set[str]:
    """The packages of others that a module of ours imports at once, by itself or by what it imports."""
    found: set[str] = set()
    known: set[Path] = set()
    waiting = [module]
    while waiting:
        path = ROOT / waiting.pop().replace(".", "/")
        source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if source in known or not source.exists():  # a name that a module holds is no module
            continue
        known.add(source)
        for imported in imports(source):
            root = imported.partition(".")[0]
            if root in OURS:
                waiting.append(imported)
            elif root not in sys.stdlib_module_names:
                found.add(root)
    return found


@cache
def imports(source: Path) -> list[str]:
    names: list[str] = []
    for statement in ast.parse(source.read_text()).body:
        if isinstance(statement, ast.Import):
            names += [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            names.append(statement.module)
            names += [f"{statement.module}.{alias.name}" for alias in statement.names]
    return names


def test_what_is_copied_is_there() -> None:
    for source in re.findall(r"^COPY (?!--from)(\S+) ", TEXT, re.MULTILINE):
        assert (ROOT / Path(source)).exists(), source
