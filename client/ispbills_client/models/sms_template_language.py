from typing import Literal, cast

SmsTemplateLanguage = Literal["bn", "en"]


def check_sms_template_language(value: str) -> SmsTemplateLanguage:
    """Return the value, also one that a later release has added."""
    return cast(SmsTemplateLanguage, value)
