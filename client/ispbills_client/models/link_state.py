from typing import Literal, cast

LinkState = Literal["active", "expired", "paid", "revoked"]


def check_link_state(value: str) -> LinkState:
    """Return the value, also one that a later release has added."""
    return cast(LinkState, value)
