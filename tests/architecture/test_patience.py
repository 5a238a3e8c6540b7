"""What a test waits for, it waits for as long as every other: a busy machine is no fault."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
# Programs of their own, which are told how long they may take.
PROGRAMS = {"chaos", "fresh", "upgrade"}
# Tries that are made again until one succeeds, and refusals that are waited for.
SHORT_TRIES = {
    ("integration/devstack/test_stack.py", "is_ready"),
    ("pooler.py", "_wait"),
    ("security/test_compose.py", "test_the_services_of_compose_get_in_and_nobody_else"),
    (
        "security/test_compose.py",
        "test_who_takes_every_connection_of_partners_keeps_them_waiting_and_no_service",
    ),
    ("security/test_kafka.py", "test_nobody_gets_in_without_a_password_that_is_right"),
    ("stores.py", "_docker_answers"),
}


def impatient(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each function and line that gives something a time of its own."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if any(_is_number(limit) for limit in _limits(node)):
                    yield function.name, node.lineno  # type: ignore[attr-defined]


def _limits(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and ast.unparse(node.left) == "time.monotonic()":
        return [node.right]
    if not isinstance(node, ast.Call):
        return []
    limits = [each.value for each in node.keywords if each.arg == "timeout"]
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("timeout", "wait", "set_default_timeout"):
        limits += node.args
    return limits


def _is_number(limit: ast.expr) -> bool:
    return isinstance(limit, ast.Constant) and isinstance(limit.value, int | float)


def waiting_files() -> list[Path]:
    return [file for file in sorted(TESTS.rglob("*.py")) if file.relative_to(TESTS).parts[0] not in PROGRAMS]


def test_every_wait_has_the_tests_patience() -> None:
    found = {
        (str(file.relative_to(TESTS)), name)
        for file in waiting_files()
        for name, _ in impatient(ast.parse(file.read_text()))
    }
    assert found == SHORT_TRIES


@pytest.mark.parametrize(
    "line",
    [
        "asyncio.timeout(20)",
        "process.wait(30)",
        "process.communicate(timeout=4)",
        "expect(row).to_be_visible(timeout=3_000)",
        "deadline = time.monotonic() + 10",
    ],
)
def test_each_way_to_be_impatient_is_seen(line: str) -> None:
    assert list(impatient(ast.parse(f"def test_it():\n    {line}")))
