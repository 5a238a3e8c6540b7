from typing import Literal, cast

ListHeldPaymentsState = Literal["held", "placed", "rejected"]


def check_list_held_payments_state(value: str) -> ListHeldPaymentsState:
    """Return the value, also one that a later release has added."""
    return cast(ListHeldPaymentsState, value)
