from typing import Literal, cast

RunShownState = Literal["completed", "pending", "running"]


def check_run_shown_state(value: str) -> RunShownState:
    """Return the value, also one that a later release has added."""
    return cast(RunShownState, value)
