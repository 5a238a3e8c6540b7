from typing import Literal, cast

OperationState = Literal["completed", "pending", "refused"]


def check_operation_state(value: str) -> OperationState:
    """Return the value, also one that a later release has added."""
    return cast(OperationState, value)
