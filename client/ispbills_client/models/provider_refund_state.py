from typing import Literal, cast

ProviderRefundState = Literal["failed", "refunded", "started"]


def check_provider_refund_state(value: str) -> ProviderRefundState:
    """Return the value, also one that a later release has added."""
    return cast(ProviderRefundState, value)
