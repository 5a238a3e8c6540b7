from typing import Literal, cast

CustomerChangeBillingCycle = Literal["daily", "monthly", "none"]


def check_customer_change_billing_cycle(value: str) -> CustomerChangeBillingCycle:
    """Return the value, also one that a later release has added."""
    return cast(CustomerChangeBillingCycle, value)
