"""What forms and filters offer."""

from __future__ import annotations

from gateway.pages.choices import in_tree_order


def test_a_tree_reads_from_its_root_also_when_that_is_out_of_reach() -> None:
    operators = [
        {"id": "c", "name": "Pallabi", "parent_id": "b"},
        {"id": "b", "name": "Mirpur", "parent_id": "unseen"},
        {"id": "d", "name": "Kazipara", "parent_id": "b"},
    ]
    ordered = in_tree_order(operators)
    assert [(each["id"], each["level"]) for each in ordered] == [("b", 1), ("d", 2), ("c", 2)]
