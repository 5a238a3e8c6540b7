from typing import Literal, cast

FilterStatusType1Item = Literal["paid", "partial", "unpaid", "void"]


def check_filter_status_type_1_item(value: str) -> FilterStatusType1Item:
    """Return the value, also one that a later release has added."""
    return cast(FilterStatusType1Item, value)
