"""The documentation as a site: it is built, no link of it leads nowhere, and the references are whole."""

from __future__ import annotations

import html
import json
import os
import re
import runpy
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
        place = place.parent if place.name == "index" else place  # a folder's own page
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


def answer_of(route: str, site: Path) -> dict[str, str]:
    """The fields that the page says a route answers with, and what it says of each."""
    page = (site / "api/index.html").read_text()
    (section,) = [
        each for each in re.split(r"(?=<h2)", page) if f"{route}¶" in plain(each.partition("</h2>")[0])
    ]
    table = section.partition("holds:</p>")[2].partition("</table>")[0]
    rows = re.findall(r"<td>(.*?)</td>\s*<td>(.*?)</td>", table, re.DOTALL)
    return {plain(field): plain(facts) for field, facts in rows}


def test_the_reference_shows_what_an_answer_holds(site: Path) -> None:
    bill = answer_of("GET /api/v1/bills/{bill_id}", site)
    assert bill["balance_minor"].startswith("integer · ")
    assert bill["status"].startswith("unpaid, partial, paid, void · ")
    # What is inside an object or a list is there by its whole way.
    assert {"customer.name", "lines[].total_minor", "link.url"} <= bill.keys()
    listed = answer_of("GET /api/v1/bills", site)
    assert {"items[].balance_minor", "items[].status", "totals.balance_minor", "next_cursor"} <= listed.keys()
    # The outcome first, not that it is still being recorded.
    assert "allocated_minor" in answer_of("POST /api/v1/bills/{bill_id}/payments", site)


def test_an_object_within_its_own_kind_is_named_and_not_followed() -> None:
    branch = {"type": "object", "properties": {"name": {"type": "string"}}}
    tree = branch | {"properties": {"of": {"$ref": "#/Tree"}, "leaves": {"type": "array", "items": branch}}}
    document = {"components": {"schemas": {"Tree": tree}}}
    rows = list(runpy.run_path(str(ROOT / "site/pages.py"))["_fields"]({"$ref": "#/Tree"}, document, "Body"))
    assert [each.split("`")[1] for each in rows if each.startswith("| `")] == [
        "of",
        "leaves",
        "leaves[].name",
    ]


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(https?://[^\"]+)", page.read_text())
        assert [each for each in loaded if 'rel="canonical"' not in each] == [], page
