from typing import Literal, cast

ReminderRuleChangeLanguage = Literal["bn", "en", "operator"]


def check_reminder_rule_change_language(value: str) -> ReminderRuleChangeLanguage:
    """Return the value, also one that a later release has added."""
    return cast(ReminderRuleChangeLanguage, value)
