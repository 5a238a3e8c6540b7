from typing import Literal, cast

ReminderRuleShownTemplate = Literal["payment-link", "reminder"]


def check_reminder_rule_shown_template(value: str) -> ReminderRuleShownTemplate:
    """Return the value, also one that a later release has added."""
    return cast(ReminderRuleShownTemplate, value)
