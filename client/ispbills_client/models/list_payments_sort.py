from typing import Literal, cast

ListPaymentsSort = Literal["-paid_on", "-recorded_at"]


def check_list_payments_sort(value: str) -> ListPaymentsSort:
    """Return the value, also one that a later release has added."""
    return cast(ListPaymentsSort, value)
