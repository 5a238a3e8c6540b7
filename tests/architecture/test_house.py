"""The house: importing does nothing, every message has a topic that `ispbills migrate` makes."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from litestar.handlers import HTTPRouteHandler

import gateway.api
import gateway.pages
from gateway.pages.web.forms import Form
from shared.contracts.topics import TOPICS
from tests.unit.shared.contracts.test_golden import KINDS

ROOT = Path(__file__).resolve().parents[2]
IMPORT_ALL = """
import importlib, pkgutil, sys, threading, asyncio
# WeasyPrint asks ldconfig for its libraries; only the rendering process imports it.
RENDERING_PROCESS = {f"services.documents.rendering.{name}" for name in ("sheets", "shortcuts", "worker")}
def refuse(event, arguments):
    if event in ("socket.connect", "subprocess.Popen", "os.system"):
        raise AssertionError(f"importing does {event}{arguments}")
sys.addaudithook(refuse)
for name in ("shared", "services", "gateway", "cli"):
    for module in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
        if module.name not in RENDERING_PROCESS:
            importlib.import_module(module.name)
assert threading.active_count() == 1, threading.enumerate()
"""


def test_importing_does_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]


def test_every_message_goes_to_a_declared_topic() -> None:
    declared = {topic.name for topic in TOPICS} | {"outcomes", "processes", "commands"}
    for kind in KINDS.values():
        assert kind.topic in declared or kind.topic.startswith("partner.<name>."), kind.type


def test_topics_are_named_in_the_contracts_alone() -> None:
    for home in ("services", "gateway"):
        for path in (ROOT / home).rglob("*.py"):
            text = path.read_text()
            for topic in TOPICS:
                allowed = path.name in ("app.py",)  # subscriptions
                assert allowed or f'"{topic.name}"' not in text, f"{path} names {topic.name}"


def test_every_kafka_client_is_told_who_it_is() -> None:
    """What is built without `**kafka.aiokafka()` or its like has no credentials on a protected broker."""
    told = ("aiokafka", "faststream", "librdkafka")
    for home in ("shared", "services", "gateway", "cli", "devstack"):
        for path in (ROOT / home).rglob("*.py"):
            nodes = ast.walk(ast.parse(path.read_text()))
            for call in [node for node in nodes if isinstance(node, ast.Call)]:
                name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                if name.startswith("AIOKafka") or name in ("KafkaBroker", "AdminClient"):
                    said = ast.unparse(call)
                    assert any(f".{each}()" in said for each in told), f"{path}:{call.lineno}"


@pytest.mark.parametrize("room", [gateway.api, gateway.pages], ids=lambda room: str(room.__name__))
def test_every_route_and_form_that_is_written_is_served(room: ModuleType) -> None:
    """A handler that its module's `ROUTES` forgets answers 404 to people who follow its link."""
    forgotten = []
    for each in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
        module = importlib.import_module(each.name)
        routes = getattr(module, "ROUTES", [])
        served = {path for route in routes for path in route.paths}
        for name, value in vars(module).items():
            if isinstance(value, HTTPRouteHandler) and value.fn.__module__ == module.__name__:
                forgotten += [f"{module.__name__}.{name}"] if value not in routes else []
            if isinstance(value, Form):
                forgotten += [f"{module.__name__}.{name}"] if value.address not in served else []
    assert forgotten == []


def test_unit_tests_lie_in_the_tree_of_what_they_test() -> None:
    for path in (ROOT / "tests/unit").rglob("test_*.py"):
        room = path.parent.relative_to(ROOT / "tests/unit")
        assert (ROOT / room).is_dir(), f"{path} lies in no room"
        assert room != Path(), f"{path} lies outside the rooms"


LONGEST_FUNCTION = 30


@pytest.mark.parametrize("home", ["shared", "services", "gateway", "cli", "devstack"])
def test_no_function_is_longer_than_a_screen(home: str) -> None:
    for path in (ROOT / home).rglob("*.py"):
        for name, lines in _lengths(path.read_text()):
            assert lines <= LONGEST_FUNCTION, f"{name} of {path.relative_to(ROOT)}: {lines} lines"


def test_a_long_function_is_noticed() -> None:
    long = "async def long() -> None:\n" + "    pass\n" * LONGEST_FUNCTION
    assert dict(_lengths(long)) == {"long": LONGEST_FUNCTION + 1}


def _lengths(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_decisions_are_numbered_one_after_another() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    assert [page.read_text().split(".")[0] for page in pages] == [f"# {number}" for number in numbers]
