from typing import Literal, cast

UserChangeRole = Literal["admin", "collector", "operator", "viewer"]


def check_user_change_role(value: str) -> UserChangeRole:
    """Return the value, also one that a later release has added."""
    return cast(UserChangeRole, value)
