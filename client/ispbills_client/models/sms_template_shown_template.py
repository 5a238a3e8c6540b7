from typing import Literal, cast

SmsTemplateShownTemplate = Literal["payment-link", "payment-received", "portal-address", "reminder", "test"]


def check_sms_template_shown_template(value: str) -> SmsTemplateShownTemplate:
    """Return the value, also one that a later release has added."""
    return cast(SmsTemplateShownTemplate, value)
