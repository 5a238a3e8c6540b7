from typing import Literal, cast

SmsTemplateShownLanguage = Literal["bn", "en"]


def check_sms_template_shown_language(value: str) -> SmsTemplateShownLanguage:
    """Return the value, also one that a later release has added."""
    return cast(SmsTemplateShownLanguage, value)
