from typing import Literal, cast

SignedInRole = Literal["admin", "collector", "operator", "viewer"]


def check_signed_in_role(value: str) -> SignedInRole:
    """Return the value, also one that a later release has added."""
    return cast(SignedInRole, value)
