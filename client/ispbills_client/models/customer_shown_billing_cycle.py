from typing import Literal, cast

CustomerShownBillingCycle = Literal["daily", "monthly", "none"]


def check_customer_shown_billing_cycle(value: str) -> CustomerShownBillingCycle:
    """Return the value, also one that a later release has added."""
    return cast(CustomerShownBillingCycle, value)
