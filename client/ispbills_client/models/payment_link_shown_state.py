from typing import Literal, cast

PaymentLinkShownState = Literal["active", "expired", "paid", "revoked"]


def check_payment_link_shown_state(value: str) -> PaymentLinkShownState:
    """Return the value, also one that a later release has added."""
    return cast(PaymentLinkShownState, value)
