from typing import Literal, cast

BillingOutcomeType0 = Literal["already_billed", "created", "failed", "skipped"]


def check_billing_outcome_type_0(value: str) -> BillingOutcomeType0:
    """Return the value, also one that a later release has added."""
    return cast(BillingOutcomeType0, value)
