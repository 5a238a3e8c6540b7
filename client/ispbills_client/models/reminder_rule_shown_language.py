from typing import Literal, cast

ReminderRuleShownLanguage = Literal["bn", "en", "operator"]


def check_reminder_rule_shown_language(value: str) -> ReminderRuleShownLanguage:
    """Return the value, also one that a later release has added."""
    return cast(ReminderRuleShownLanguage, value)
