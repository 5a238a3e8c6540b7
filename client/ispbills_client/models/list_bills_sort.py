from typing import Literal, cast

ListBillsSort = Literal[
    "-balance_minor",
    "-due_on",
    "-issued_on",
    "-total_minor",
    "balance_minor",
    "due_on",
    "issued_on",
    "total_minor",
]


def check_list_bills_sort(value: str) -> ListBillsSort:
    """Return the value, also one that a later release has added."""
    return cast(ListBillsSort, value)
