from typing import Literal, cast

ListRunCustomersOutcome = Literal["already_billed", "created", "failed", "skipped"]


def check_list_run_customers_outcome(value: str) -> ListRunCustomersOutcome:
    """Return the value, also one that a later release has added."""
    return cast(ListRunCustomersOutcome, value)
