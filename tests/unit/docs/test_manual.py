"""The manual has a word on each page of the desk, and shows each picture that the script takes."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MANUAL = "\n".join(page.read_text() for page in sorted((ROOT / "docs/manual").glob("*.md")))
MENU = (ROOT / "gateway/templates/components/sidebar.html").read_text()
SCRIPT = (ROOT / "tests/browser/screenshots.py").read_text()


def test_each_entry_of_the_menu_is_named() -> None:
    entries = re.findall(r'\("/[\w/-]*", "[\w-]+", _\("([^"]+)"\)', MENU)
    assert len(entries) == 18
    assert [entry for entry in entries if entry not in MANUAL] == []


def test_each_picture_is_taken_by_the_script_and_shown() -> None:
    pictures = {picture.stem for picture in (ROOT / "docs/screenshots").glob("*.png")}
    assert {name for name in pictures if f'"{name}"' not in SCRIPT} == set()
    pages = MANUAL + (ROOT / "README.md").read_text()
    shown = set(re.findall(r"screenshots/([\w-]+)\.png", pages))
    assert shown == pictures
