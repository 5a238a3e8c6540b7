from typing import Literal, cast

CustomerChangeStatus = Literal["active", "closed", "suspended"]


def check_customer_change_status(value: str) -> CustomerChangeStatus:
    """Return the value, also one that a later release has added."""
    return cast(CustomerChangeStatus, value)
