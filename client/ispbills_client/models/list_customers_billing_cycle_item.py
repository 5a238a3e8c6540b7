from typing import Literal, cast

ListCustomersBillingCycleItem = Literal["daily", "monthly", "none"]


def check_list_customers_billing_cycle_item(value: str) -> ListCustomersBillingCycleItem:
    """Return the value, also one that a later release has added."""
    return cast(ListCustomersBillingCycleItem, value)
