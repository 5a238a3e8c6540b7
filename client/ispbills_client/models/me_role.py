from typing import Literal, cast

MeRole = Literal["admin", "collector", "operator", "viewer"]


def check_me_role(value: str) -> MeRole:
    """Return the value, also one that a later release has added."""
    return cast(MeRole, value)
