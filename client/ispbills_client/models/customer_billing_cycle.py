from typing import Literal, cast

CustomerBillingCycle = Literal["daily", "monthly", "none"]


def check_customer_billing_cycle(value: str) -> CustomerBillingCycle:
    """Return the value, also one that a later release has added."""
    return cast(CustomerBillingCycle, value)
