from typing import Literal, cast

SmsTestLanguage = Literal["bn", "en"]


def check_sms_test_language(value: str) -> SmsTestLanguage:
    """Return the value, also one that a later release has added."""
    return cast(SmsTestLanguage, value)
