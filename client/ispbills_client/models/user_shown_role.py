from typing import Literal, cast

UserShownRole = Literal["admin", "collector", "operator", "viewer"]


def check_user_shown_role(value: str) -> UserShownRole:
    """Return the value, also one that a later release has added."""
    return cast(UserShownRole, value)
