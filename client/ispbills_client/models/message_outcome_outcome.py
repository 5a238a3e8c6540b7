from typing import Literal, cast

MessageOutcomeOutcome = Literal["failed", "sent"]


def check_message_outcome_outcome(value: str) -> MessageOutcomeOutcome:
    """Return the value, also one that a later release has added."""
    return cast(MessageOutcomeOutcome, value)
