from typing import Literal, cast

ReminderRuleChangeTemplate = Literal["payment-link", "reminder"]


def check_reminder_rule_change_template(value: str) -> ReminderRuleChangeTemplate:
    """Return the value, also one that a later release has added."""
    return cast(ReminderRuleChangeTemplate, value)
