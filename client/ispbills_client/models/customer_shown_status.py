from typing import Literal, cast

CustomerShownStatus = Literal["active", "closed", "suspended"]


def check_customer_shown_status(value: str) -> CustomerShownStatus:
    """Return the value, also one that a later release has added."""
    return cast(CustomerShownStatus, value)
