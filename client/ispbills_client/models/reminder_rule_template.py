from typing import Literal, cast

ReminderRuleTemplate = Literal["payment-link", "reminder"]


def check_reminder_rule_template(value: str) -> ReminderRuleTemplate:
    """Return the value, also one that a later release has added."""
    return cast(ReminderRuleTemplate, value)
