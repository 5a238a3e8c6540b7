from typing import Literal, cast

BilledNowOutcomeType0 = Literal["already_billed", "created", "failed", "skipped"]


def check_billed_now_outcome_type_0(value: str) -> BilledNowOutcomeType0:
    """Return the value, also one that a later release has added."""
    return cast(BilledNowOutcomeType0, value)
