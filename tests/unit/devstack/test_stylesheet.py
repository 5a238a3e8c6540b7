"""The style sheet that is vendored is the one that its source and our pages make."""

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
