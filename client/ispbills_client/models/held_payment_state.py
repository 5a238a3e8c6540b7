from typing import Literal, cast

HeldPaymentState = Literal["held", "placed", "rejected"]


def check_held_payment_state(value: str) -> HeldPaymentState:
    """Return the value, also one that a later release has added."""
    return cast(HeldPaymentState, value)
