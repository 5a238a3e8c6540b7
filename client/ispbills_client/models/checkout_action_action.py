from typing import Literal, cast

CheckoutActionAction = Literal["ask", "give_up"]


def check_checkout_action_action(value: str) -> CheckoutActionAction:
    """Return the value, also one that a later release has added."""
    return cast(CheckoutActionAction, value)
