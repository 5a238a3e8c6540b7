from typing import Literal, cast

FilterStatusType0 = Literal["paid", "partial", "unpaid", "void"]


def check_filter_status_type_0(value: str) -> FilterStatusType0:
    """Return the value, also one that a later release has added."""
    return cast(FilterStatusType0, value)
