from typing import Literal, cast

SmsTemplateTemplate = Literal["payment-link", "payment-received", "portal-address", "reminder", "test"]


def check_sms_template_template(value: str) -> SmsTemplateTemplate:
    """Return the value, also one that a later release has added."""
    return cast(SmsTemplateTemplate, value)
