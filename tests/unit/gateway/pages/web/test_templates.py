"""Templates parse, name only files that are there, and hold nothing that the content policy forbids."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.pages.web import render
from gateway.pages.web.assets import load_assets

FORBIDDEN = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|hx-on|javascript:""")
HEAVIEST_BYTES = 300_000


def test_every_template_parses() -> None:
    environment = render.environment(load_assets())
    for name in environment.list_templates():
        environment.get_template(name)


def test_no_template_has_inline_styles_or_scripts() -> None:
    for file in Path(render.TEMPLATES).rglob("*.html"):
        assert not FORBIDDEN.search(file.read_text()), file


def test_no_day_is_typed_in_the_order_of_the_browser() -> None:
    for file in Path(render.TEMPLATES).rglob("*.html"):
        assert not re.search(r"""type=["']date""", file.read_text()), file


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (render.TEMPLATES.parent / "static" / "icons.svg").read_text()
    known = set(re.findall(r'id="i-([^"]+)"', sprite))
    named = {
        icon
        for file in Path(render.TEMPLATES).rglob("*.html")
        for icon in re.findall(r'icon\("([a-z0-9-]+)"', file.read_text())
    }
    assert named <= known


def test_the_sprite_has_no_icon_that_nobody_draws() -> None:
    sprite = (render.TEMPLATES.parent / "static" / "icons.svg").read_text()
    pages = [*Path(render.TEMPLATES).rglob("*.html"), *(render.TEMPLATES.parent / "pages").rglob("*.py")]
    said = "\n".join(file.read_text() for file in pages)
    words = set(re.findall(r'["\'#](?:i-)?([a-z0-9-]+)["\']', said))
    assert set(re.findall(r'id="i-([^"]+)"', sprite)) <= words
    assert "M0 0h24v24H0z" not in sprite, "the frame that Tabler draws with no colour"


def test_what_a_page_loads_is_light() -> None:
    assets = load_assets()
    sent = sum(
        len(asset.gzipped or asset.body)
        for address, asset in assets.by_address.items()
        if not address.endswith("public.css")
    )
    assert sent < HEAVIEST_BYTES
