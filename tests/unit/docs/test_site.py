"""The documentation as a site: it is built, no link of it leads nowhere, and the references are whole."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.schema import openapi
from tests.unit.shared.contracts.test_golden import KINDS

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was built; a broken link or a page that the navigation lacks ends it."""
    home = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(home)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return home


def plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def shown(page: Path) -> str:
    return plain(page.read_text())


def test_every_page_is_built(site: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        place = page.relative_to(ROOT / "docs").with_suffix("")
        assert (site / place / "index.html").exists(), place
    for name in ("index.html", "CHANGELOG/index.html", "CONTRIBUTING/index.html", "SECURITY/index.html"):
        assert (site / name).exists(), name


def test_the_references_hold_every_route_and_every_message(site: Path) -> None:
    messages = shown(site / "events/index.html")
    assert [kind for kind in KINDS if kind not in messages] == []
    document = json.loads(CliRunner().invoke(openapi, catch_exceptions=False).stdout)
    routes = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", (site / "api/index.html").read_text(), re.DOTALL)
    assert {plain(each).removesuffix("¶").strip() for each in headings} == routes


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(https?://[^\"]+)", page.read_text())
        assert [each for each in loaded if 'rel="canonical"' not in each] == [], page
