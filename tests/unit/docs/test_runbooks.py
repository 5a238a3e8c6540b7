"""What pages for operators name is there: commands with their options, measures, tests, words of the log."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from prometheus_client.metrics import MetricWrapperBase

from cli.main import main
from shared import telemetry

ROOT = Path(__file__).resolve().parents[3]
RUNBOOKS = sorted((ROOT / "docs/runbooks").glob("*.md"))
PAGES = [*RUNBOOKS, *(ROOT / f"docs/{name}.md" for name in ("backup", "deployment", "upgrading"))]
PROGRAMS = ("ispbills ", "python -m cli.main ")
SOURCES = [
    each
    for folder in ("shared", "services", "gateway", "cli")
    for each in (ROOT / folder).rglob("*")
    if each.suffix in (".py", ".sql")
]
# Said by Postgres, by a person, or by another program's log.
NOT_OURS = {"disk full", "idle in transaction"}


def of_pages(pages: list[Path], pattern: str) -> Iterator[tuple[str, str]]:
    for page in pages:
        for found in re.findall(pattern, page.read_text(), re.MULTILINE):
            yield page.name, found


def command_lines() -> list[tuple[str, str]]:
    """Each command of ours in the pages, as it is typed, with its page."""
    inline = of_pages(PAGES, r"`((?:ispbills|python -m cli\.main) [^`]+)`")
    typed = (
        (page, part.strip())
        for page, line in of_pages(PAGES, r"^\$ (.+)$")
        for part in re.split(r"&&|\||#|kubectl exec .* -- ", line)
    )
    return [*inline, *((page, line) for page, line in typed if line.startswith(PROGRAMS))]


def words_of(line: str) -> list[str]:
    for program in PROGRAMS:
        line = line.removeprefix(program)
    return shlex.split(line)


def check(line: str) -> None:
    """Raise for what the command line would refuse; a word in capitals stands for any value."""
    command: click.Command = main
    words, context = words_of(line), click.Context(main)
    while isinstance(command, click.Group) and words:
        name = words.pop(0)
        found = command.get_command(context, name)
        if found is None:
            raise click.UsageError(f"no command {name}")
        command = found
    if isinstance(command, click.Group) or not words:
        return  # only named
    context = click.Context(command)
    given, left, _ = command.make_parser(context).parse_args(words)
    assert not left, f"{left} is too much"
    for parameter in command.params:
        value = given.get(parameter.name or "")
        if isinstance(parameter, click.Argument) and parameter.required and parameter.nargs == 1:
            assert isinstance(value, str), f"{parameter.name} is missing"
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(parameter.type, click.Choice) and isinstance(each, str) and not each.isupper():
                parameter.type.convert(each, parameter, context)


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_a_command_that_a_page_names_is_one_that_we_have(page: str, line: str) -> None:
    check(line)


@pytest.mark.parametrize(
    "line",
    [
        "ispbills dead-letters list --all-of-them",
        "ispbills dead-letters skip TOPIC PARTITION MORE",
        "ispbills dead-letters skip TOPIC",
        "ispbills view repair",
        "ispbills stop cashier",
    ],
)
def test_another_is_seen(line: str) -> None:
    with pytest.raises((click.UsageError, AssertionError)):
        check(line)


def test_measures_that_pages_name_are_measured() -> None:
    metrics = [each for each in vars(telemetry).values() if isinstance(each, MetricWrapperBase)]
    suffixes = ("", "_total", "_count", "_sum", "_bucket")
    measured = {f"{metric._name}{suffix}" for metric in metrics for suffix in suffixes}
    named = set(of_pages([*PAGES, ROOT / "docs/observability.md"], r"\b(ispbills_\w+)"))
    assert {(page, name) for page, name in named if name not in measured} == set()


def test_pages_and_tests_that_runbooks_name_are_there() -> None:
    tests = {each.name for each in (ROOT / "tests").rglob("test_*.py")}
    named = set(of_pages(RUNBOOKS, r"`(?:[\w/]+/)?(test_\w+\.py)`"))
    assert {(page, name) for page, name in named if name not in tests} == set()
    pages = set(of_pages(PAGES, r"\b(docs/[\w/.-]+?)(?:\.md)?(?=[\s),.;`]|$)"))
    missing = {
        (page, name)
        for page, name in pages
        if not (ROOT / name).exists()
        and not (ROOT / f"{name}.md").exists()
        and not list(ROOT.glob(f"{name}-*.md"))
    }
    assert missing == set()


def test_words_that_runbooks_look_for_in_a_log_are_said() -> None:
    said = "\n".join(each.read_text() for each in SOURCES)
    phrases = set(of_pages(RUNBOOKS, r"`([a-z][a-z-]*(?:,? [a-z-]+)+)`")) - set(
        of_pages(RUNBOOKS, r"`((?:ispbills|kubectl|docker|dmesg|sum|view|curl)[^`]*)`")
    )
    unsaid = {(page, text) for page, text in phrases if text not in said and text not in NOT_OURS}
    assert unsaid == set()
