from typing import Literal, cast

DeadLetterState = Literal["discarded", "open", "redriven"]


def check_dead_letter_state(value: str) -> DeadLetterState:
    """Return the value, also one that a later release has added."""
    return cast(DeadLetterState, value)
