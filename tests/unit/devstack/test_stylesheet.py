"""The style sheet that is vendored is the one that its source and our pages make."""

from devstack.stylesheet import _OWN as OWN
from devstack.stylesheet import _WHOLE_PAGE as WHOLE_PAGE
from devstack.stylesheet import PURGED, Words, purged
from devstack.stylesheet import _can_match as can_match


def test_the_vendored_style_sheet_is_what_the_pages_use_of_tablers() -> None:
    assert PURGED.read_text() == purged(), "make stylesheet, and commit it"


def test_a_rule_stays_when_a_page_can_bear_each_of_its_names() -> None:
    names = {"btn", "card", "dark", "data-bs-theme", "container-fluid", "class"}
    known = Words(frozenset(names), ("alert-",))
    assert can_match(".btn:not(.accordion):hover", known)
    assert can_match("[data-bs-theme=dark] .card", known)
    assert can_match(".card>[class*=container]", known)
    assert can_match(".alert-danger", known)
    assert not can_match(".btn .accordion", known)
    assert not can_match("[data-bs-theme=light] .card", known)


def test_no_style_sheet_asks_of_a_whole_page_what_stands_in_it() -> None:
    sheets = [PURGED, *OWN.glob("*.css")]
    assert {sheet.name: asks for sheet in sheets if (asks := WHOLE_PAGE.findall(sheet.read_text()))} == {}
    assert WHOLE_PAGE.search("html:not([data-bs-theme]) .page:has(> .navbar)>.page-wrapper")
    assert not WHOLE_PAGE.search(".logo-field:has(:focus-visible)")
