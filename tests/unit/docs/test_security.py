"""The page on security names the tests that try what it says, and each of them is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs/security.md").read_text()
NAMED = re.compile(r"`((?:\w+/)+test_\w+\.py)(?:::(\w+))?`")
TRIED = re.compile(r"^\| .*tried by \|\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)


def functions_of(file: Path) -> set[str]:
    found = ast.walk(ast.parse(file.read_text()))
    return {each.name for each in found if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_each_test_that_is_named_is_there() -> None:
    named = NAMED.findall(TEXT)
    assert {file for file, _ in named if not (ROOT / "tests" / file).exists()} == set()
    missing = [test for file, test in named if test and test not in functions_of(ROOT / "tests" / file)]
    assert missing == []


def test_each_row_names_a_test() -> None:
    tables = TRIED.findall(TEXT)
    rows = [row for table in tables for row in table.splitlines()]
    assert len(tables) == 5
    assert [row for row in rows if not NAMED.search(row.removesuffix(" |").rpartition(" | ")[2])] == []
