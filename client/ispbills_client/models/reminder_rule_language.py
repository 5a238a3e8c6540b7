from typing import Literal, cast

ReminderRuleLanguage = Literal["bn", "en", "operator"]


def check_reminder_rule_language(value: str) -> ReminderRuleLanguage:
    """Return the value, also one that a later release has added."""
    return cast(ReminderRuleLanguage, value)
