"""Shortcuts through WeasyPrint change nothing: every document has the same bytes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import tinycss2

from services.documents.rendering.sheets import TEMPLATES
from tests import patience

ROOT = Path(__file__).parents[3]

# Both draw the same documents in the same order, once cold and once warm.
DRAW = """
import sys
from pathlib import Path
from services.documents.domain import Letterhead
from services.documents.rendering import shortcuts, views
from services.documents.rendering.sheets import Sheets
from services.documents.rendering.wording import Wording
from tests.integration.documents.test_looks import PICTURES

folder = Path(sys.argv[1])
if sys.argv[2] == "without":
    shortcuts.take = lambda: None
sheets = Sheets()
head = Letterhead(name="Shapla Net Ltd.", company="Shapla Net Ltd.", address="Mirpur", colour="#0F6E63")
for turn in ("cold", "warm"):
    for name, command in PICTURES.items():
        template = name.split("-")[0]
        paper = command.paper or "A4"
        wording = Wording(command.language or "en", "BDT", "Asia/Dhaka")
        view = getattr(views, template)(command, head, wording, paper)
        sheet = sheets.make(template, view, paper=paper, colour=head.colour, pictures={})
        (folder / f"{turn} {name}.pdf").write_bytes(sheet.content)
"""


def drawn(folder: Path, *how: str) -> dict[str, bytes]:
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-c", DRAW, str(folder), *how], cwd=ROOT, check=True, timeout=patience.SECONDS
    )
    return {path.stem: path.read_bytes() for path in folder.iterdir()}


def test_a_document_has_the_same_bytes_with_shortcuts_and_without(tmp_path: Path) -> None:
    plain, quick = drawn(tmp_path / "without", "without"), drawn(tmp_path / "with", "with")

    assert {name for name in plain if plain[name] != quick[name]} == set()
    assert len(plain) > 20


def test_style_sheets_select_by_element_class_and_language_alone() -> None:
    """Elements that agree in these have one style, whatever stands beside them."""
    step = r"[a-z0-9]+|(?:[a-z0-9]*(?:\.[a-z-]+)+)"
    allowed = re.compile(rf"(?:{step})?(?::lang\(bn\))?(?: (?:{step}))*(?:::first-line)?")
    for path in TEMPLATES.glob("*.css"):
        rules = tinycss2.parse_stylesheet(path.read_text(), skip_comments=True, skip_whitespace=True)
        for rule in rules:
            if rule.type == "qualified-rule":
                for selector in tinycss2.serialize(rule.prelude).split(","):
                    assert allowed.fullmatch(selector.strip()), f"{path.name}: {selector}"


def test_templates_carry_no_style_of_their_own_and_ask_for_none_that_a_kept_line_could_not_have() -> None:
    for path in [*TEMPLATES.glob("*.html"), *TEMPLATES.glob("*.css")]:
        text = path.read_text()
        assert " style=" not in text, path.name
        assert not re.search(r"text-overflow|block-ellipsis|justify|hyphens|attr\(", text), path.name
