from typing import Literal, cast

UserRole = Literal["admin", "collector", "operator", "viewer"]


def check_user_role(value: str) -> UserRole:
    """Return the value, also one that a later release has added."""
    return cast(UserRole, value)
