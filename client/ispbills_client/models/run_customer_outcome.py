from typing import Literal, cast

RunCustomerOutcome = Literal["already_billed", "created", "failed", "skipped"]


def check_run_customer_outcome(value: str) -> RunCustomerOutcome:
    """Return the value, also one that a later release has added."""
    return cast(RunCustomerOutcome, value)
