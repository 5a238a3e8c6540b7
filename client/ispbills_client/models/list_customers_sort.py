from typing import Literal, cast

ListCustomersSort = Literal["-balance", "balance", "joined", "name"]


def check_list_customers_sort(value: str) -> ListCustomersSort:
    """Return the value, also one that a later release has added."""
    return cast(ListCustomersSort, value)
