from typing import Literal, cast

ProcessState = Literal["behind", "ready", "silent", "standing", "starting", "unknown"]


def check_process_state(value: str) -> ProcessState:
    """Return the value, also one that a later release has added."""
    return cast(ProcessState, value)
